import { sql } from "drizzle-orm";
import { db } from "@/db/client";
import { endRunIn } from "./end";
import { LostRun, type RunRow, WORKER_DEAD_SECONDS } from "./lease";
import { cancelledOutcome, deadlineOutcome } from "./outcome";
import type { RunKind } from "./types";

/**
 * Jobs that a worker had taken when it died go back to the queue: the queue itself would keep them locked for four hours,
 * and a run that was not claimed yet has no other sign of life.
 */
export async function releaseLostJobs(): Promise<void> {
  await db().execute(sql`select release_lost_jobs(${WORKER_DEAD_SECONDS})`);
}

/** Runs of dead workers go back to the queue. Returns how many. Safe on every replica at once. */
export async function requeueOrphans(): Promise<number> {
  const rows = await db().execute(sql`
    with freed as (
      update runs set worker_id = null where status = 'running' and worker_id is not null and not exists (
        select 1 from workers w where w.id = runs.worker_id and w.heartbeat_at > now() - ${WORKER_DEAD_SECONDS} * interval '1 second')
      returning id
    ) select enqueue_job('run', json_build_object('runId', id), id, null) from freed`);
  return rows.length;
}

/** How long after its deadline a run may still be ending itself before the sweep ends it. */
const DEADLINE_GRACE_SECONDS = 5;

/** Past the deadline, and nobody ends it. */
const overdue = sql`(deadline_at < now() - ${DEADLINE_GRACE_SECONDS} * interval '1 second' or (worker_id is null and deadline_at < now()))`;
/** Cancelled, and held by no worker that could react: queued, or set aside. */
const cancelledUnheld = sql`(worker_id is null and cancel_requested_at is not null)`;

/** Ends runs past their deadline that nobody ends, and cancelled ones that no worker holds. Returns how many. */
export async function endOverdue(kinds: Map<string, RunKind>): Promise<number> {
  const rows = await db().execute<{ id: string }>(sql`select id from runs where status in ('queued', 'running') and (${overdue} or ${cancelledUnheld}) limit 100`);
  let ended = 0;
  for (const { id } of rows) ended += (await endOne(id, kinds)) ? 1 : 0;
  return ended;
}

async function endOne(id: string, kinds: Map<string, RunKind>): Promise<boolean> {
  try {
    return await db().transaction(async (tx) => {
      // Asked again under a lock: a worker may have claimed it since.
      const [why] = await tx.execute<{ cancelled: boolean }>(
        sql`select ${cancelledUnheld} as cancelled from runs where id = ${id} and status in ('queued', 'running') and (${overdue} or ${cancelledUnheld}) for update`,
      );
      const row = why && ((await tx.query.runs.findFirst({ where: (run, { eq }) => eq(run.id, id) })) as RunRow | undefined);
      if (!row) return false;
      const [running] = await tx.execute<{ name: string }>(sql`select name from run_steps where run_id = ${id} and status = 'running' limit 1`);
      const kind = kinds.get(row.kind);
      const step = running?.name ?? null;
      const tooLate = { ...deadlineOutcome(row, step, row.startedAt !== null), ...(row.startedAt ? kind?.atDeadline?.(row, step) : {}) };
      const outcome = why.cancelled ? cancelledOutcome(row) : tooLate;
      await endRunIn(tx, kind, row, why.cancelled ? "cancelled" : "failed", outcome);
      return true;
    });
  } catch (error) {
    if (error instanceof LostRun) return false;
    throw error;
  }
}
