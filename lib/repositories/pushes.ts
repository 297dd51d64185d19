import { and, eq } from "drizzle-orm";
import type { Connection, Tx } from "@/db/client";
import { repositories, repositoryPushes } from "@/db/schema";
import { newId } from "@/lib/core/id";
import { enqueue } from "@/lib/core/jobs";
import type { Repository } from "./contract";
import { presentRepository } from "./read";

export interface RefChange {
  /** Full name, for example refs/heads/main. */
  ref: string;
  before: string | null;
  after: string | null;
}

export interface Push extends RefChange {
  id: string;
  repository: Repository;
  pushedBy: string | null;
  pushedAt: Date;
}

/** Writes down that a ref moved and tells whoever follows pushes (lib/worker/on-push.ts). Returns the push's id. */
export async function recordPush(tx: Tx, push: RefChange & { repositoryId: string; pushedBy: string | null; now: Date }): Promise<string> {
  const id = newId("push");
  const { now, ...columns } = push;
  await tx.insert(repositoryPushes).values({ id, ...columns, status: "recorded", createdAt: now });
  await tellFollowers(tx, id);
  return id;
}

/** Notes who is about to move a ref; a repeat of the same announcement changes nothing. */
export async function announceOnce(tx: Tx, { now, ...change }: RefChange & { repositoryId: string; pushedBy: string | null; now: Date }): Promise<void> {
  const { repositoryId, ref, after } = change;
  const same = and(eq(repositoryPushes.repositoryId, repositoryId), eq(repositoryPushes.ref, ref), eq(repositoryPushes.after, after ?? ""));
  if ((await tx.select({ id: repositoryPushes.id }).from(repositoryPushes).where(same)).length > 0) return;
  await tx.insert(repositoryPushes).values({ id: newId("push"), ...change, status: "announced", createdAt: now });
}

/** Enqueues the job that everything hangs on that reacts to a push. */
export async function tellFollowers(tx: Tx, pushId: string): Promise<void> {
  await enqueue(tx, "repository.pushed", { pushId }, { jobKey: `repository.pushed:${pushId}` });
}

/** A recorded push with its repository; null when either is gone. */
export async function loadPush(on: Connection, pushId: string): Promise<Push | null> {
  const [row] = await on
    .select({ push: repositoryPushes, repository: repositories })
    .from(repositoryPushes)
    .innerJoin(repositories, eq(repositories.id, repositoryPushes.repositoryId))
    .where(eq(repositoryPushes.id, pushId));
  if (row?.push.status !== "recorded") return null;
  const { id, ref, before, after, pushedBy, createdAt } = row.push;
  return { id, ref, before, after, pushedBy, pushedAt: createdAt, repository: presentRepository(row.repository) };
}
