import { and, eq, ne, sql } from "drizzle-orm";
import type { Tx } from "@/db/client";
import { runSteps, runs } from "@/db/schema";
import { DomainError } from "@/lib/core/errors";
import { newId } from "@/lib/core/id";
import { enqueue } from "@/lib/core/jobs";
import type { StepPlan } from "./engine/types";

export interface NewRun {
  /** Made beforehand where other rows of the same transaction name the run. */
  id?: string;
  kind: string;
  title: string;
  input: Record<string, unknown>;
  plan: StepPlan[];
  deadlineMs: number;
  requestedBy: string | null;
  teamId: string | null;
  environmentId?: string;
  entityRef?: string;
  exclusiveKey?: string;
  now: Date;
}

/** Accepts a run: row, planned steps and job in the caller's transaction. Returns its id; throws conflict when one with the same exclusive key is under way. */
export async function startRun(tx: Tx, run: NewRun): Promise<string> {
  const { plan, now, id = newId("run"), ...columns } = run;
  const [row] = await tx
    .insert(runs)
    .values({ ...columns, id, createdAt: now, deadlineAt: new Date(now.getTime() + run.deadlineMs) })
    .onConflictDoNothing()
    .returning({ id: runs.id });
  if (!row) throw new DomainError("conflict", "Another run is already working on this. Wait for it to end, or cancel it first.");
  await Promise.all([tx.insert(runSteps).values(plan.map((step, position) => ({ runId: id, position, ...step }))), enqueue(tx, "run", { runId: id }, { jobKey: id })]);
  return id;
}

/** Brings back a run that was set aside; for one that is at work or over this changes nothing. */
export async function resumeRun(tx: Tx, runId: string): Promise<void> {
  await enqueue(tx, "run", { runId }, { jobKey: runId });
}

/** Asks the active run of an environment to stop; its worker reacts within 2 s. Returns whether there was one. */
export async function requestCancel(tx: Tx, where: { runId: string } | { environmentId: string; exceptKind: string }, reason: string, now: Date): Promise<boolean> {
  const rows = await tx
    .update(runs)
    .set({ cancelRequestedAt: sql`coalesce(${runs.cancelRequestedAt}, ${now.toISOString()}::timestamptz)`, cancelReason: sql`coalesce(${runs.cancelReason}, ${reason})` })
    .where(
      and(
        "runId" in where ? eq(runs.id, where.runId) : and(eq(runs.environmentId, where.environmentId), ne(runs.kind, where.exceptKind)),
        sql`${runs.status} in ('queued', 'running')`,
      ),
    )
    .returning({ id: runs.id });
  for (const { id } of rows) await tx.execute(sql`select pg_notify('waymark_cancel', ${id})`);
  return rows.length > 0;
}
