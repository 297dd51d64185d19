import { db } from "@/db/client";
import { databaseNow } from "@/lib/core/ctx";
import { enqueue } from "@/lib/core/jobs";
import type { Repository } from "@/lib/repositories/contract";
import { commitsBetween } from "@/lib/repositories/source";
import { recordCommits } from "./record";
import { isComparisonDue } from "./webhooks/compare-github";

export { drainDirty } from "./drain";
export { forgetOldCopies } from "./history/place";
export { loadHistoryRun } from "./history/run-load";
export { compareWithGithub } from "./webhooks/compare-github";
export { forgetOldDeliveries, processDelivery } from "./webhooks/process";

/** Commits read of one push; a larger one is a history that was imported, of which the newest count. */
const MAX_PUSHED = 5_000;
/** Once a day, in the hours of the clean-up, puts the comparison with GitHub into the queue. */
export async function enqueueComparison(): Promise<void> {
  if (await isComparisonDue(await databaseNow())) await enqueue(db(), "delivery.compare-github", {}, { jobKey: "delivery.compare-github" });
}

const NOTHING = /^0*$/;

/** Keeps the commits that a push brought, with their parents. Repeatable. */
export async function recordPushedCommits(push: { repository: Repository; before: string | null; after: string | null }): Promise<void> {
  const { repository, after } = push;
  if (after === null || NOTHING.test(after)) return;
  const before = push.before && !NOTHING.test(push.before) ? push.before : null;
  const commits = await commitsBetween(repository, before, after, MAX_PUSHED);
  const name = `${repository.owner}/${repository.name}`;
  const now = await databaseNow();
  await db().transaction((tx) =>
    recordCommits(
      tx,
      commits.map((commit) => ({ ...commit, repository: name, ...(repository.entityRef ? { service: repository.entityRef } : {}), isDemo: repository.isDemo })),
      now,
    ),
  );
}
