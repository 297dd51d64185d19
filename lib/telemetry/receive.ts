import { expectedError, HttpError } from "@/lib/core/http/problem";
import { log } from "@/lib/core/log";
import { authenticateSender } from "./authenticate";
import { MAX_ITEMS } from "./limits";
import { failed, success } from "./otlp/answer";
import { type Encoding, encodingOf, readRequest } from "./otlp/body";
import { SIGNALS, type Signal } from "./otlp/messages";
import { countItems, Malformed } from "./otlp/read";
import type { Sender } from "./sources";
import { takeRequest } from "./take";
import { Throttle } from "./throttle";

/** Requests of all senders that are worked on at the same time in this process. */
const AT_ONCE = 6;
const FORGET_AFTER_MS = 10 * 60_000;
/** At most this often a lost database asks senders to come back. */
const DATABASE_WAIT_SECONDS = 5;

/** Requests that wait for their turn; since a sender has two at most, one alone cannot fill the line. */
const MAX_WAITING = 40;

const throttle = new Throttle();
const waiting: (() => void)[] = [];
let atWork = 0;

class Wait extends Error {
  constructor(
    readonly status: 429 | 503,
    message: string,
    readonly seconds: number,
  ) {
    super(message);
  }
}

const tooMuch = (seconds: number) => new Wait(429, `More comes than is taken from one sender. Wait ${seconds} s; send larger batches less often, or sample.`, seconds);

async function take(request: Request, signal: Signal, encoding: Encoding, sender: Sender, nowMs: number): Promise<Response> {
  const { tree, bytes } = await readRequest(request, signal, encoding);
  const items = countItems(signal, tree);
  if (items > MAX_ITEMS) throw new HttpError(413, "too_large", `The request has ${items} items; at most ${MAX_ITEMS} are taken at once. Send smaller batches.`);
  const wait = throttle.spend(sender.key, { items, bytes }, performance.now());
  if (wait > 0) throw tooMuch(wait);
  const { refused } = await takeRequest(sender, signal, tree, nowMs);
  return success(encoding, signal, refused.count, refused.because);
}

/** Does the work when it is its turn. Throws Wait when the line is too long. */
async function inTurn<T>(work: () => Promise<T>): Promise<T> {
  if (atWork >= AT_ONCE) {
    if (waiting.length >= MAX_WAITING) throw new Wait(503, "The receiver is busy. Try again.", 1);
    await new Promise<void>((resolve) => waiting.push(resolve));
  } else atWork++;
  try {
    return await work();
  } finally {
    // Whoever is next takes over the place.
    const next = waiting.shift();
    if (next) next();
    else atWork--;
  }
}

async function receive(request: Request, signal: Signal, encoding: Encoding): Promise<Response> {
  const { sender, nowMs } = await authenticateSender(request);
  const wait = throttle.enter(sender.key, performance.now());
  if (wait > 0) throw tooMuch(wait);
  try {
    return await inTurn(() => take(request, signal, encoding, sender, nowMs));
  } finally {
    throttle.leave(sender.key);
    throttle.forget(FORGET_AFTER_MS, performance.now());
  }
}

function failure(error: unknown, encoding: Encoding): Response {
  if (error instanceof Wait) return failed(encoding, error.status, error.message, error.seconds);
  if (error instanceof Malformed) return failed(encoding, 400, error.message);
  if (error instanceof HttpError) return failed(encoding, error.status, error.message);
  const expected = expectedError(error);
  if (expected) return failed(encoding, expected.code === "rate_limited" ? 429 : 503, expected.message, expected.retryAfterSeconds ?? DATABASE_WAIT_SECONDS);
  log().error({ err: error }, "telemetry could not be stored");
  return failed(encoding, 500, "Something unexpected happened. The platform's log says more.");
}

/** `POST /otlp/v1/{signal}`: OTLP over HTTP, in JSON or protobuf, as OpenTelemetry's specification has it. */
export async function receiveOtlp(request: Request, name: string): Promise<Response> {
  const signal = SIGNALS.find((one) => one === name);
  const encoding = encodingOf(request.headers);
  if (!signal) return failed(encoding ?? "json", 404, `There is no signal "${name.slice(0, 40)}". There are: ${SIGNALS.join(", ")}.`);
  if (!encoding) return failed("json", 415, "The content type is not application/x-protobuf or application/json.");
  try {
    return await receive(request, signal, encoding);
  } catch (error) {
    return failure(error, encoding);
  }
}
