import { and, eq } from "drizzle-orm";
import { db } from "@/db/client";
import { pullRequests } from "@/db/schema";
import { databaseNow } from "@/lib/core/ctx";
import { bareRepositoryDir } from "@/lib/git/bare";
import type { Push } from "../pushes";
import { standingOf } from "./look";
import { openPullRequests, type PullRequestRow } from "./read";

/** After a push: every open pull request that the branch takes part in is looked at again. One whose commits arrived otherwise is merged; one whose branch is gone is closed. */
export async function followPullRequests({ repository, ref, pushedBy }: Push): Promise<void> {
  if (repository.provider !== "waymark" || !ref.startsWith("refs/heads/")) return;
  const branch = ref.slice("refs/heads/".length);
  const open = await openPullRequests(db(), repository.id);
  for (const pull of open.filter(({ sourceBranch, targetBranch }) => [sourceBranch, targetBranch].includes(branch))) await lookAgain(pull, pushedBy);
}

async function lookAgain(pull: PullRequestRow, pushedBy: string | null): Promise<void> {
  const { head, base, isContained, conflicts } = await standingOf(bareRepositoryDir(pull.repositoryId), pull);
  const now = await databaseNow();
  const ended = { endedBy: pushedBy, endedAt: now, updatedAt: now };
  const change =
    !head || !base
      ? { status: "closed" as const, ...ended }
      : isContained
        ? { status: "merged" as const, mergeCommit: base, head, conflicts: [], ...ended }
        : { head, base, conflicts: conflicts.map(({ path }) => path), ...(head === pull.head ? {} : { updatedAt: now }) };
  await db()
    .update(pullRequests)
    .set(change)
    .where(and(eq(pullRequests.id, pull.id), eq(pullRequests.status, "open")));
}
