import type { Tx } from "@/db/client";
import { repositoryRefs } from "@/db/schema";
import type { Repository } from "./contract";
import { recordPush } from "./pushes";

/** Records the first commit of a new repository as its first push; repeated, it changes nothing. */
export async function recordFirstPush(tx: Tx, repository: Repository, push: { commit: string; pushedBy: string | null; now: Date }): Promise<void> {
  const ref = `refs/heads/${repository.defaultBranch}`;
  const [isNew] = await tx.insert(repositoryRefs).values({ repositoryId: repository.id, name: ref, sha: push.commit, updatedAt: push.now }).onConflictDoNothing().returning();
  if (isNew) await recordPush(tx, { repositoryId: repository.id, ref, before: null, after: push.commit, pushedBy: push.pushedBy, now: push.now });
}
