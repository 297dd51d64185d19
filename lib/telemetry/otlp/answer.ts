import type { Encoding } from "./body";
import { encodeAnswer, encodeStatus, type Signal } from "./messages";

const CONTENT: Record<Encoding, string> = { json: "application/json", protobuf: "application/x-protobuf" };
const REJECTED: Record<Signal, string> = { traces: "rejectedSpans", metrics: "rejectedDataPoints", logs: "rejectedLogRecords" };
/** google.rpc.Code, which OTLP failures name beside the HTTP status. */
const CODES: Record<number, number> = { 400: 3, 401: 16, 403: 7, 404: 5, 405: 12, 413: 3, 415: 3, 429: 8, 503: 14 };
const INTERNAL = 13;

function respond(encoding: Encoding, status: number, bytes: Uint8Array | string, more: Record<string, string> = {}): Response {
  return new Response(typeof bytes === "string" ? bytes : Buffer.from(bytes), { status, headers: { "content-type": CONTENT[encoding], "cache-control": "no-store", ...more } });
}

/** All was taken, or all but `rejected` items. */
export function success(encoding: Encoding, signal: Signal, rejected: number, because: string): Response {
  if (encoding === "protobuf") return respond(encoding, 200, encodeAnswer(rejected > 0 ? { rejected, errorMessage: because } : null));
  // 64-bit numbers are texts in protobuf's JSON.
  return respond(encoding, 200, JSON.stringify(rejected > 0 ? { partialSuccess: { [REJECTED[signal]]: String(rejected), errorMessage: because } } : {}));
}

/** A failure in the sender's encoding; senders repeat 429 and 503 after the seconds named, and nothing else. */
export function failed(encoding: Encoding, status: number, message: string, retryAfterSeconds?: number): Response {
  const body = { code: CODES[status] ?? INTERNAL, message };
  const more = {
    ...(retryAfterSeconds === undefined ? {} : { "retry-after": String(retryAfterSeconds) }),
    ...(status === 401 ? { "www-authenticate": 'Bearer realm="waymark"' } : {}),
  };
  return respond(encoding, status, encoding === "json" ? JSON.stringify(body) : encodeStatus(body), more);
}
