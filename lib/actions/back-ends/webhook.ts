import { setTimeout as wait } from "node:timers/promises";
import { db } from "@/db/client";
import type { ReportRecord } from "@/db/schema/actions";
import { isDomainError } from "@/lib/core/errors";
import { safeFetch } from "@/lib/core/safe-fetch";
import { signatureHeaders } from "@/lib/core/webhook-signature";
import { type EngineRun, type StepContext, StepFailure, type StepPlan } from "@/lib/runs/engine/types";
import { CallbackBody } from "../contract";
import type { ActionRunInput } from "../run-input";
import { countDelivery, noteReport, openAttempt, reportOf } from "./attempt";
import { type Call, callBody } from "./call-body";

type Run = EngineRun<ActionRunInput>;

export const WEBHOOK_STEPS: StepPlan[] = [
  { name: "call", title: "Call the back end" },
  { name: "wait", title: "Wait for its result" },
];

/** Pauses between sendings; after the last one the call is given up. Together about a minute. */
const PAUSES_MS = [1_000, 2_000, 4_000, 8_000, 16_000, 30_000];
/** A longer pause keeps no worker busy. */
const IN_PERSON_MS = 2_000;
const ANSWER_MS = 15_000;
const ANSWER_BYTES = 256 * 1024;

type Answer =
  | { kind: "accepted" }
  | { kind: "ended"; report: ReportRecord; lines: string[] }
  | { kind: "refused"; cause: string }
  | { kind: "again"; cause: string; afterMs?: number };

/** Sends the signed call until it is taken, then waits for the report; returns it when it is a success. Throws StepFailure. */
export async function runWebhook(run: Run, call: Call & { url: string; secrets: string[] }): Promise<ReportRecord> {
  const token = await openAttempt(run);
  run.mask(token);
  const body = callBody(run, call, token);
  await run.step("call", (step) => untilTaken(run, step, { ...call, body }));
  return run.step("wait", async () => {
    const report = await run.waitOutside((tx) => reportOf(tx, run.runId, run.attempt));
    if (report.status === "succeeded") return report;
    throw failed(run, report);
  });
}

/** What a reported failure means. */
function failed(run: Run, report: ReportRecord): StepFailure {
  return new StepFailure({
    causeCode: "back-end-failed",
    cause: report.cause ?? report.summary ?? `The back end at ${run.input.backEnd.label} reported a failure without a cause.`,
    ...(report.summary ? { summary: report.summary } : {}),
    whoCanFix: "platform-team",
    nextAction: report.nextAction ?? "Read the log, then retry; if it fails again, tell the platform team.",
    evidence: report.links,
  });
}

async function untilTaken(run: Run, step: StepContext, call: { url: string; secrets: string[]; body: string }): Promise<void> {
  for (;;) {
    // It may have got the call and reported, and only its answer was lost.
    if (await reportOf(db(), run.runId, run.attempt)) return;
    const sendings = await countDelivery(run);
    const answer = await send(run, step, call);
    if (answer.kind === "accepted") return step.log("The back end took the call and will report.");
    if (answer.kind === "ended") return finishAtOnce(run, step, answer);
    const pause = PAUSES_MS[sendings - 1];
    if (answer.kind === "refused" || pause === undefined) throw notTaken(answer.cause, sendings);
    await pauseBefore(run, step, answer, pause);
  }
}

async function pauseBefore(run: Run, step: StepContext, answer: Extract<Answer, { kind: "again" }>, pause: number): Promise<void> {
  const ms = Math.max(pause, Math.min(answer.afterMs ?? 0, 60_000));
  step.log(`${answer.cause} Sent again in ${ms / 1_000} s.`, "warn");
  if (ms <= IN_PERSON_MS) await wait(ms, undefined, { signal: step.signal });
  else await run.waitOutside<never>(async () => null, { againAfterMs: ms });
}

async function finishAtOnce(run: Run, step: StepContext, answer: Extract<Answer, { kind: "ended" }>): Promise<void> {
  for (const line of answer.lines) step.log(line);
  step.log("The back end answered with the result.");
  await run.commit((tx) => noteReport(tx, run.runId, run.attempt, answer.report, run.now));
}

function notTaken(cause: string, sendings: number): StepFailure {
  return new StepFailure({
    causeCode: "back-end-unreachable",
    cause: sendings > 1 ? `${cause} It was sent ${sendings} times.` : cause,
    whoCanFix: "platform-team",
    nextAction: "Check the address and the log of the back end (a test call in the action's editor helps), then retry.",
  });
}

/** One sending. The id stays the same, so that a back end can tell a repeat. */
async function send(run: Run, step: StepContext, { url, secrets, body }: { url: string; secrets: string[]; body: string }): Promise<Answer> {
  const timestamp = Math.floor((performance.timeOrigin + performance.now()) / 1_000);
  const headers = signatureHeaders(secrets, { id: `msg_${run.runId}_${run.attempt}`, timestamp, body });
  try {
    const answer = await safeFetch(url, {
      method: "POST",
      headers: { "content-type": "application/json", accept: "application/json", ...headers },
      body,
      signal: step.signal,
      timeoutMs: ANSWER_MS,
      maxBytes: ANSWER_BYTES,
    });
    step.log(`${run.input.backEnd.label} answered ${answer.status}.`);
    return understood(run.input.backEnd.label, answer.status, answer.text(), answer.headers["retry-after"]);
  } catch (error) {
    if (!isDomainError(error)) throw error;
    return { kind: error.code === "invalid" ? "refused" : "again", cause: error.message };
  }
}

/** What an answer means: 202 = a report follows; another 2xx is the end; 408, 425, 429 and 5xx are worth a repeat; the rest is a refusal. */
export function understood(host: string, status: number, text: string, retryAfter?: string): Answer {
  if (status === 202) return { kind: "accepted" };
  if (status >= 200 && status < 300) return ended(text);
  const shown = text.trim().slice(0, 200);
  const cause = `${host} answered ${status}${shown && !shown.startsWith("<") ? `: ${shown}` : ""}${/[.!?]$/.test(shown) ? "" : "."}`;
  if (status === 408 || status === 425 || status === 429 || status >= 500) {
    const seconds = Number(retryAfter);
    return { kind: "again", cause, ...(Number.isFinite(seconds) && seconds > 0 ? { afterMs: seconds * 1_000 } : {}) };
  }
  return { kind: "refused", cause };
}

function ended(text: string): Answer {
  let value: unknown = {};
  try {
    value = text.trim() === "" ? {} : JSON.parse(text);
  } catch {
    return { kind: "ended", report: { status: "succeeded", links: [] }, lines: [] };
  }
  const parsed = CallbackBody.safeParse(value);
  // An answer in words of its own is an end as well: the back end said that it is done.
  if (!parsed.success) return { kind: "ended", report: { status: "succeeded", links: [] }, lines: [] };
  const { status = "succeeded", summary, cause, nextAction, links, log } = parsed.data;
  return { kind: "ended", report: { status, summary, cause, nextAction, links }, lines: log.map((line) => line.text) };
}
