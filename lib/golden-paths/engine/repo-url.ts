interface RepoUrl {
  host: string;
  owner: string | null;
  repo: string | null;
}

/** Reads `host?owner=o&repo=r`, the form that Backstage's RepoUrlPicker gives; null for anything else. */
export function parseRepoUrl(text: string | null): RepoUrl | null {
  if (!text || !URL.canParse(`https://${text}`)) return null;
  const { host, searchParams } = new URL(`https://${text}`);
  const repo = searchParams.get("repo");
  return host ? { host, owner: searchParams.get("owner") || null, repo: repo || null } : null;
}
