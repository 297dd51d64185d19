export interface RepoUrl {
  host: string;
  owner: string | null;
  repo: string | null;
  organization: string | null;
  workspace: string | null;
  project: string | null;
}

/** Reads `host?owner=o&repo=r`, the form that Backstage's RepoUrlPicker gives; null for anything else. */
export function parseRepoUrl(text: string | null): RepoUrl | null {
  if (!text || !URL.canParse(`https://${text}`)) return null;
  const { host, searchParams } = new URL(`https://${text}`);
  const part = (name: string) => searchParams.get(name) || null;
  return host ? { host, owner: part("owner"), repo: part("repo"), organization: part("organization"), workspace: part("workspace"), project: part("project") } : null;
}

/** The owner as Waymark's connection to a host names it: `organisation/project` at Azure DevOps, `workspace` or `workspace/PROJECT` at Bitbucket. */
export function hostOwner({ owner, organization, workspace, project }: RepoUrl, provider: string): string | null {
  if (provider === "azure") {
    // Older templates name the project as the owner.
    const within = project ?? owner;
    return organization && within ? `${organization}/${within}` : null;
  }
  if (provider !== "bitbucket") return owner;
  const space = workspace ?? owner;
  return space && project ? `${space}/${project}` : space;
}
