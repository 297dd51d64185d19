import { sql } from "drizzle-orm";
import type { Tx } from "@/db/client";
import { pullRequests } from "@/db/schema";
import { newId } from "@/lib/core/id";
import type { PullRequestRow } from "./read";

type NewPullRequest = Pick<PullRequestRow, "repositoryId" | "title" | "body" | "isDraft" | "sourceBranch" | "targetBranch" | "head" | "base" | "conflicts" | "authorId"> &
  Partial<Pick<PullRequestRow, "upgrade">> & { now: Date };

/** Writes an open pull request with the next number of its repository. */
export async function insertPullRequest(tx: Tx, { now, ...columns }: NewPullRequest): Promise<PullRequestRow> {
  await tx.execute(sql`select pg_advisory_xact_lock(hashtext(${`pull-requests:${columns.repositoryId}`}))`);
  const next = sql<number>`(select coalesce(max(number), 0) + 1 from ${pullRequests} where repository_id = ${columns.repositoryId})`;
  const [row] = await tx
    .insert(pullRequests)
    .values({ id: newId("pullRequest"), ...columns, number: next as unknown as number, status: "open", createdAt: now, updatedAt: now })
    .returning();
  if (!row) throw new Error("what was written is there");
  return row;
}
