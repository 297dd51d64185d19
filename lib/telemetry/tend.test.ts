import { eq, sql } from "drizzle-orm";
import { beforeAll, expect, test } from "vitest";
import { db } from "@/db/client";
import { telemetryCounted, telemetryLogs, telemetryMinutes, telemetrySources, telemetryTraces } from "@/db/schema";
import { BOUNDS_MS } from "@/lib/core/latency";
import { useOwnDatabase } from "@/tests/setup/own-database";
import { aPerson, aTeam } from "@/tests/setup/people";
import { anEnvironment } from "@/tests/setup/telemetry-world";
import { KEEP_ERROR_TRACES, KEEP_LOGS, KEEP_NEWEST_TRACES, KEEP_SLOW_TRACES } from "./limits";
import { forgetTelemetry, trimTelemetry } from "./tend";

useOwnDatabase();

let ownerId: string;
beforeAll(async () => {
  await aTeam("checkout");
  ownerId = await aPerson("ada", { teams: { checkout: "member" } });
});

async function aSource(seenHoursAgo = 0): Promise<number> {
  const { id } = await anEnvironment("checkout", ownerId);
  const seen = sql`now() - ${seenHoursAgo} * interval '1 hour'`;
  const row = { environmentId: id, teamId: "tea_checkout", service: "shop", environment: "sandbox", firstSeenAt: seen, lastSpanAt: seen };
  const [source] = await db()
    .insert(telemetrySources)
    .values(row as never)
    .returning({ id: telemetrySources.id });
  return source?.id ?? 0;
}

/** A trace a second, the newest first. */
const fillTraces = (sourceId: number, count: number, isError: string, ms: string) =>
  db().execute(sql`
    insert into telemetry_traces (source_id, trace_id, started_at, ended_at, name, duration_ms, is_error, spans)
    select ${sourceId}, lpad(to_hex(n), 32, '0'), now() - n * interval '1 second', now() - n * interval '1 second', 'GET /', ${sql.raw(ms)}, ${sql.raw(isError)}, '{}' from generate_series(1, ${count}) n`);

test("of a source the newest traces stay, older ones with an error and the slowest of all, and its neighbour keeps its own", async () => {
  const [flood, neighbour] = [await aSource(), await aSource()];
  await fillTraces(flood, 2_000, "n % 4 = 0", "case when n > 1990 then 9000 else n % 90 end");
  await fillTraces(neighbour, 20, "false", "5");
  await trimTelemetry();
  const kept = await db().select().from(telemetryTraces).where(eq(telemetryTraces.sourceId, flood));
  const number = ({ traceId }: { traceId: string }) => Number.parseInt(traceId, 16);
  expect(kept.length).toBeLessThanOrEqual(KEEP_NEWEST_TRACES + KEEP_ERROR_TRACES + KEEP_SLOW_TRACES);
  expect(kept.filter((row) => number(row) <= KEEP_NEWEST_TRACES)).toHaveLength(KEEP_NEWEST_TRACES);
  expect(kept.filter((row) => row.isError)).not.toHaveLength(0);
  expect(kept.filter((row) => number(row) > 1990)).toHaveLength(10);
  expect(kept.filter((row) => number(row) > KEEP_NEWEST_TRACES && !row.isError && row.durationMs < 80)).toEqual([]);
  expect(await db().select().from(telemetryTraces).where(eq(telemetryTraces.sourceId, neighbour))).toHaveLength(20);
});

test("of log records the newest stay", async () => {
  const sourceId = await aSource();
  await db().execute(
    sql`insert into telemetry_logs (source_id, at, hash, severity, body) select ${sourceId}, now() - n * interval '1 second', n, 9, 'line' from generate_series(1, ${KEEP_LOGS + 500}) n`,
  );
  await trimTelemetry();
  const kept = await db().select({ hash: telemetryLogs.hash }).from(telemetryLogs).where(eq(telemetryLogs.sourceId, sourceId));
  expect(kept).toHaveLength(KEEP_LOGS);
  expect(Math.max(...kept.map(({ hash }) => Number(hash)))).toBe(KEEP_LOGS);
});

test("counted spans are forgotten once no repeat of them would be taken", async () => {
  const sourceId = await aSource();
  await db().execute(
    sql`insert into telemetry_counted (source_id, span, ended_at) values (${sourceId}, 1, now() - interval '25 minutes'), (${sourceId}, 2, now() - interval '14 minutes')`,
  );
  await trimTelemetry();
  const kept = await db().select().from(telemetryCounted).where(eq(telemetryCounted.sourceId, sourceId));
  expect(kept.map(({ span }) => span)).toEqual([2n]);
});

test("minutes of the day before become hours, with the same sums, however often that is done", async () => {
  const sourceId = await aSource();
  const buckets = sql`array_fill(1, array[${sql.raw(String(BOUNDS_MS.length + 1))}])`;
  await db().execute(sql`
    insert into telemetry_minutes (source_id, minute, route, requests, errors, buckets)
    select ${sourceId}, date_trunc('minute', now()) - n * interval '10 minutes', 'GET /', 3, 1, ${buckets} from generate_series(0, 400) n`);
  const sums = async () => {
    const rows = await db().select().from(telemetryMinutes).where(eq(telemetryMinutes.sourceId, sourceId));
    return { rows: rows.length, requests: rows.reduce((sum, row) => sum + row.requests, 0), slowest: rows.reduce((sum, row) => sum + (row.buckets.at(-1) ?? 0), 0) };
  };
  expect(await sums()).toEqual({ rows: 401, requests: 1203, slowest: 401 });
  await forgetTelemetry();
  const folded = await sums();
  expect(folded).toMatchObject({ requests: 1203, slowest: 401 });
  expect(folded.rows).toBeLessThan(220);
  await forgetTelemetry();
  expect(await sums()).toEqual(folded);
});

test("a source that has been silent for longer than anything of it is kept goes, a living one stays", async () => {
  const [silent, living] = [await aSource(9 * 24), await aSource(1)];
  await forgetTelemetry();
  const left = await db().select({ id: telemetrySources.id }).from(telemetrySources);
  expect(left.some(({ id }) => id === silent)).toBe(false);
  expect(left.some(({ id }) => id === living)).toBe(true);
});
