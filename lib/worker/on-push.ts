import { db } from "@/db/client";
import { enqueue } from "@/lib/core/jobs";
import { log } from "@/lib/core/log";
import { deployDefaultBranch } from "@/lib/environments/jobs";
import { followProvenance } from "@/lib/golden-paths/jobs";
import { recordPushedCommits } from "@/lib/metrics/jobs";
import { followPullRequests, loadPush, type Push } from "@/lib/repositories/jobs";
import { noteRepositoryFiles } from "@/lib/scorecards/jobs";
import { refreshCatalog } from "./refresh-catalog";

type Follower = [what: string, follow: (push: Push) => Promise<void>];

/** What happens after every push, in this order. Each may be repeated: when one fails, all are asked again later. */
const FOLLOWERS: Follower[] = [
  ["pull requests", followPullRequests],
  ["golden path", followProvenance],
  ["delivery", recordPushedCommits],
  ["catalog", refreshCatalog],
  ["files", noteRepositoryFiles],
  ["scorecards", tendScorecardsSoon],
  ["deployment", deployDefaultBranch],
];

/** What the push changed is evaluated at once. */
async function tendScorecardsSoon(): Promise<void> {
  await enqueue(db(), "scorecards.tend", {}, { jobKey: "scorecards.tend" });
}

/** Does everything that hangs on a push. Throws the first failure after the rest was tried, so that the queue repeats the job. */
export async function onPush(pushId: string): Promise<void> {
  const failures: unknown[] = [];
  for (const [what, follow] of FOLLOWERS) {
    try {
      // Read anew for each: an earlier one may have noted what a later one must know, such as the version of the golden path.
      const push = await loadPush(db(), pushId);
      if (push) await follow(push);
    } catch (error) {
      log().warn({ err: error, pushId, follower: what }, "what follows a push failed");
      failures.push(error);
    }
  }
  if (failures.length > 0) throw failures[0];
}
