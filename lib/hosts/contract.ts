// Where repositories can live beside GitHub and Waymark's own git server, and Argo CD, which is connected in the same way. Shared
// with pages, so nothing here speaks to them.

export const HOST_KINDS = ["gitlab", "gitea", "bitbucket", "azure"] as const;
export type HostKind = (typeof HOST_KINDS)[number];

export const CONNECTION_KINDS = [...HOST_KINDS, "argocd"] as const;
export type ConnectionKind = (typeof CONNECTION_KINDS)[number];

export interface HostWords {
  title: string;
  /** Address that most people have. */
  url: string;
  /** What stands for the owner of repositories there, and an example; of Argo CD the name that templates give as argoInstance. */
  owner: string;
  example: string;
  /** What the token must be allowed to do. */
  token: string;
}

export const HOST_WORDS: Record<ConnectionKind, HostWords> = {
  gitlab: {
    title: "GitLab",
    url: "https://gitlab.com",
    owner: "Group",
    example: "acme/platform",
    token: "A group or personal access token with the scopes api and write_repository.",
  },
  gitea: {
    title: "Gitea or Forgejo",
    url: "https://gitea.example.com",
    owner: "Organisation",
    example: "acme",
    token: "A token with read and write on organization, repository and user.",
  },
  bitbucket: {
    title: "Bitbucket Cloud",
    url: "https://bitbucket.org",
    owner: "Workspace and project",
    example: "acme/SHOP",
    token: "A workspace access token, or an API token together with its e-mail address; both with admin on repositories and write on pull requests.",
  },
  azure: {
    title: "Azure DevOps",
    url: "https://dev.azure.com",
    owner: "Organisation and project",
    example: "acme/Shop",
    token: "A personal access token with Code (read, write and manage).",
  },
  argocd: {
    title: "Argo CD",
    url: "https://argocd.example.com",
    owner: "Instance name",
    example: "main",
    token: "A token of an account that may create projects and applications.",
  },
};

/** True for the name of a host of this kind, such as a repository's provider. */
export const isHostKind = (name: string): name is HostKind => (HOST_KINDS as readonly string[]).includes(name);
