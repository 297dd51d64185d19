import { and, desc, eq, ne, sql } from "drizzle-orm";
import type { db, Tx } from "@/db/client";
import { actionCallbacks, runSteps } from "@/db/schema";
import type { ReportRecord } from "@/db/schema/actions";
import type { EngineRun } from "@/lib/runs/engine/types";
import { clearReportedSteps } from "@/lib/runs/report";
import { callbackToken, callbackTokenHash } from "../callback-token";
import type { ActionRunInput } from "../run-input";

const thisAttempt = (runId: string, attempt: number) => and(eq(actionCallbacks.runId, runId), eq(actionCallbacks.attempt, attempt));

/**
 * Opens this attempt for reports and returns its token. A retry by a person asks the back end anew, so what an earlier attempt
 * did is forgotten; a repeat after a crash finds the attempt open and changes nothing.
 */
export async function openAttempt(run: EngineRun<ActionRunInput>): Promise<string> {
  const token = callbackToken(run.runId, run.attempt);
  await run.commit(async (tx) => {
    const [fresh] = await tx
      .insert(actionCallbacks)
      .values({ runId: run.runId, attempt: run.attempt, tokenHash: callbackTokenHash(token), createdAt: run.now })
      .onConflictDoNothing()
      .returning();
    if (!fresh || run.attempt === 1) return;
    await clearReportedSteps(tx, run.runId);
    await tx
      .update(runSteps)
      .set({ status: "pending", checkpoint: null, startedAt: null, finishedAt: null })
      .where(and(eq(runSteps.runId, run.runId), ne(runSteps.status, "pending")));
  });
  return token;
}

/** Counts one more sending. */
export async function countDelivery(run: EngineRun<ActionRunInput>): Promise<number> {
  return run.commit(async (tx) => {
    const [row] = await tx
      .update(actionCallbacks)
      .set({ deliveries: sql`${actionCallbacks.deliveries} + 1` })
      .where(thisAttempt(run.runId, run.attempt))
      .returning({ deliveries: actionCallbacks.deliveries });
    return row?.deliveries ?? 1;
  });
}

/** What the back end reported as the end of this attempt, if it did. */
export async function reportOf(on: Tx | ReturnType<typeof db>, runId: string, attempt: number): Promise<ReportRecord | null> {
  const [row] = await on.select({ report: actionCallbacks.report }).from(actionCallbacks).where(thisAttempt(runId, attempt));
  return row?.report ?? null;
}

/** The attempt that is open for reports: the newest one. */
export async function newestAttempt(on: Tx | ReturnType<typeof db>, runId: string): Promise<number | null> {
  const [row] = await on.select({ attempt: actionCallbacks.attempt }).from(actionCallbacks).where(eq(actionCallbacks.runId, runId)).orderBy(desc(actionCallbacks.attempt)).limit(1);
  return row?.attempt ?? null;
}

/** Notes the end of an attempt; a second end changes nothing. Returns whether this was the first. */
export async function noteReport(tx: Tx, runId: string, attempt: number, report: ReportRecord, now: Date): Promise<boolean> {
  const [row] = await tx
    .update(actionCallbacks)
    .set({ report, reportedAt: now })
    .where(and(thisAttempt(runId, attempt), sql`${actionCallbacks.report} is null`))
    .returning({ runId: actionCallbacks.runId });
  return row !== undefined;
}
