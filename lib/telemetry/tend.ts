import { sql } from "drizzle-orm";
import { db } from "@/db/client";
import { KEEP_COUNTS_DAYS, KEEP_ERROR_TRACES, KEEP_HOURS, KEEP_LOGS, KEEP_MINUTES_HOURS, KEEP_NEWEST_TRACES, KEEP_SLOW_TRACES, REMEMBER_MINUTES } from "./limits";

const hours = (count: number) => sql`now() - ${count} * interval '1 hour'`;

/** Of each source the newest traces, the newest with an error and the slowest stay. */
async function trimTraces(): Promise<void> {
  await db().execute(sql`
    delete from telemetry_traces t using (
      select source_id, trace_id, row_number() over (partition by source_id order by started_at desc) as newest,
        row_number() over (partition by source_id order by is_error desc, started_at desc) as failed,
        row_number() over (partition by source_id order by duration_ms desc) as slowest, is_error
      from telemetry_traces) r
    where t.source_id = r.source_id and t.trace_id = r.trace_id
      and r.newest > ${KEEP_NEWEST_TRACES} and not (r.is_error and r.failed <= ${KEEP_ERROR_TRACES}) and r.slowest > ${KEEP_SLOW_TRACES}`);
}

async function trimLogs(): Promise<void> {
  // Materialized: the cut of a source is looked up once, not for each of its lines.
  await db().execute(sql`
    with cut as materialized (
      select s.id, (select at from telemetry_logs o where o.source_id = s.id order by at desc offset ${KEEP_LOGS} limit 1) as before from telemetry_sources s)
    delete from telemetry_logs l using cut where l.source_id = cut.id and l.at <= cut.before`);
}

/** What one sender could fill goes every minute, so that a flood never holds more than a minute's worth above the caps. */
export async function trimTelemetry(): Promise<void> {
  await trimTraces();
  await trimLogs();
  await db().execute(sql`delete from telemetry_counted where ended_at < now() - ${REMEMBER_MINUTES} * interval '1 minute'`);
}

/** Minutes that are older than a day become hours. */
async function foldMinutes(): Promise<void> {
  await db().transaction(async (tx) => {
    const old = await tx.execute<{ source_id: number; hour: string; route: string; requests: number; errors: number; buckets: number[] }>(sql`
      delete from telemetry_minutes where minute < date_trunc('hour', ${hours(KEEP_MINUTES_HOURS)}) and minute <> date_trunc('hour', minute)
      returning source_id, to_char(date_trunc('hour', minute) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as hour, route, requests, errors, buckets`);
    const byHour = new Map<string, (typeof old)[number]>();
    for (const row of old) {
      const key = `${row.source_id} ${row.hour} ${row.route}`;
      const sum = byHour.get(key);
      if (!sum) byHour.set(key, { ...row, buckets: [...row.buckets] });
      else {
        sum.requests += row.requests;
        sum.errors += row.errors;
        for (const [index, count] of row.buckets.entries()) sum.buckets[index] = (sum.buckets[index] ?? 0) + count;
      }
    }
    if (byHour.size === 0) return;
    await tx.execute(sql`
      insert into telemetry_minutes as m (source_id, minute, route, requests, errors, buckets)
      select r.source_id, r.hour, r.route, r.requests, r.errors, r.buckets
      from jsonb_to_recordset(${JSON.stringify([...byHour.values()])}::text::jsonb) as r(source_id int, hour timestamptz, route text, requests int, errors int, buckets int[])
      on conflict (source_id, minute, route) do update set requests = m.requests + excluded.requests, errors = m.errors + excluded.errors,
        buckets = array(select coalesce(a, 0) + coalesce(b, 0) from unnest(m.buckets, excluded.buckets) as both_sides(a, b))`);
  });
}

/** What is older than it is kept goes, every hour; a source that has been silent as long as its figures are kept goes with it. */
export async function forgetTelemetry(): Promise<void> {
  await foldMinutes();
  await db().execute(sql`delete from telemetry_minutes where minute < ${hours(KEEP_COUNTS_DAYS * 24)}`);
  await db().execute(sql`delete from telemetry_traces where ended_at < ${hours(KEEP_HOURS)}`);
  await db().execute(sql`delete from telemetry_logs where at < ${hours(KEEP_HOURS)}`);
  await db().execute(sql`delete from telemetry_readings where minute < ${hours(KEEP_HOURS)}`);
  await db().execute(sql`
    delete from telemetry_sources where greatest(first_seen_at, last_span_at, last_metric_at, last_log_at) < ${hours(KEEP_COUNTS_DAYS * 24)}`);
}
