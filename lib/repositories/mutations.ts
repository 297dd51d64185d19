import "server-only";
import { and, eq, sql } from "drizzle-orm";
import { z } from "zod";
import type { Connection, Tx } from "@/db/client";
import { pullRequests, repositories, repositoryPushes } from "@/db/schema";
import { DomainError } from "@/lib/core/errors";
import { newId } from "@/lib/core/id";
import { mutation, query } from "@/lib/core/operation";
import { RepositoryName } from "./contract";
import { findRepositoryRow, type RepositoryRow } from "./read";

export { editInRepository } from "./edit-entity";
export { recordFirstPush } from "./first-push";
export { editPullRequest, mergePullRequest, openPullRequest } from "./pull-requests/mutations";
export { recordPush } from "./pushes";
export { openRepository, reservedBy, reserveRepository } from "./reserve";

const NOT_THERE = "There is no such repository on this git server. Check the owner and the name in the address.";

/** A repository of our own git server. Throws not_found, for one at another provider with its address. */
async function ownRepository(on: Connection, name: z.output<typeof RepositoryName>): Promise<{ teamId: string; row: RepositoryRow }> {
  const row = await findRepositoryRow(on, name);
  if (!row || row.status === "creating") throw new DomainError("not_found", NOT_THERE);
  if (row.provider !== "waymark") throw new DomainError("not_found", `This repository is at ${row.provider}: ${row.cloneUrl}`);
  return { teamId: row.teamId, row };
}

async function pushableRepository(on: Connection, name: z.output<typeof RepositoryName>) {
  const subject = await ownRepository(on, name);
  if (subject.row.status === "archived") throw new DomainError("forbidden", "This repository is archived: its service was decommissioned. It can be read, and takes no pushes.");
  return subject;
}

export const openForRead = query({
  name: "repository.read",
  summary: "Open a repository of the own git server for a fetch.",
  input: RepositoryName,
  subject: ownRepository,
  run: async (_on, _input, _ctx, { row }) => row,
});

export const openForPush = query({
  name: "repository.push",
  summary: "Open a repository of the own git server for a push.",
  input: RepositoryName,
  subject: pushableRepository,
  run: async (_on, _input, _ctx, { row }) => row,
});

const sha = z
  .string()
  .regex(/^[0-9a-f]{40}$/)
  .nullable();

export const announcePush = mutation({
  name: "repository.push",
  summary: "Note who is about to push what, before git is asked.",
  input: RepositoryName.extend({ changes: z.array(z.strictObject({ ref: z.string().max(300), before: sha, after: sha })).max(2_000) }),
  subject: pushableRepository,
  run: async (tx, { changes }, ctx, { row }) => {
    if (changes.length === 0) return { repositoryId: row.id };
    const pushedBy = ctx.actor.type === "user" ? ctx.actor.id : null;
    await tx
      .insert(repositoryPushes)
      .values(changes.map((change) => ({ id: newId("push"), repositoryId: row.id, ...change, pushedBy, status: "announced" as const, createdAt: ctx.now })));
    return { repositoryId: row.id };
  },
  // What git then took is audited when it is recorded, with the commits.
  audit: () => null,
});

/** Makes the repository read-only and keeps it, with how that was verified. Returns false when it was archived before. */
export async function archiveRepository(
  tx: Tx,
  repositoryId: string,
  receipt: { completedAt: string; items: { kind: string; name: string; verified: string }[] },
  now: Date,
): Promise<boolean> {
  const done = await tx
    .update(repositories)
    .set({ status: "archived", archivedAt: now, receipt })
    .where(and(eq(repositories.id, repositoryId), eq(repositories.status, "ready")))
    .returning({ id: repositories.id });
  return done.length > 0;
}

/** Forgets a repository of our own git server whose files are deleted, with its pushes and pull requests. */
export async function forgetRepository(tx: Tx, repositoryId: string): Promise<void> {
  await tx.delete(repositories).where(eq(repositories.id, repositoryId));
}

/** Lets an archived repository of our own git server take pushes again. Returns false for any other. */
export async function reopenRepository(tx: Tx, repositoryId: string): Promise<boolean> {
  const done = await tx
    .update(repositories)
    .set({ status: "ready", archivedAt: null, receipt: null })
    .where(and(eq(repositories.id, repositoryId), eq(repositories.status, "archived"), eq(repositories.provider, "waymark")))
    .returning({ id: repositories.id });
  return done.length > 0;
}

/** Notes which version of its golden path the default branch is at. Returns false when it was known. */
export async function noteGoldenPath(tx: Tx, repositoryId: string, { name, version }: { name: string; version: string }): Promise<boolean> {
  const done = await tx
    .update(repositories)
    .set({ goldenPath: name, goldenPathVersion: version })
    .where(and(eq(repositories.id, repositoryId), sql`(${repositories.goldenPath}, ${repositories.goldenPathVersion}) is distinct from (${name}, ${version})`))
    .returning({ id: repositories.id });
  return done.length > 0;
}

/** The same where pushes are not seen here: notes the version that was found, and that the pull request which brought it is merged. */
export async function noteMergedVersion(tx: Tx, repositoryId: string, path: { name: string; version: string }): Promise<void> {
  await noteGoldenPath(tx, repositoryId, path);
  await tx
    .update(pullRequests)
    .set({ status: "merged", endedAt: sql`now()`, updatedAt: sql`now()` })
    .where(and(eq(pullRequests.repositoryId, repositoryId), eq(pullRequests.status, "open"), sql`${pullRequests.upgrade} ->> 'to' = ${path.version}`));
}
