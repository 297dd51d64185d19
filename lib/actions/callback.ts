import { and, eq, sql } from "drizzle-orm";
import { db, type Tx } from "@/db/client";
import { actionCallbacks, actionRuns, actions, runs } from "@/db/schema";
import { limitRate } from "@/lib/core/auth/rate-limit";
import { databaseNow } from "@/lib/core/ctx";
import { DomainError } from "@/lib/core/errors";
import { parseInput } from "@/lib/core/operation";
import { decrypt } from "@/lib/core/secrets";
import { resumeRun } from "@/lib/runs/enqueue";
import { appendLines, countReportedSteps, finishReportedSteps, noteStep, reportedStepName } from "@/lib/runs/report";
import { newestAttempt, noteReport } from "./back-ends/attempt";
import { isCallbackToken } from "./callback-token";
import { CallbackBody } from "./contract";
import { textsIn } from "./secret-values";
import { secretsPlace, signingSecrets } from "./secrets";

// A back end reports here. It holds a token for one attempt of one run and nothing else: no person, no scope, no other run.

const MAX_LINES = 20_000;
const MAX_STEPS = 50;
const WRONG_TOKENS_PER_MINUTE = 60;

/** The attempt that the token belongs to. Throws unauthenticated, the same for an unknown run and for a wrong token. */
async function attemptOf(runId: string, token: string | null, network: string | null): Promise<number> {
  const rows =
    token === null ? [] : await db().select({ attempt: actionCallbacks.attempt, hash: actionCallbacks.tokenHash }).from(actionCallbacks).where(eq(actionCallbacks.runId, runId));
  const own = rows.find((row) => token !== null && isCallbackToken(token, row.hash));
  if (own) return own.attempt;
  await limitRate(`callback|${network ?? "unknown"}`, WRONG_TOKENS_PER_MINUTE, 60);
  throw new DomainError("unauthenticated", 'The callback token is missing or not that of this run. Send "Authorization: Bearer" with the token of the call (callback.token).');
}

/** The run, locked, if this attempt may still report. Throws conflict. */
async function openRun(tx: Tx, runId: string, attempt: number) {
  const [run] = await tx.select().from(runs).where(eq(runs.id, runId)).for("update");
  if (!run || run.finishedAt || run.status !== "running") {
    throw new DomainError(
      "conflict",
      `The run has ended (${run?.status ?? "gone"})${run?.outcome?.causeCode === "back-end-silent" ? " at its deadline" : ""}. Nothing can be reported any more.`,
    );
  }
  if ((await newestAttempt(tx, runId)) !== attempt) throw new DomainError("conflict", "The run was tried again since. Report with the token of the newer call.");
  return run;
}

/** What must not get into the log although the back end knows it. */
async function secretsOf(tx: Tx, runId: string, token: string, now: Date): Promise<string[]> {
  const [row] = await tx
    .select({ sealed: actionRuns.secretsSealed, action: actions })
    .from(actionRuns)
    .innerJoin(actions, eq(actions.id, actionRuns.actionId))
    .where(eq(actionRuns.runId, runId));
  if (!row) return [token];
  const answers = row.sealed ? textsIn(JSON.parse(decrypt(row.sealed, secretsPlace(runId)))) : [];
  return [token, ...signingSecrets(row.action, now), ...answers];
}

async function countLines(tx: Tx, runId: string, attempt: number, more: number): Promise<void> {
  const [row] = await tx
    .update(actionCallbacks)
    .set({ reportedLines: sql`${actionCallbacks.reportedLines} + ${more}` })
    .where(and(eq(actionCallbacks.runId, runId), eq(actionCallbacks.attempt, attempt)))
    .returning({ lines: actionCallbacks.reportedLines });
  if ((row?.lines ?? 0) > MAX_LINES)
    throw new DomainError("invalid", `A run takes at most ${MAX_LINES.toLocaleString("en")} reported lines. Report a summary and a link to the full log instead.`);
}

async function noteSteps(tx: Tx, runId: string, steps: CallbackBody["steps"], now: Date): Promise<void> {
  for (const { name, title, status } of steps) await noteStep(tx, runId, { name, title: title ?? name, status }, now);
  if (steps.length > 0 && (await countReportedSteps(tx, runId)) > MAX_STEPS) throw new DomainError("invalid", `A run takes at most ${MAX_STEPS} reported steps. Report fewer.`);
}

/** Takes lines, steps and the end that a back end reports. Throws unauthenticated, conflict after the end, invalid. */
export async function receiveCallback(report: {
  runId: string;
  token: string | null;
  network: string | null;
  read: () => Promise<Record<string, unknown>>;
}): Promise<{ accepted: true; ended: boolean }> {
  const { runId, token, network } = report;
  const attempt = await attemptOf(runId, token, network);
  const body = parseInput(CallbackBody, await report.read());
  const now = await databaseNow();
  return db().transaction(async (tx) => {
    await openRun(tx, runId, attempt);
    const secrets = await secretsOf(tx, runId, token ?? "", now);
    await countLines(tx, runId, attempt, body.log.length);
    await noteSteps(tx, runId, body.steps, now);
    const step = body.steps.find((one) => one.status === "running")?.name;
    await appendLines(
      tx,
      runId,
      body.log.map((line) => ({ ...line, step: step ? reportedStepName(step) : "wait" })),
      secrets,
      now,
    );
    if (!body.status) return { accepted: true, ended: false };
    const { status, summary, cause, nextAction, links } = body;
    const isFirst = await noteReport(tx, runId, attempt, { status, summary, cause, nextAction, links }, now);
    if (!isFirst) throw new DomainError("conflict", "The end of this run was reported already.");
    if (status === "succeeded") await finishReportedSteps(tx, runId, now);
    await resumeRun(tx, runId);
    return { accepted: true, ended: true };
  });
}
