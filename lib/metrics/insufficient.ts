import type { Counters } from "./counters";

const plural = (n: number, one: string, many = `${one}s`) => `${n} ${n === 1 ? one : many}`;

/** Why there is no lead time although it was asked for: names the missing link and the way to it. Null when nothing is missing. */
export function leadTimeGap(counters: Counters, hasEver: boolean): string | null {
  if (counters.changes > 0) return null;
  if (!hasEver) return "No production deployment has been reported. Deploy to a production environment here, or send deployments to /api/v1/deployments.";
  if (counters.deployments === 0) return "No production deployment in this period.";
  if (counters.unlinked > 0)
    return `Commits unknown: for ${plural(counters.unlinked, "deployment")} nobody has sent the commits that lead to it. Connect the repository or send them to /api/v1/commits.`;
  if (counters.baselines === counters.deployments)
    return "Only the baseline: the first deployment of a service says what was there before and brings no change. Lead time begins with the next one.";
  return `No new commit: ${plural(counters.deployments, "deployment")} repeated what had been in production before.`;
}

/** Why there is no frequency; zero deployments after the first one are a zero, not a gap. */
export function frequencyGap(hasEver: boolean): string | null {
  return hasEver ? null : "No production deployment has been reported. Deploy to a production environment here, or send deployments to /api/v1/deployments.";
}
