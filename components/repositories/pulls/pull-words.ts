import type { PullRequest } from "@/lib/repositories/contract";

/** What a pull request's status is called: a draft and one in conflict say so while they are open. */
export function pullStatus({ status, isDraft, conflicts }: Pick<PullRequest, "status" | "isDraft" | "conflicts">): string {
  if (status !== "open") return status;
  if (isDraft) return "draft";
  return conflicts.length ? "conflicts" : "open-pull";
}
