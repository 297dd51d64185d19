import type { RepositoryProviderName } from "@/lib/repositories/contract";

/** Actions that make the service's repository, and where each of them means it to be. */
const PUBLISHERS = {
  "publish:github": "github",
  "publish:gitlab": "gitlab",
  "publish:gitea": "gitea",
  "publish:bitbucketCloud": "bitbucket",
  "publish:azure": "azure",
} as const satisfies Record<string, RepositoryProviderName>;

/** Where the action publishes to; null for any other action. */
export const publishesTo = (action: string): Exclude<RepositoryProviderName, "waymark"> | null => (action in PUBLISHERS ? PUBLISHERS[action as keyof typeof PUBLISHERS] : null);

/** True for an action that makes the service's repository. */
export const isPublishing = (action: string): boolean => publishesTo(action) !== null;
