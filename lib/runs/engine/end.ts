import { and, eq, sql } from "drizzle-orm";
import { db, type Tx } from "@/db/client";
import { runSteps, runs } from "@/db/schema";
import type { Outcome } from "../contract";
import { LostRun, type RunRow } from "./lease";
import type { RunKind } from "./types";

type EndStatus = "succeeded" | "failed" | "cancelled";

/** Ends a run that this claim holds: status, outcome, open steps and the kind's own consequences in one transaction. Throws LostRun. */
export async function endRun(kind: RunKind | undefined, row: RunRow, status: EndStatus, outcome: Outcome): Promise<void> {
  await db().transaction((tx) => endRunIn(tx, kind, row, status, outcome));
}

/** The same inside a transaction of the caller, for runs that no worker holds any more. */
export async function endRunIn(tx: Tx, kind: RunKind | undefined, row: RunRow, status: EndStatus, outcome: Outcome): Promise<void> {
  const [ended] = await tx
    .update(runs)
    .set({ status, outcome, finishedAt: sql`now()`, workerId: null })
    .where(and(eq(runs.id, row.id), eq(runs.fence, row.fence), sql`${runs.status} in ('queued', 'running')`))
    .returning();
  if (!ended?.finishedAt) throw new LostRun();
  const running = status === "cancelled" ? "cancelled" : "failed";
  await tx
    .update(runSteps)
    .set({
      status: sql`case when ${runSteps.status} = 'running' then ${running} else ${status === "cancelled" ? "cancelled" : "skipped"} end`,
      finishedAt: sql`case when ${runSteps.status} = 'running' then now() end`,
    })
    .where(and(eq(runSteps.runId, row.id), sql`${runSteps.status} in ('pending', 'running')`));
  const { id: runId, environmentId, requestedBy, input } = row;
  await kind?.onEnd?.(tx, { runId, environmentId, requestedBy, input, now: ended.finishedAt, status, outcome });
  await tx.execute(sql`select pg_notify('waymark_run', ${`${row.id} over`})`);
}
