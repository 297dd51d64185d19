const WORDS: Record<string, string> = { read: "read", write: "read and write", admin: "admin" };

/** `administration=write` as GitHub's settings page says it: `Administration (read and write)`. */
export function permissionTitle(permission: string): string {
  const [name = "", level = "read"] = permission.split("=");
  const title = name.replaceAll("_", " ");
  return `${title.charAt(0).toUpperCase()}${title.slice(1)} (${WORDS[level] ?? level})`;
}

/**
 * What `x-accepted-github-permissions` asks for: alternatives are separated by `;`, what belongs together by `,`.
 * Returns the first alternative, for example `["administration=write"]`.
 */
export function acceptedPermissions(header: string | undefined): string[] {
  const [first = ""] = (header ?? "").split(";");
  return first
    .split(",")
    .map((part) => part.trim())
    .filter((part) => /^[a-z_]+=(read|write|admin)$/.test(part));
}

/** What Waymark uses of GitHub, and what for; the same list stands in docs/integrations/github.md. */
export const NEEDED_PERMISSIONS = [
  { permission: "metadata=read", scope: "repo", needed: true, purpose: "See repositories" },
  { permission: "administration=write", scope: "repo", needed: true, purpose: "Create repositories and set them up" },
  { permission: "contents=write", scope: "repo", needed: true, purpose: "Push the first commit, read what is deployed" },
  { permission: "workflows=write", scope: "workflow", needed: true, purpose: "Push .github/workflows, which golden paths contain" },
  { permission: "actions=write", scope: "repo", needed: false, purpose: "Self-service actions that run a workflow" },
  { permission: "members=read", scope: "repo", needed: false, purpose: "Give the owning team access to its repository" },
  { permission: "deployments=read", scope: "repo", needed: false, purpose: "Deployments of the delivery figures, by webhook" },
  { permission: "pull_requests=write", scope: "repo", needed: false, purpose: "Open pull requests of upgrades and edits; those of the delivery figures" },
] as const;

const ORDER = ["read", "write", "admin"];

/** True if granted App permissions, such as `{contents: "write"}`, include what is asked for. */
export function isGranted(granted: Record<string, string>, permission: string): boolean {
  const [name = "", level = "read"] = permission.split("=");
  return ORDER.indexOf(granted[name] ?? "") >= ORDER.indexOf(level);
}
