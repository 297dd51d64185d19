import { createHash } from "node:crypto";
import { sql } from "drizzle-orm";
import type { Tx } from "@/db/client";
import { LOG_RATE } from "./limits";
import type { LogRecord } from "./otlp/logs";
import { Bucket } from "./throttle";

const WARN = 13;
const budgets = new Map<number, { usual: Bucket; notable: Bucket }>();

/** Within a source's share; from `WARN` on with one of their own. */
function isKept(sourceId: number, { severity }: LogRecord, nowMs: number): boolean {
  let budget = budgets.get(sourceId);
  if (!budget) {
    budget = { usual: new Bucket(LOG_RATE, nowMs), notable: new Bucket(LOG_RATE, nowMs) };
    budgets.set(sourceId, budget);
  }
  return budget.usual.take(nowMs) || (severity >= WARN && budget.notable.take(nowMs));
}

/** Log records have no ids: the same words of the same span at the same moment are a repeat. */
const hashOf = ({ body, traceId, spanId, severity, atMs }: LogRecord) =>
  String(
    createHash("sha256")
      .update(JSON.stringify([body, traceId, spanId, severity, atMs]))
      .digest()
      .readBigInt64BE(),
  );

/** Keeps log records. Returns how many were more than the source may store. */
export async function storeLogs(tx: Tx, sourceId: number, records: LogRecord[], nowMs: number): Promise<number> {
  const kept = records.filter((record) => isKept(sourceId, record, nowMs));
  if (kept.length === 0) return records.length;
  const rows = kept.map((record) => ({
    at: new Date(record.atMs).toISOString(),
    hash: hashOf(record),
    severity: record.severity,
    body: record.body,
    trace_id: record.traceId,
    span_id: record.spanId,
  }));
  await tx.execute(sql`
    insert into telemetry_logs (source_id, at, hash, severity, body, trace_id, span_id)
    select ${sourceId}, r.* from jsonb_to_recordset(${JSON.stringify(rows)}::text::jsonb) as r(at timestamptz, hash bigint, severity smallint, body text, trace_id text, span_id text)
    on conflict do nothing`);
  return records.length - kept.length;
}
