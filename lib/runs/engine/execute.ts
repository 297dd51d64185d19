import { and, eq, sql } from "drizzle-orm";
import { db, type Tx } from "@/db/client";
import { runs } from "@/db/schema";
import { env } from "@/lib/core/env";
import type { LogLevel } from "../contract";
import { endRun } from "./end";
import { claimRun, fenced, LostRun, type RunRow } from "./lease";
import { createMasker } from "./mask";
import { cancelledOutcome, deadlineOutcome, explainFailure, workerLostOutcome } from "./outcome";
import { type Progress, trackProgress } from "./progress";
import { openRunLog, type RunLog } from "./run-log";
import { beginStep, finishStep } from "./steps";
import { type EngineRun, type RunKind, SetAside } from "./types";

// States of a run: queued → running → succeeded | failed | cancelled; retry takes failed or cancelled back to queued.
// A worker claims a run by raising its fence. Every later write names that fence, so a worker that was paused, or that
// lost the run to another, changes nothing. A step that succeeded keeps its checkpoint and is not done again; the step
// that was under way when a worker died is repeated, which is why its effects must be create-or-get.
// After kill -9 at any instant: the heartbeat of the worker goes silent, another claims the run within 10 s.
// A run that waits for somebody outside is set aside: still running, without a worker, until `resumeRun`, cancel or deadline.

/** How often a run may be taken over before it is given up. */
const MAX_CLAIMS = 8;
/** How long an aborted step may take to clean up after itself before the run ends without it. */
const ABORT_GRACE_MS = 1_500;

export type StopReason = "cancelled" | "deadline" | "lost" | "draining";

export interface Active {
  runId: string;
  stop(reason: StopReason): void;
}

/** Claims and does one run. Returns when it ended, was lost to another worker, or cannot be claimed. */
export async function executeRun(runId: string, workerId: string, kinds: Map<string, RunKind>, active: Map<string, Active>): Promise<void> {
  const claimed = await claimRun(runId, workerId);
  if (!claimed) return;
  const { row, now } = claimed;
  const kind = kinds.get(row.kind);
  const abort = new AbortController();
  let stopped: StopReason | null = null;
  const stop = (reason: StopReason) => {
    stopped ??= reason;
    abort.abort(new Error(reason));
  };
  active.set(runId, { runId, stop });
  const timer = setTimeout(() => stop("deadline"), Math.max(0, row.deadlineAt.getTime() - now.getTime()));
  const masker = createMasker();
  const runLog = openRunLog(db(), row, masker, (error) => stop(error instanceof LostRun ? "lost" : "draining"));
  const progress = trackProgress();
  try {
    if (!kind) throw new Error(`no run kind ${row.kind}`);
    const takeovers = row.fence - row.attempt - row.setAside;
    if (takeovers >= MAX_CLAIMS) {
      await endRun(kind, row, "failed", workerLostOutcome(row, takeovers));
      return;
    }
    if (row.cancelRequestedAt) stop("cancelled");
    if (takeovers > 0) runLog.write(`Taken over by another worker (claim ${row.fence}).`, "warn", null);
    const context = engineRun(row, now, abort.signal, runLog, masker.add, progress);
    const outcome = await untilAborted(kind.execute(context), abort.signal);
    await runLog.flush();
    await endRun(kind, row, "succeeded", { evidence: [], ...outcome });
  } catch (error) {
    await finishFailed(kind, row, error, stopped, progress.stepOf(error), runLog);
  } finally {
    clearTimeout(timer);
    active.delete(runId);
  }
}

async function finishFailed(kind: RunKind | undefined, row: RunRow, error: unknown, stopped: StopReason | null, step: string | null, runLog: RunLog) {
  if (error instanceof LostRun || error instanceof SetAside || stopped === "lost") return;
  if (stopped === "draining") {
    await releaseRun(row);
    return;
  }
  const status = stopped === "cancelled" ? "cancelled" : "failed";
  const [fresh] = await db().select({ cancelReason: runs.cancelReason }).from(runs).where(eq(runs.id, row.id));
  const outcome =
    stopped === "cancelled"
      ? cancelledOutcome({ ...row, cancelReason: fresh?.cancelReason ?? null })
      : stopped === "deadline"
        ? { ...deadlineOutcome(row, step, true), ...kind?.atDeadline?.(row, step) }
        : explainFailure(error, row, step);
  if (outcome.cause) runLog.write(outcome.cause, status === "failed" ? "error" : "warn", step);
  try {
    await runLog.flush();
    await endRun(kind, row, status, outcome);
  } catch (end) {
    if (!(end instanceof LostRun)) throw end;
  }
}

/** Gives a run back, so that another worker (or this one after its restart) goes on at once. */
async function releaseRun(row: RunRow): Promise<void> {
  await db().transaction(async (tx) => {
    const given = await tx
      .update(runs)
      .set({ workerId: null })
      .where(and(eq(runs.id, row.id), eq(runs.fence, row.fence), eq(runs.status, "running")))
      .returning();
    if (given.length) await tx.execute(sql`select enqueue_job('run', ${JSON.stringify({ runId: row.id })}::json, ${row.id}, null)`);
  });
}

function engineRun(row: RunRow, now: Date, signal: AbortSignal, runLog: RunLog, mask: (secret: string) => void, progress: Progress): EngineRun {
  const write =
    (step: string | null) =>
    (text: string, level: LogLevel = "info") =>
      runLog.write(text, level, step);
  return {
    runId: row.id,
    environmentId: row.environmentId,
    requestedBy: row.requestedBy,
    input: row.input,
    attempt: row.attempt,
    now,
    signal,
    mask,
    log: write(null),
    commit: (work) => fenced(db(), row, work),
    async waitOutside(ready, options = {}) {
      await runLog.flush();
      const found = await fenced(db(), row, async (tx) => {
        const answer = await ready(tx);
        if (answer === null) await setAside(tx, row, options.againAfterMs);
        return answer;
      });
      if (found === null) throw new SetAside();
      return found;
    },
    async step(name, body) {
      signal.throwIfAborted();
      const begun = await beginStep(row, name);
      if (begun.done) return begun.checkpoint as never;
      progress.begin(name);
      failPoint(name, "before");
      const result = await body({ signal, attempt: begun.attempt, log: write(name) }).catch((error: unknown) => {
        progress.threw(name, error);
        throw error;
      });
      failPoint(name, "after");
      await runLog.flush();
      await finishStep(row, name, result ?? null);
      progress.end(name);
      return result;
    },
  };
}

/** In the transaction that found nothing yet: whoever brings the news later finds a run that can be claimed. */
async function setAside(tx: Tx, row: RunRow, againAfterMs: number | undefined): Promise<void> {
  await tx
    .update(runs)
    .set({ workerId: null, setAside: sql`${runs.setAside} + 1` })
    .where(eq(runs.id, row.id));
  if (againAfterMs !== undefined) {
    await tx.execute(sql`select enqueue_job('run', ${JSON.stringify({ runId: row.id })}::json, ${row.id}, now() + ${againAfterMs} * interval '1 millisecond')`);
  }
}

/** Resolves with the work, or rejects soon after an abort even if the work does not listen to its signal. */
async function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  work.catch(() => {});
  let grace: NodeJS.Timeout | undefined;
  const aborted = new Promise<never>((_, reject) => {
    const onAbort = () => {
      grace = setTimeout(() => reject(signal.reason), ABORT_GRACE_MS);
    };
    if (signal.aborted) onAbort();
    else signal.addEventListener("abort", onAbort, { once: true });
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    clearTimeout(grace);
  }
}

/** Fault injection: the process kills itself at a named step border, as a crash would. */
function failPoint(step: string, when: "before" | "after") {
  if (env().failAt === `${step}:${when}`) process.kill(process.pid, "SIGKILL");
}
