import { sql } from "drizzle-orm";
import fc from "fast-check";
import { expect, test } from "vitest";
import { db } from "@/db/client";
import { useOwnDatabase } from "@/tests/setup/own-database";
import { EXACT_UP_TO } from "./leads";
import { readRecoveries } from "./recoveries";

// Recovery times of very many failures are read from buckets; here both ways read the same rows.

useOwnDatabase();

const WINDOW = { from: "2026-01-05", to: "2026-03-30", timeZone: "UTC" };
const failure = fc.record({ day: fc.integer({ min: 0, max: 83 }), seconds: fc.option(fc.integer({ min: 0, max: 3_000_000 }), { freq: 5 }) });
let run = 0;

test("buckets tell n and what is open exactly, and a percentile to 2.5 %", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(failure, { minLength: 1, maxLength: 120 }), async (failures) => {
      const service = `component:default/r${++run}`;
      for (const [index, { day, seconds }] of failures.entries()) {
        const at = sql`('2026-01-05'::date + ${day}::int)::timestamptz`;
        await db().execute(sql`
          insert into delivery_deployments (id, service, environment, external_id, tier, status, repository, commit, started_at, finished_at, source, received_at, day, caused_failure, recovered_at)
          values (${`dep_r${run}x${index}`}, ${service}, 'production', ${String(index)}, 'production', 'success', 'a/b', 'c', ${at}, ${at}, 'api', now(), '2026-01-05'::date + ${day}::int, true,
            ${seconds === null ? sql`null` : sql`${at} + ${seconds} * interval '1 second'`})`);
      }
      const read = (expected: number) => readRecoveries(db(), sql`service = ${service}`, false, WINDOW, "week", expected);
      const [exact, rough] = [await read(failures.length), await read(EXACT_UP_TO + 1)];
      expect([exact.approximate, rough.approximate]).toEqual([false, true]);
      expect([...rough.buckets.keys()].sort()).toEqual([...exact.buckets.keys()].sort());
      expect([rough.whole.n, rough.whole.open]).toEqual([exact.whole.n, exact.whole.open]);
      for (const [week, { n, open }] of exact.buckets) expect(rough.buckets.get(week)).toMatchObject({ n, open });
      const sorted = failures.flatMap(({ seconds }) => (seconds === null ? [] : [seconds])).sort((a, b) => a - b);
      for (const [share, value] of [
        [0.5, rough.whole.median],
        [0.9, rough.whole.p90],
      ] as const) {
        const real = sorted[Math.floor(share * (sorted.length - 1))];
        if (real === undefined) expect(value).toBeNull();
        else expect(Math.abs((value ?? Number.NaN) - real)).toBeLessThanOrEqual(Math.max(0.026 * real, 30));
      }
    }),
    { numRuns: 25 },
  );
  expect(await readRecoveries(db(), sql`true`, false, WINDOW, "week", 0)).toMatchObject({ approximate: false, whole: { n: 0, median: null } });
});
