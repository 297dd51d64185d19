interface Named {
  owner: string;
  name: string;
}

const path = (text: string) => text.split("/").map(encodeURIComponent).join("/");

/** Pages of a repository. */
export const repositoryHref = ({ owner, name }: Named) => `/repositories/${encodeURIComponent(owner)}/${encodeURIComponent(name)}`;
export const treeHref = (repository: Named, ref: string, file = "") => `${repositoryHref(repository)}/tree/${path(ref)}${file ? `/${path(file)}` : ""}`;
export const commitsHref = (repository: Named, ref: string) => `${repositoryHref(repository)}/commits/${path(ref)}`;
export const commitHref = (repository: Named, sha: string) => `${repositoryHref(repository)}/commit/${sha}`;

/** Where a file of a repository is edited, or at least read. */
export function sourceOf(repository: Named & { provider: string; webUrl: string; defaultBranch: string }, file: string): { label: string; href: string } {
  if (repository.provider === "github") return { label: "Edit on GitHub", href: `${repository.webUrl}/edit/${path(repository.defaultBranch)}/${path(file)}` };
  if (repository.provider !== "waymark") return { label: "Open in the repository", href: repository.webUrl };
  return { label: "Open in the repository", href: treeHref(repository, repository.defaultBranch, file) };
}
export const pullsHref = (repository: Named, status?: string) => `${repositoryHref(repository)}/pulls${status ? `?status=${status}` : ""}`;
export const pullHref = (repository: Named, number: number) => `${pullsHref(repository)}/${number}`;
