import { and, eq, inArray } from "drizzle-orm";
import type { Connection } from "@/db/client";
import { repositoryPushes, users } from "@/db/schema";
import type { Commit } from "@/lib/git/log";
import type { CommitLine } from "./contract";
import type { RepositoryRow } from "./read";

/** Commits as lists show them, with the person who pushed each as the newest of a push. */
export async function commitLines(on: Connection, row: RepositoryRow, commits: Commit[]): Promise<CommitLine[]> {
  if (commits.length === 0) return [];
  const shas = commits.map((commit) => commit.sha);
  const pushes = await on
    .select({ sha: repositoryPushes.after, handle: users.handle })
    .from(repositoryPushes)
    .innerJoin(users, eq(users.id, repositoryPushes.pushedBy))
    .where(and(eq(repositoryPushes.repositoryId, row.id), inArray(repositoryPushes.after, shas)));
  const pushers = new Map(pushes.map((push) => [push.sha, push.handle]));
  return commits.map(({ sha, message, author, authoredAt }) => ({ sha, subject: message.split("\n")[0] ?? "", author, authoredAt, pushedBy: pushers.get(sha) ?? null }));
}
