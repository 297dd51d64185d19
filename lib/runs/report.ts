import { and, eq, like, sql } from "drizzle-orm";
import type { Tx } from "@/db/client";
import { runLogLines, runSteps, runs } from "@/db/schema";
import type { LogLevel, StepStatus } from "./contract";
import { createMasker } from "./engine/mask";

// What somebody outside tells about a run while no worker, or another process, is at work on it.

/** Steps of a back end; told apart from the planned ones by name. */
const REPORTED = "reported.";
const MAX_LINE_CHARS = 8_192;

export interface ReportedLine {
  text: string;
  level: LogLevel;
  step: string | null;
}

export interface ReportedStep {
  name: string;
  title: string;
  status: Exclude<StepStatus, "pending" | "cancelled">;
}

/** Appends lines to the log of a run that the caller has locked, without the given secrets. Returns how many lines it has now. */
export async function appendLines(tx: Tx, runId: string, lines: ReportedLine[], secrets: string[], now: Date): Promise<number> {
  const masker = createMasker();
  for (const secret of secrets) masker.add(secret);
  const [run] = await tx
    .update(runs)
    .set({ lastSeq: sql`${runs.lastSeq} + ${lines.length}` })
    .where(eq(runs.id, runId))
    .returning({ lastSeq: runs.lastSeq });
  const last = run?.lastSeq ?? 0;
  if (lines.length > 0) {
    const rows = lines.map(({ text, level, step }, index) => {
      const clean = masker.apply(text);
      const shown = clean.length > MAX_LINE_CHARS ? `${clean.slice(0, MAX_LINE_CHARS)}…` : clean;
      return { runId, seq: last - lines.length + index + 1, at: now, step, level, text: shown };
    });
    await tx.insert(runLogLines).values(rows);
  }
  await tx.execute(sql`select pg_notify('waymark_run', ${runId})`);
  return last;
}

/** The name under which a step of a back end stands in the run. */
export const reportedStepName = (name: string) => `${REPORTED}${name}`;

/** Notes where the back end is: a step that is new comes after the others. */
export async function noteStep(tx: Tx, runId: string, step: ReportedStep, now: Date): Promise<void> {
  const name = reportedStepName(step.name);
  const over = step.status === "running" ? null : now;
  const [last] = await tx
    .select({ position: sql<number>`coalesce(max(${runSteps.position}), 0)::int` })
    .from(runSteps)
    .where(eq(runSteps.runId, runId));
  await tx
    .insert(runSteps)
    .values({ runId, name, title: step.title, position: (last?.position ?? 0) + 1, status: step.status, attempt: 1, startedAt: now, finishedAt: over })
    .onConflictDoUpdate({ target: [runSteps.runId, runSteps.name], set: { title: step.title, status: step.status, finishedAt: over } });
}

/** How many steps the back end has told of. */
export async function countReportedSteps(tx: Tx, runId: string): Promise<number> {
  const rows = await tx.select({ name: runSteps.name }).from(runSteps).where(reportedOf(runId));
  return rows.length;
}

/** The back end ended well: what it left running ended with it. */
export async function finishReportedSteps(tx: Tx, runId: string, now: Date): Promise<void> {
  await tx
    .update(runSteps)
    .set({ status: "succeeded", finishedAt: now })
    .where(and(reportedOf(runId), eq(runSteps.status, "running")));
}

/** Forgets the steps that an earlier attempt was told of. */
export async function clearReportedSteps(tx: Tx, runId: string): Promise<void> {
  await tx.delete(runSteps).where(reportedOf(runId));
}

const reportedOf = (runId: string) => and(eq(runSteps.runId, runId), like(runSteps.name, `${REPORTED}%`));
