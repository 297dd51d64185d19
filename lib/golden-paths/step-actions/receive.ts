import { and, eq, sql } from "drizzle-orm";
import { db } from "@/db/client";
import { runs, stepCalls } from "@/db/schema";
import { limitRate } from "@/lib/core/auth/rate-limit";
import { DomainError } from "@/lib/core/errors";
import { parseInput } from "@/lib/core/operation";
import { resumeRun } from "@/lib/runs/enqueue";
import { readCallToken, sealReport } from "./call-token";
import { StepReportBody } from "./definition";

// The other side of an HTTP action reports here. The token in the address is for one call of one run and nothing else.

const WRONG_TOKENS_PER_MINUTE = 60;

/** Takes the end of a call. Throws unauthenticated, conflict after its end or deadline, invalid. */
export async function receiveStepReport(report: { token: string; network: string | null; read: () => Promise<Record<string, unknown>> }): Promise<{ accepted: true }> {
  const place = readCallToken(report.token);
  if (!place) {
    await limitRate(`step-callback|${report.network ?? "unknown"}`, WRONG_TOKENS_PER_MINUTE, 60);
    throw new DomainError("unauthenticated", "The address is not that of a call. Report at exactly the address of callback.url.");
  }
  const body = parseInput(StepReportBody, await report.read());
  return db().transaction(async (tx) => {
    // The run first, as the worker locks it when it sets the run aside: so the report is seen, or the run is woken.
    const [run] = await tx.select({ status: runs.status, attempt: runs.attempt }).from(runs).where(eq(runs.id, place.runId)).for("update");
    if (run?.status !== "running" || run.attempt !== place.attempt)
      throw new DomainError("conflict", "The run has ended or was tried again since. Nothing can be reported on this call any more.");
    const [taken] = await tx
      .update(stepCalls)
      .set({ reportSealed: sealReport(place, body) })
      .where(
        and(
          eq(stepCalls.runId, place.runId),
          eq(stepCalls.key, place.key),
          eq(stepCalls.attempt, place.attempt),
          sql`${stepCalls.reportSealed} is null and ${stepCalls.deadlineAt} > now()`,
        ),
      )
      .returning({ runId: stepCalls.runId });
    if (!taken) throw new DomainError("conflict", "The call was reported on already, or its deadline is over.");
    await resumeRun(tx, place.runId);
    return { accepted: true };
  });
}
