import { inArray, sql } from "drizzle-orm";
import type { Connection } from "@/db/client";
import { telemetrySources } from "@/db/schema";
import { DomainError } from "@/lib/core/errors";
import { BOUNDS_MS, quantileMs } from "@/lib/core/latency";
import { query } from "@/lib/core/operation";
import { type ProcessFigures, type RequestFigures, type TelemetrySource, type TelemetrySummary, TelemetrySummaryInput } from "./contract";
import { KEEP_COUNTS_DAYS } from "./limits";
import { aboutSubject, ofWhat } from "./visible";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const MAX_ROUTES_SHOWN = 50;
const PROCESS_FRESH_MINUTES = 5;

/** So wide that a chart has at most a hundred and some points; hours where the minutes have been folded. */
function stepSecondsOf(lengthMs: number): number {
  if (lengthMs <= HOUR_MS) return 60;
  if (lengthMs <= DAY_MS) return 600;
  return 3 * 3600;
}

/** The asked window, snapped to its steps. Throws invalid. */
export function windowOf(input: { from?: string | undefined; to?: string | undefined }, now: Date): { from: Date; to: Date; stepSeconds: number } {
  const to = Math.min(input.to ? Date.parse(input.to) : now.getTime(), now.getTime());
  const from = Math.max(input.from ? Date.parse(input.from) : to - HOUR_MS, now.getTime() - KEEP_COUNTS_DAYS * DAY_MS);
  if (from >= to)
    throw new DomainError("invalid", `from is not before to, or older than the ${KEEP_COUNTS_DAYS} days that are kept.`, {
      fields: [{ path: "from", message: "Choose an earlier moment." }],
    });
  const stepSeconds = stepSecondsOf(to - from);
  const step = stepSeconds * 1000;
  return { from: new Date(Math.floor(from / step) * step), to: new Date(to), stepSeconds };
}

interface Sum {
  at: string | null;
  route: string | null;
  requests: number;
  errors: number;
  buckets: number[];
}

export function figuresOf({ requests, errors, buckets }: Pick<Sum, "requests" | "errors" | "buckets">): RequestFigures {
  return { requests, errors, errorShare: requests ? errors / requests : null, p50Ms: quantileMs(buckets, 0.5), p95Ms: quantileMs(buckets, 0.95) };
}

const NOTHING = { requests: 0, errors: 0, buckets: [] };

/** Sums by step, by route and of everything, in one pass over the rows. */
async function sums(on: Connection, sourceIds: number[], window: ReturnType<typeof windowOf>, route: string | undefined): Promise<Sum[]> {
  if (sourceIds.length === 0) return [];
  const sizes = BOUNDS_MS.map((_bound, index) => sql`coalesce(sum(buckets[${sql.raw(String(index + 1))}]), 0)::int`);
  const slowest = sql`coalesce(sum(buckets[${sql.raw(String(BOUNDS_MS.length + 1))}]), 0)::int`;
  const step = sql.raw(String(window.stepSeconds));
  const rows = await on.execute<{ at: number | null; route: string | null; requests: number; errors: number; buckets: number[] }>(sql`
    with m as (select floor(extract(epoch from minute) / ${step})::bigint * ${step} as at, route, requests, errors, buckets from telemetry_minutes
      where source_id in ${sourceIds} and minute >= ${window.from.toISOString()} and minute <= ${window.to.toISOString()} ${route === undefined ? sql`` : sql`and route = ${route}`})
    select at::float8 as at, route, coalesce(sum(requests), 0)::int as requests, coalesce(sum(errors), 0)::int as errors, array[${sql.join([...sizes, slowest], sql`, `)}] as buckets
    from m group by grouping sets ((at), (route), ()) order by at, requests desc`);
  return rows.map(({ at, ...rest }) => ({ ...rest, at: at === null ? null : new Date(at * 1000).toISOString() }));
}

const iso = (at: Date | null) => at?.toISOString() ?? null;

function present(row: typeof telemetrySources.$inferSelect): TelemetrySource {
  const { environmentId, environment, service, version, refusedAt, refusedBecause } = row;
  return {
    environmentId,
    environment,
    service,
    version,
    lastSpanAt: iso(row.lastSpanAt),
    lastMetricAt: iso(row.lastMetricAt),
    lastLogAt: iso(row.lastLogAt),
    refused: refusedAt && refusedBecause ? { at: refusedAt.toISOString(), because: refusedBecause } : null,
  };
}

async function processOf(on: Connection, sourceIds: number[], now: Date): Promise<ProcessFigures | null> {
  if (sourceIds.length !== 1) return null;
  const rows = await on.execute<{ name: string; value: number; at: string }>(sql`
    select distinct on (name) name, value, to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as at from telemetry_readings
    where source_id = ${sourceIds[0]} and minute > ${now.toISOString()}::timestamptz - ${PROCESS_FRESH_MINUTES} * interval '1 minute' order by name, minute desc`);
  const value = (name: string) => rows.find((row) => row.name === name)?.value ?? null;
  const delay = value("event-loop");
  const [newest] = rows
    .map((row) => row.at)
    .sort()
    .reverse();
  return newest ? { cpu: value("cpu"), memoryBytes: value("memory"), eventLoopDelayMs: delay === null ? null : delay * 1000, at: newest } : null;
}

/** Steps without a request are there too, with none. */
function pointsOf(found: Sum[], { from, to, stepSeconds }: ReturnType<typeof windowOf>) {
  const byTime = new Map(found.filter((one) => one.at !== null).map((one) => [one.at, one]));
  const points = [];
  for (let at = from.getTime(); at <= to.getTime(); at += stepSeconds * 1000) {
    const moment = new Date(at).toISOString();
    points.push({ at: moment, ...figuresOf(byTime.get(moment) ?? NOTHING) });
  }
  return points;
}

export const getTelemetrySummary = query({
  name: "telemetry.read",
  summary: "Requests, errors and response times of a service or an environment over time and by route, from its own spans, and when it last sent what.",
  input: TelemetrySummaryInput,
  subject: aboutSubject,
  run: async (on, input, ctx): Promise<TelemetrySummary> => {
    const window = windowOf(input, ctx.now);
    // All senders are told of, also where the figures are of one.
    const sources = await on
      .select()
      .from(telemetrySources)
      .where(ofWhat({ ...input, environment: undefined }))
      .orderBy(sql`greatest(last_span_at, last_metric_at, last_log_at) desc nulls last`);
    const ids = sources.filter((source) => input.environment === undefined || source.environment === input.environment).map((source) => source.id);
    const [found, process] = await Promise.all([sums(on, ids, window, input.route), processOf(on, ids, ctx.now)]);
    const routes = found.flatMap(({ route, ...sum }) => (route === null ? [] : [{ route, ...figuresOf(sum) }]));
    return {
      from: window.from.toISOString(),
      to: window.to.toISOString(),
      stepSeconds: window.stepSeconds,
      total: figuresOf(found.find((one) => one.at === null && one.route === null) ?? NOTHING),
      points: pointsOf(found, window),
      routes: routes.sort((a, b) => b.requests - a.requests).slice(0, MAX_ROUTES_SHOWN),
      sources: sources.map(present),
      process,
    };
  },
});

/** When an environment's telemetry last came, for finding out why it does not. */
export async function readArrival(on: Connection, environmentId: string): Promise<TelemetrySource | null> {
  const [row] = await on
    .select()
    .from(telemetrySources)
    .where(inArray(telemetrySources.environmentId, [environmentId]));
  return row ? present(row) : null;
}
