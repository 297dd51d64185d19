import { KEEP_HOURS, MAX_AHEAD_MS, MAX_LOG_CHARS } from "../limits";
import { type FromResource, type Refused, readResources } from "./read";
import { field, millisOf, numberOf, optionalId, textOf } from "./values";

export interface LogRecord {
  atMs: number;
  severity: number;
  body: string;
  traceId: string | null;
  spanId: string | null;
}

/** `INFO`; less is taken and not kept. */
const INFO = 9;

function readRecord(value: unknown, nowMs: number): LogRecord[] | string {
  const atMs = millisOf(field(value, "timeUnixNano")) ?? millisOf(field(value, "observedTimeUnixNano"));
  if (atMs === null) return "A log record has no timeUnixNano and no observedTimeUnixNano.";
  if (atMs < nowMs - KEEP_HOURS * 3_600_000) return `A log record is older than ${KEEP_HOURS} hours.`;
  if (atMs > nowMs + MAX_AHEAD_MS) return "A log record is of the future. Check the sender's clock.";
  const severity = numberOf(field(value, "severityNumber") ?? 0);
  if (severity === null) return "A log record's severityNumber is not a number.";
  const [traceId, spanId] = [optionalId(field(value, "traceId"), 16), optionalId(field(value, "spanId"), 8)];
  if (traceId === undefined || spanId === undefined) return "A log record's traceId or spanId has the wrong length.";
  if (severity > 0 && severity < INFO) return [];
  const body = textOf(field(value, "body"), MAX_LOG_CHARS);
  return [{ atMs, severity: Math.min(24, Math.max(INFO, Math.trunc(severity))), body, traceId, spanId }];
}

/** The log records of a request from `INFO` on. Throws Malformed. */
export const readLogRecords = (request: unknown, nowMs: number, refused: Refused): FromResource<LogRecord>[] =>
  readResources("logs", request, (value) => readRecord(value, nowMs), refused);
