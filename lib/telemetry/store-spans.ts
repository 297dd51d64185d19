import { sql } from "drizzle-orm";
import type { Tx } from "@/db/client";
import type { StoredSpan } from "@/db/schema/telemetry";
import { BOUNDS_MS, bucketOf } from "@/lib/core/latency";
import { MAX_ROUTES, MAX_SPANS_OF_TRACE, OTHER_ROUTES, SLOW_MS, TRACE_RATE } from "./limits";
import type { Span } from "./otlp/spans";
import { isFailed, isProbe, isRequest, routeOf, statusCodeOf } from "./route-of";
import { Bucket } from "./throttle";

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;

/** The routes that a source was seen with in this hour: one that puts ids into its routes must not fill the table. */
const routes = new Map<number, { hour: number; names: Set<string> }>();

function limitedRoute(sourceId: number, route: string, nowMs: number): string {
  const hour = Math.floor(nowMs / HOUR_MS);
  let seen = routes.get(sourceId);
  if (seen?.hour !== hour) {
    seen = { hour, names: new Set() };
    routes.set(sourceId, seen);
  }
  if (!seen.names.has(route) && seen.names.size >= MAX_ROUTES) return OTHER_ROUTES;
  seen.names.add(route);
  return route;
}

interface Minute {
  minute: string;
  route: string;
  requests: number;
  errors: number;
  buckets: number[];
}

/** The figures of requests, in the order of their keys so that two batches never wait for each other crosswise. */
function minutesOf(sourceId: number, spans: Span[], nowMs: number): Minute[] {
  const found = new Map<string, Minute>();
  for (const span of spans) {
    const minute = new Date(Math.floor(span.end / MINUTE_MS) * MINUTE_MS).toISOString();
    const route = limitedRoute(sourceId, routeOf(span), nowMs);
    const key = `${minute} ${route}`;
    const one = found.get(key) ?? { minute, route, requests: 0, errors: 0, buckets: new Array<number>(BOUNDS_MS.length + 1).fill(0) };
    found.set(key, one);
    one.requests++;
    if (isFailed(span)) one.errors++;
    const bucket = bucketOf(span.end - span.start);
    one.buckets[bucket] = (one.buckets[bucket] ?? 0) + 1;
  }
  return [...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => one);
}

const signed = (spanId: string) => String(BigInt.asIntN(64, BigInt(`0x${spanId}`)));

/** Counts requests that were not counted before: a repeat of a span changes nothing, whatever batch it comes in. */
async function countRequests(tx: Tx, sourceId: number, spans: Span[], nowMs: number): Promise<void> {
  const byId = new Map(spans.map((span) => [signed(span.spanId), span]));
  if (byId.size === 0) return;
  const rows = [...byId].sort(([a], [b]) => (a < b ? -1 : 1)).map(([span, { end }]) => ({ span, ended: new Date(end).toISOString() }));
  const fresh = await tx.execute<{ span: string }>(sql`
    insert into telemetry_counted (source_id, span, ended_at) select ${sourceId}, r.span, r.ended from jsonb_to_recordset(${JSON.stringify(rows)}::text::jsonb) as r(span bigint, ended timestamptz)
    on conflict do nothing returning span::text`);
  const minutes = minutesOf(
    sourceId,
    fresh.flatMap(({ span }) => byId.get(span) ?? []),
    nowMs,
  );
  if (minutes.length === 0) return;
  await tx.execute(sql`
    insert into telemetry_minutes as m (source_id, minute, route, requests, errors, buckets)
    select ${sourceId}, r.minute, r.route, r.requests, r.errors, r.buckets
    from jsonb_to_recordset(${JSON.stringify(minutes)}::text::jsonb) as r(minute timestamptz, route text, requests int, errors int, buckets int[])
    on conflict (source_id, minute, route) do update set requests = m.requests + excluded.requests, errors = m.errors + excluded.errors,
      buckets = array(select coalesce(a, 0) + coalesce(b, 0) from unnest(m.buckets, excluded.buckets) as both_sides(a, b))`);
}

interface Trace {
  trace_id: string;
  started: string;
  ended: string;
  name: string;
  route: string | null;
  ms: number;
  status: number | null;
  error: boolean;
  spans: Record<string, StoredSpan>;
}

/** The span that a trace is named after: the request without another above it, else the first without a parent, else the earliest. */
function headOf(spans: Span[]): Span | undefined {
  const ids = new Set(spans.map((span) => span.spanId));
  const tops = spans.filter((span) => !span.parent || !ids.has(span.parent));
  return tops.find(isRequest) ?? tops.find((span) => !span.parent) ?? tops.toSorted((a, b) => a.start - b.start)[0];
}

function traceOf(traceId: string, spans: Span[]): Trace | null {
  const head = headOf(spans);
  if (!head) return null;
  const stored = Object.fromEntries(spans.slice(0, MAX_SPANS_OF_TRACE).map(({ traceId: _trace, spanId, isInner: _inner, ...span }) => [spanId, span]));
  return {
    trace_id: traceId,
    started: new Date(Math.min(...spans.map((span) => span.start))).toISOString(),
    ended: new Date(Math.max(...spans.map((span) => span.end))).toISOString(),
    name: isRequest(head) ? routeOf(head) : head.name,
    route: isRequest(head) ? routeOf(head) : null,
    ms: head.end - head.start,
    status: statusCodeOf(head),
    error: spans.some((span) => span.error === true || (isRequest(span) && isFailed(span))),
    spans: stored,
  };
}

const budgets = new Map<number, { usual: Bucket; notable: Bucket; kept: Set<string> }>();
const MAX_REMEMBERED = 500;

/** Within a source's share; those with an error and slow ones have one of their own. What came of a trace before lets the rest in. */
function isKept(sourceId: number, { trace_id, error, ms }: Trace, nowMs: number): boolean {
  let budget = budgets.get(sourceId);
  if (!budget) {
    budget = { usual: new Bucket(TRACE_RATE, nowMs), notable: new Bucket(TRACE_RATE, nowMs), kept: new Set() };
    budgets.set(sourceId, budget);
  }
  if (budget.kept.has(trace_id)) return true;
  const isIn = budget.usual.take(nowMs) || ((error || ms >= SLOW_MS) && budget.notable.take(nowMs));
  if (!isIn) return false;
  if (budget.kept.size >= MAX_REMEMBERED) budget.kept.clear();
  budget.kept.add(trace_id);
  return true;
}

async function keepTraces(tx: Tx, sourceId: number, spans: Span[], nowMs: number): Promise<void> {
  const byTrace = new Map<string, Span[]>();
  for (const span of spans) {
    const known = byTrace.get(span.traceId);
    if (known) known.push(span);
    else byTrace.set(span.traceId, [span]);
  }
  const traces = [...byTrace]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([traceId, ofTrace]) => traceOf(traceId, ofTrace) ?? [])
    .filter((trace) => isKept(sourceId, trace, nowMs));
  if (traces.length === 0) return;
  // A part that has the request, or failing that the one that lasted longer, names the whole.
  const better = sql`(excluded.route is not null and (t.route is null or excluded.duration_ms > t.duration_ms)) or (t.route is null and excluded.duration_ms > t.duration_ms)`;
  await tx.execute(sql`
    insert into telemetry_traces as t (source_id, trace_id, started_at, ended_at, name, route, duration_ms, status_code, is_error, spans)
    select ${sourceId}, r.trace_id, r.started, r.ended, r.name, r.route, r.ms, r.status, r.error, r.spans
    from jsonb_to_recordset(${JSON.stringify(traces)}::text::jsonb)
      as r(trace_id text, started timestamptz, ended timestamptz, name text, route text, ms double precision, status smallint, error boolean, spans jsonb)
    on conflict (source_id, trace_id) do update set
      started_at = least(t.started_at, excluded.started_at), ended_at = greatest(t.ended_at, excluded.ended_at), is_error = t.is_error or excluded.is_error,
      name = case when ${better} then excluded.name else t.name end, route = case when ${better} then excluded.route else t.route end,
      duration_ms = case when ${better} then excluded.duration_ms else t.duration_ms end, status_code = case when ${better} then excluded.status_code else t.status_code end,
      spans = case when (select count(*) from jsonb_object_keys(t.spans)) < ${MAX_SPANS_OF_TRACE} then t.spans || excluded.spans else t.spans end`);
}

/** Counts the requests among the spans and keeps traces of them, in one transaction. */
export async function storeSpans(tx: Tx, sourceId: number, spans: Span[], nowMs: number): Promise<void> {
  const probes = new Set(spans.filter((span) => isRequest(span) && isProbe(span)).map((span) => span.traceId));
  const counted = spans.filter((span) => isRequest(span) && !isProbe(span));
  await countRequests(tx, sourceId, counted, nowMs);
  await keepTraces(
    tx,
    sourceId,
    spans.filter((span) => !probes.has(span.traceId)),
    nowMs,
  );
}

/** What this process remembers of sources, for tests and when there is too much of it. */
export function forgetBudgets(): void {
  budgets.clear();
  routes.clear();
}
