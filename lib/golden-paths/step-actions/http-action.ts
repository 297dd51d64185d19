import { setTimeout as wait } from "node:timers/promises";
import { and, eq, sql } from "drizzle-orm";
import { z } from "zod";
import { db, type Tx } from "@/db/client";
import { runs, stepCalls } from "@/db/schema";
import { databaseNow } from "@/lib/core/ctx";
import { env } from "@/lib/core/env";
import { DomainError, isDomainError } from "@/lib/core/errors";
import { safeFetch } from "@/lib/core/safe-fetch";
import { asSchema } from "@/lib/core/schema-messages";
import { sha256 } from "@/lib/core/secrets";
import { signatureHeaders } from "@/lib/core/webhook-signature";
import { StepFailure } from "@/lib/runs/engine/types";
import type { Attempt, StepAction, StepArgs } from "../engine/step-action";
import { sampleOf } from "../sample-answers";
import { callToken, openReport, sealReport } from "./call-token";
import { fitting } from "./check-outputs";
import { type StepActionBack, type StepActionDefinition, type StepReport, StepReportBody } from "./definition";

type Http = Extract<StepActionBack, { type: "http" }>;

/** Pauses between sendings; after the last one the call is given up. Together about a minute. */
const PAUSES_MS = [1_000, 2_000, 4_000, 8_000, 16_000, 30_000];
/** A longer pause keeps no worker busy. */
const IN_PERSON_MS = 2_000;
const LOOK_AGAIN_MS = 5_000;
const ANSWER_MS = 15_000;
const ANSWER_BYTES = 256 * 1024;

interface Declared {
  id: string;
  definition: StepActionDefinition;
  http: Http;
  /** Sign the call; the current one first. */
  secrets: string[];
}

/** A signed call as an action. It is a step of the run, sent again under one key until it is taken, and its report is kept over a crash. */
export function httpAction(declared: Declared): StepAction {
  const { id, definition, http } = declared;
  const checked = (input: unknown) => fitting(definition.inputs, asSchema(input), `The input of ${id}`);
  return {
    id,
    effect: "outside",
    input: z.looseObject({}),
    waitsMs: http.deadlineMinutes * 60_000,
    shown: { description: definition.description || definition.title, input: definition.inputs, output: definition.outputs },
    foresee: async (input) => {
      await checked(input);
      const then = http.answer === "callback" ? ` Its report is waited for, at most ${http.deadlineMinutes} minutes.` : "";
      return { calls: [{ call: `POST ${http.url}`, detail: `${definition.title}, signed.${then}` }], output: sampleOf(definition.outputs) };
    },
    run: async (args) => {
      const input = await checked(args.input);
      if (!args.attempt) throw new DomainError("unavailable", `${id} can only be called by a run.`);
      return call(declared, { ...args, input }, args.attempt);
    },
  };
}

async function call(declared: Declared, args: StepArgs<Record<string, unknown>>, attempt: Attempt): Promise<Record<string, unknown>> {
  const { id, definition, http, secrets } = declared;
  const place = await openCall(declared, args.context.runId, attempt.key);
  const token = callToken(place);
  for (const secret of [token, ...secrets]) attempt.hide(secret);
  const key = sha256(`${place.runId}|${place.key}|${place.attempt}`).slice(0, 32);
  // It does not change between sendings, so the same key always carries the same content.
  const body = JSON.stringify({
    type: "step.run",
    action: { id, title: definition.title },
    run: { id: place.runId, url: attempt.mark },
    step: place.key,
    key,
    requestedBy: args.context.user.ref,
    inputs: args.input,
    ...(http.answer === "callback" ? { callback: { url: `${env().url}/api/v1/step-callbacks/${token}`, deadlineAt: place.deadlineAt } } : {}),
  });
  const report = (await reportOf(db(), place)) ?? (await untilTaken(declared, args, attempt, { place, key, body })) ?? (await untilReported(declared, attempt, place));
  for (const line of report.log) args.log(line);
  if (report.status === "failed") {
    const cause = report.cause ?? `${id} reported a failure without a cause.`;
    throw new StepFailure({
      causeCode: "step-action-failed",
      cause,
      whoCanFix: "platform-team",
      nextAction: report.nextAction ?? "Read the log, then retry; the call is made anew.",
    });
  }
  return fitting(definition.outputs, report.outputs, `What ${id} gives`);
}

interface Place {
  runId: string;
  key: string;
  attempt: number;
  deadlineAt: string;
}

const thisCall = ({ runId, key, attempt }: Omit<Place, "deadlineAt">) => and(eq(stepCalls.runId, runId), eq(stepCalls.key, key), eq(stepCalls.attempt, attempt));

/** A repeat after a crash finds the call open; a retry by a person begins another one. */
async function openCall({ id, http }: Declared, runId: string, key: string): Promise<Place> {
  const now = await databaseNow();
  const [run] = await db().select({ attempt: runs.attempt }).from(runs).where(eq(runs.id, runId));
  const place = { runId, key, attempt: run?.attempt ?? 1 };
  await db()
    .insert(stepCalls)
    .values({ ...place, action: id, deadlineAt: new Date(now.getTime() + http.deadlineMinutes * 60_000), createdAt: now })
    .onConflictDoNothing();
  const [row] = await db().select({ deadlineAt: stepCalls.deadlineAt }).from(stepCalls).where(thisCall(place));
  return { ...place, deadlineAt: (row?.deadlineAt ?? now).toISOString() };
}

async function reportOf(on: Tx | ReturnType<typeof db>, place: Place): Promise<StepReport | null> {
  const [row] = await on.select({ sealed: stepCalls.reportSealed }).from(stepCalls).where(thisCall(place));
  return row?.sealed ? openReport(place, row.sealed) : null;
}

interface Sending {
  place: Place;
  key: string;
  body: string;
}

/** Sends until the other side took it. Returns the report where the answer is one, null where it comes later. Throws StepFailure. */
async function untilTaken(declared: Declared, { log, signal }: StepArgs<unknown>, attempt: Attempt, sending: Sending): Promise<StepReport | null> {
  const { place } = sending;
  for (;;) {
    const [row] = await db()
      .update(stepCalls)
      .set({ deliveries: sql`${stepCalls.deliveries} + 1` })
      .where(and(thisCall(place), sql`${stepCalls.takenAt} is null`))
      .returning();
    if (!row) return null;
    const answer = await send(declared, sending, signal);
    log(answer.said);
    if (answer.kind === "ended") {
      await db()
        .update(stepCalls)
        .set({ reportSealed: sealReport(place, answer.report) })
        .where(thisCall(place));
      return answer.report;
    }
    if (answer.kind === "taken") {
      await db().update(stepCalls).set({ takenAt: sql`now()` }).where(thisCall(place));
      return null;
    }
    const pause = PAUSES_MS[row.deliveries - 1];
    if (answer.kind === "refused" || pause === undefined) {
      throw new StepFailure({
        causeCode: "step-action-unreachable",
        cause: `${answer.said}${row.deliveries > 1 ? ` It was sent ${row.deliveries} times.` : ""}`,
        whoCanFix: "platform-team",
        nextAction: `Check the address of ${declared.id} and the log of what answers there, then retry.`,
      });
    }
    const ms = Math.max(pause, Math.min(answer.afterMs ?? 0, 60_000));
    log(`Sent again in ${ms / 1_000} s.`, "warn");
    if (ms <= IN_PERSON_MS) await wait(ms, undefined, { signal });
    else await attempt.waitOutside<never>(async () => null, { againAfterMs: ms });
  }
}

async function untilReported({ id, http }: Declared, attempt: Attempt, place: Place): Promise<StepReport> {
  return attempt.waitOutside(
    async (tx) => {
      const report = await reportOf(tx, place);
      const [clock] = await tx.execute<{ late: boolean }>(sql`select now() > ${place.deadlineAt}::timestamptz as late`);
      if (report || !clock?.late) return report;
      throw new StepFailure({
        causeCode: "step-action-silent",
        cause: `${id} took the call and did not report within ${http.deadlineMinutes} minutes.`,
        whoCanFix: "platform-team",
        nextAction: "Look at the log of what it calls, then retry; the call is made anew.",
      });
    },
    { againAfterMs: LOOK_AGAIN_MS },
  );
}

type Answer = { said: string } & ({ kind: "taken" } | { kind: "ended"; report: StepReport } | { kind: "refused" } | { kind: "again"; afterMs?: number });

async function send({ http, secrets }: Declared, { key, body }: Sending, signal: AbortSignal): Promise<Answer> {
  const timestamp = Math.floor((performance.timeOrigin + performance.now()) / 1_000);
  const headers = signatureHeaders(secrets, { id: `msg_${key}`, timestamp, body });
  try {
    const answer = await safeFetch(http.url, {
      method: "POST",
      headers: { "content-type": "application/json", accept: "application/json", "idempotency-key": key, ...headers },
      body,
      signal,
      timeoutMs: ANSWER_MS,
      maxBytes: ANSWER_BYTES,
    });
    return understood(http, answer.status, answer.text(), answer.headers["retry-after"]);
  } catch (error) {
    signal.throwIfAborted();
    if (!isDomainError(error)) throw error;
    return { kind: error.code === "invalid" ? "refused" : "again", said: error.message };
  }
}

/** What an answer means: 202 = a report follows, another 2xx is one; 408, 425, 429 and 5xx are worth a repeat; the rest is a refusal. */
function understood(http: Http, status: number, text: string, retryAfter: string | undefined): Answer {
  const { host } = new URL(http.url);
  const shown = text.trim().slice(0, 200);
  const said = `${host} answered ${status}${status >= 300 && shown && !shown.startsWith("<") ? `: ${shown}` : ""}${/[.!?]$/.test(shown) ? "" : "."}`;
  if (status === 202 && http.answer === "callback") return { kind: "taken", said };
  if (status >= 200 && status < 300) {
    const parsed = StepReportBody.safeParse(parsedJson(text));
    if (parsed.success) return { kind: "ended", said, report: parsed.data };
    return { kind: "refused", said: `${host} answered ${status} with something else than {"outputs": …}: ${parsed.error.issues[0]?.message ?? "unreadable"}.` };
  }
  if (status === 408 || status === 425 || status === 429 || status >= 500) {
    const seconds = Number(retryAfter);
    return { kind: "again", said, ...(Number.isFinite(seconds) && seconds > 0 ? { afterMs: seconds * 1_000 } : {}) };
  }
  return { kind: "refused", said };
}

function parsedJson(text: string): unknown {
  if (text.trim() === "") return {};
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
