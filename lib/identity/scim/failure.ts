import type { ErrorCode } from "@/lib/core/errors";
import { expectedError, HttpError } from "@/lib/core/http/problem";
import { log } from "@/lib/core/log";
import { ERROR_SCHEMA, ScimRefusal, type ScimType, StaleVersion } from "./protocol";

export interface Answered {
  status: number;
  /** Null = no body. */
  body: unknown;
  headers: Record<string, string>;
  /** Set on refusals: what the page of the connection shows. */
  problem: { scimType: string | null; detail: string } | null;
}

const STATUS: Record<ErrorCode, number> = { invalid: 400, unauthenticated: 401, forbidden: 403, not_found: 404, conflict: 409, rate_limited: 429, unavailable: 503 };

interface Failure {
  status: number;
  scimType: ScimType | null;
  detail: string;
  retryAfterSeconds?: number | undefined;
}

/** An error as RFC 7644 §3.12 writes it. Unexpected ones are logged and shown only as a reference. */
export function failureOf(error: unknown, requestId: string): Answered {
  const { status, scimType, detail, retryAfterSeconds } = read(error, requestId);
  return {
    status,
    body: { schemas: [ERROR_SCHEMA], status: String(status), ...(scimType ? { scimType } : {}), detail },
    headers: {
      ...(retryAfterSeconds ? { "retry-after": String(retryAfterSeconds) } : {}),
      ...(status === 401 ? { "www-authenticate": 'Bearer realm="waymark"' } : {}),
    },
    problem: { scimType, detail },
  };
}

function read(error: unknown, requestId: string): Failure {
  if (error instanceof HttpError) return { status: error.status, scimType: error.status === 400 ? "invalidSyntax" : null, detail: error.message };
  if (error instanceof StaleVersion) return { status: 412, scimType: null, detail: error.message };
  if (error instanceof ScimRefusal) return { status: STATUS[error.code], scimType: error.scimType, detail: error.message };
  const expected = expectedError(error);
  if (expected) {
    const { code, message } = expected;
    const retryAfterSeconds = expected.retryAfterSeconds ?? (code === "unavailable" ? 5 : undefined);
    return { status: STATUS[code], scimType: code === "invalid" ? "invalidValue" : null, detail: message, retryAfterSeconds };
  }
  log().error({ err: error, requestId }, "unexpected error in a provisioning request");
  return { status: 500, scimType: null, detail: `Something unexpected happened. Tell the platform team the reference ${requestId}.` };
}
