import { db } from "@/db/client";
import { databaseNow } from "@/lib/core/ctx";
import type { Repository } from "@/lib/repositories/contract";
import { commitsBetween } from "@/lib/repositories/source";
import { recordCommits } from "./record";

export { drainDirty } from "./drain";
export { forgetOldCopies } from "./history/place";
export { loadHistoryRun } from "./history/run-load";
export { forgetOldDeliveries, processDelivery } from "./webhooks/process";

/** Commits read of one push; a larger one is a history that was imported, of which the newest count. */
const MAX_PUSHED = 5_000;
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
