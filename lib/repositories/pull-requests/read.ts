import { and, desc, eq, inArray } from "drizzle-orm";
import type { Connection, Tx } from "@/db/client";
import { pullRequests, users } from "@/db/schema";
import { DomainError } from "@/lib/core/errors";
import type { PullRequest } from "../contract";
import { findRepositoryRow, type RepositoryRow } from "../read";

export type PullRequestRow = typeof pullRequests.$inferSelect;

/** A repository whose pull requests live here. Throws not_found, for one at GitHub with its address. */
export async function ownRepository(on: Connection, { owner, name }: { owner: string; name: string }): Promise<{ teamId: string; row: RepositoryRow }> {
  const row = await findRepositoryRow(on, { owner, name });
  if (!row || row.status === "creating") throw new DomainError("not_found", `There is no repository ${owner}/${name}.`);
  if (row.provider !== "waymark") throw new DomainError("not_found", `The pull requests of ${owner}/${name} are at ${row.webUrl}.`);
  return { teamId: row.teamId, row };
}

/** The same with one of its pull requests. Throws not_found. */
export async function pullRequestSubject(on: Connection, input: { owner: string; name: string; number: number }) {
  const subject = await ownRepository(on, input);
  const [pull] = await on
    .select()
    .from(pullRequests)
    .where(and(eq(pullRequests.repositoryId, subject.row.id), eq(pullRequests.number, input.number)));
  if (!pull) throw new DomainError("not_found", `${input.owner}/${input.name} has no pull request ${input.number}.`);
  return { ...subject, ownerId: pull.authorId, pull };
}

/** The open pull requests that a branch takes part in. */
export async function openPullRequests(on: Connection, repositoryId: string): Promise<PullRequestRow[]> {
  return on
    .select()
    .from(pullRequests)
    .where(and(eq(pullRequests.repositoryId, repositoryId), eq(pullRequests.status, "open")))
    .orderBy(desc(pullRequests.number));
}

/** Closes every open one of a repository that comes to its end. */
export async function closePullRequests(tx: Tx, repositoryId: string, { endedBy, now }: { endedBy: string | null; now: Date }): Promise<void> {
  await tx
    .update(pullRequests)
    .set({ status: "closed", endedBy, endedAt: now, updatedAt: now })
    .where(and(eq(pullRequests.repositoryId, repositoryId), eq(pullRequests.status, "open")));
}

/** Rows as the contract shows them, with the people. */
export async function presentPullRequests(on: Connection, rows: PullRequestRow[]): Promise<PullRequest[]> {
  const ids = [...new Set(rows.flatMap((row) => [row.authorId, row.endedBy]).filter((id) => id !== null))];
  const people = ids.length ? await on.select({ id: users.id, handle: users.handle, name: users.name }).from(users).where(inArray(users.id, ids)) : [];
  const known = new Map(people.map(({ id, ...person }) => [id, person]));
  return rows.map((row) => present(row, known));
}

function present(row: PullRequestRow, known: Map<string, { handle: string; name: string }>): PullRequest {
  const { id, number, title, body, sourceBranch, targetBranch, status, isDraft, head, conflicts, mergeCommit, upgrade } = row;
  const person = (userId: string | null) => (userId ? (known.get(userId) ?? { handle: "", name: "A person who left" }) : null);
  return {
    id,
    number,
    title,
    body,
    sourceBranch,
    targetBranch,
    author: person(row.authorId),
    status,
    isDraft,
    head,
    conflicts,
    mergeCommit,
    endedBy: person(row.endedBy)?.handle ?? null,
    endedAt: row.endedAt?.toISOString() ?? null,
    upgrade: upgrade ? { goldenPath: upgrade.goldenPath, from: upgrade.from, to: upgrade.to } : null,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
  };
}
