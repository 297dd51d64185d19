import { and, eq, getTableColumns, sql } from "drizzle-orm";
import { type Database, db, type Tx } from "@/db/client";
import { runs } from "@/db/schema";

/** A worker silent for longer is dead and its runs go to another. Takeover must finish within 10 s. */
export const WORKER_DEAD_SECONDS = 6;
export const HEARTBEAT_MS = 2_000;

/** This worker no longer holds the run: whatever it still does must not be written. */
export class LostRun extends Error {
  constructor() {
    super("another worker holds this run");
    this.name = "LostRun";
  }
}

export type RunRow = typeof runs.$inferSelect;

/**
 * Takes a queued run, or a running one whose worker is gone, and raises its fence. Null when there is nothing to take:
 * ended, past its deadline, or held by a living worker. `now`: the moment of the claim by the database's clock.
 */
export async function claimRun(runId: string, workerId: string): Promise<{ row: RunRow; now: Date } | null> {
  const [claimed] = await db()
    .update(runs)
    .set({ status: "running", workerId, fence: sql`${runs.fence} + 1`, startedAt: sql`coalesce(${runs.startedAt}, now())` })
    .where(
      and(
        eq(runs.id, runId),
        sql`${runs.deadlineAt} > now()`,
        sql`(${runs.status} = 'queued' or (${runs.status} = 'running' and (${runs.workerId} is null or not exists (
          select 1 from workers w where w.id = ${runs.workerId} and w.heartbeat_at > now() - ${WORKER_DEAD_SECONDS} * interval '1 second'))))`,
      ),
    )
    .returning({ row: getTableColumns(runs), claimedAt: sql<string>`now()` });
  return claimed ? { row: claimed.row, now: new Date(claimed.claimedAt) } : null;
}

/** One transaction that holds the run's row, so that no takeover can happen inside it. Throws LostRun. */
export async function fenced<T>(database: Database, run: { id: string; fence: number }, work: (tx: Tx) => Promise<T>): Promise<T> {
  return database.transaction(async (tx) => {
    const held = await tx.execute(sql`select 1 from runs where id = ${run.id} and fence = ${run.fence} and status = 'running' for no key update`);
    if (held.length === 0) throw new LostRun();
    return work(tx);
  });
}
