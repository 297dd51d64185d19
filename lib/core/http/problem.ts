import { DomainError, type ErrorCode, isDomainError } from "../errors";
import { log } from "../log";

const STATUS: Record<ErrorCode, number> = {
  invalid: 422,
  unauthenticated: 401,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  rate_limited: 429,
  unavailable: 503,
};

const TITLES: Record<number, string> = {
  400: "Unreadable request",
  401: "Not signed in",
  403: "Not allowed",
  404: "Not found",
  409: "Conflict",
  413: "Request too large",
  415: "Unsupported content type",
  422: "Invalid values",
  429: "Too many requests",
  // Nobody reads it; proxies write this number for the same.
  499: "Connection closed",
  500: "Unexpected error",
  503: "Temporarily unavailable",
};

/** A failure of the transport itself (400, 413, 415, …), before any domain code ran. */
export class HttpError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
  ) {
    super(message);
    this.name = "HttpError";
  }
}

export interface Problem {
  status: number;
  code: string;
  detail: string;
  errors?: { path: string; message: string }[];
  retryAfterSeconds?: number | undefined;
}

/** A lost connection, a deadlock or a lock not got in time: worth a repeat, and not the caller's fault. */
function isDatabaseDown(error: unknown): boolean {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  const cause = error instanceof Error ? error.cause : undefined;
  return (
    /^(CONNECT_TIMEOUT|CONNECTION_(CLOSED|ENDED|DESTROYED)|ECONNREFUSED|ECONNRESET|EPIPE|57P0[123]|57014|40001|40P01|55P03|08\w{3}|53\w{3})$/.test(code) ||
    (cause instanceof Error && isDatabaseDown(cause))
  );
}

/** The error as a DomainError: the same one, `unavailable` for a lost database, or null for a bug. */
export function expectedError(error: unknown): DomainError | null {
  if (isDomainError(error)) return error;
  if (isDatabaseDown(error)) {
    return new DomainError("unavailable", "The database did not answer in time. Try again in a few seconds; with an Idempotency-Key a repeat counts once.", {
      retryAfterSeconds: 2,
    });
  }
  return null;
}

/** The error in the words and codes of every edge. Unexpected ones are logged and shown only as a reference. */
export function problemOf(error: unknown, requestId: string): Problem {
  if (error instanceof HttpError) return { status: error.status, code: error.code, detail: error.message };
  const expected = expectedError(error);
  if (expected) {
    return {
      status: STATUS[expected.code],
      code: expected.code,
      detail: expected.message,
      ...(expected.fields.length ? { errors: expected.fields } : {}),
      retryAfterSeconds: expected.retryAfterSeconds ?? (expected.code === "rate_limited" || expected.code === "unavailable" ? 5 : undefined),
    };
  }
  if (error instanceof Error && error.name === "AbortError") return { status: 499, code: "closed", detail: "The connection was closed before the answer was ready." };
  log().error({ err: error, requestId }, "unexpected error");
  return { status: 500, code: "unexpected", detail: `Something unexpected happened. Tell the platform team the reference ${requestId}.` };
}

/** The error as RFC 9457 problem+json. */
export function problemResponse(error: unknown, requestId: string): Response {
  const { retryAfterSeconds, ...problem } = problemOf(error, requestId);
  const headers: Record<string, string> = { "content-type": "application/problem+json", "cache-control": "no-store", "x-request-id": requestId };
  if (retryAfterSeconds) headers["retry-after"] = String(retryAfterSeconds);
  if (problem.status === 401) headers["www-authenticate"] = 'Bearer realm="waymark"';
  return new Response(JSON.stringify({ type: "about:blank", title: TITLES[problem.status] ?? "Error", ...problem, requestId }), { status: problem.status, headers });
}
