import { randomUUID } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import { EXIT, Exit } from "./exit";
import { Refused, readProblem } from "./problem";
import { cleanLine, tell } from "./terminal";

/** About nine seconds in all: longer than a portal takes to start again. */
const TRIES = 6;
const TRIES_IN_SILENCE = 2;
const ANSWER_MS = 30_000;
const LONGEST_WAIT_SECONDS = 10;

export interface Client {
  /** Origin of the portal. */
  url: string;
  /** One request of the HTTP API, with a JSON body or a form with files. Throws Refused for a no, Exit 5 when no portal answers, AbortError when `signal` aborts. */
  call<T>(method: string, path: string, body?: unknown, signal?: AbortSignal): Promise<T>;
  /** Opens an event stream; the caller checks what came back. */
  stream(path: string, signal: AbortSignal, lastEventId: number): Promise<Response>;
}

interface Answer {
  status: number;
  type: string;
  text: string;
  retryAfter: number;
  location: string | null;
}

const START_HELP = "Start a portal with `npm start` in a checkout of Waymark, or name yours with --url or WAYMARK_URL.";

/** Speaks to a portal. A request whose answer got lost is repeated under the same Idempotency-Key, so that it counts once. */
export function openClient(url: string, token: string | null): Client {
  const headers = { accept: "application/json", "x-waymark-client": "cli", ...(token ? { authorization: `Bearer ${token}` } : {}) };
  return {
    url,
    async call<T>(method: string, path: string, body?: unknown, signal?: AbortSignal): Promise<T> {
      const init: RequestInit = {
        method,
        // A redirect would carry the token to an address nobody has checked.
        redirect: "manual",
        headers: {
          ...headers,
          ...(body === undefined || body instanceof FormData ? {} : { "content-type": "application/json" }),
          ...(method === "POST" ? { "idempotency-key": randomUUID() } : {}),
        },
        ...(body === undefined ? {} : { body: body instanceof FormData ? body : JSON.stringify(body) }),
      };
      const answer = readAnswer<T>(url, await patiently(url, path, init, signal));
      tellWarnings(answer);
      return answer;
    },
    stream: (path, signal, lastEventId) =>
      fetch(`${url}${path}`, {
        redirect: "manual",
        headers: { ...headers, accept: "text/event-stream", ...(lastEventId ? { "last-event-id": String(lastEventId) } : {}) },
        signal,
      }),
  };
}

/** What guardrails have to say of something that they let through. */
function tellWarnings(answer: unknown): void {
  const { warnings } = (answer ?? {}) as { warnings?: unknown };
  if (!Array.isArray(warnings)) return;
  for (const one of warnings as Partial<Record<string, unknown>>[]) tell(cleanLine(`Warning: ${one.message} ${one.fix} (guardrail ${one.name})`));
}

function readAnswer<T>(url: string, { status, type, text, location }: Answer): T {
  if (status >= 300 && status < 400)
    throw new Exit(EXIT.unreachable, `${url} sends on to ${location ?? "another address"}. If that is your portal, name it with --url or WAYMARK_URL.`);
  const stranger = () => new Exit(EXIT.unreachable, `What answers at ${url} (status ${status}) is not a Waymark portal, or one too old for this command. ${START_HELP}`);
  if (status >= 400) {
    const problem = readProblem(status, type, text);
    throw problem ? new Refused(problem) : stranger();
  }
  if (status === 204) return null as T;
  try {
    return JSON.parse(text) as T;
  } catch {
    throw stranger();
  }
}

async function once(url: string, path: string, init: RequestInit, signal: AbortSignal | undefined): Promise<Answer> {
  const late = AbortSignal.timeout(ANSWER_MS);
  const answer = await fetch(`${url}${path}`, { ...init, signal: signal ? AbortSignal.any([signal, late]) : late });
  return {
    status: answer.status,
    type: answer.headers.get("content-type") ?? "",
    // Read here, so that an answer cut in the middle counts as lost.
    text: await answer.text(),
    retryAfter: Number(answer.headers.get("retry-after")),
    location: answer.headers.get("location"),
  };
}

const isTemporary = (status: number) => status === 502 || status === 503 || status === 504;

async function patiently(url: string, path: string, init: RequestInit, signal: AbortSignal | undefined): Promise<Answer> {
  for (let attempt = 1; ; attempt++) {
    const growing = 0.3 * 2 ** (attempt - 1);
    let seconds = growing;
    try {
      const answer = await once(url, path, init, signal);
      if (!isTemporary(answer.status) || attempt === TRIES) return answer;
      seconds = Math.min(LONGEST_WAIT_SECONDS, Math.max(growing, answer.retryAfter || 0));
    } catch (error) {
      if (signal?.aborted) throw error;
      if (attempt === TRIES || !isWorthRepeating(error, attempt)) throw new Exit(EXIT.unreachable, `No portal answers at ${url}${reason(error)}. ${START_HELP}`);
    }
    if (attempt === TRIES_IN_SILENCE) tell(`${url} does not answer yet. Trying again.`);
    await wait(seconds * 1000, undefined, signal ? { signal } : {});
  }
}

/** What is behind a failed fetch: a code such as ECONNRESET, else its words. */
function causeOf(error: unknown): string {
  if (error instanceof Error && error.name === "TimeoutError") return "TIMEOUT";
  const cause = error instanceof Error ? (error.cause ?? error) : error;
  const inner = cause instanceof AggregateError ? cause.errors[0] : cause;
  if (!(inner instanceof Error)) return String(inner);
  return "code" in inner ? String(inner.code) : inner.message;
}

const NOTHING_LISTENS = ["ECONNREFUSED", "ENOTFOUND"];

/** A connection that broke may work next time, and a portal that just answered may be restarting; a bad certificate or address stays bad. */
function isWorthRepeating(error: unknown, attempt: number): boolean {
  const cause = causeOf(error);
  return NOTHING_LISTENS.includes(cause) ? attempt > 1 : /^(TIMEOUT|ECONN|EPIPE|ETIMEDOUT|EHOST|ENET|EAI_AGAIN|UND_ERR_)/.test(cause);
}

function reason(error: unknown): string {
  const cause = causeOf(error);
  if (cause === "TIMEOUT") return ` within ${ANSWER_MS / 1000} s`;
  if (NOTHING_LISTENS.includes(cause)) return "";
  return /CERT|SIGNATURE|ERR_TLS|ERR_SSL/.test(cause) ? ` whose certificate is trusted here (${cause}; NODE_EXTRA_CA_CERTS names a file with your own authority)` : ` (${cause})`;
}
