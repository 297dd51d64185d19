import { type SQL, sql } from "drizzle-orm";
import type { Connection } from "@/db/client";
import type { Grain, Window } from "./window";

interface Recoveries {
  n: number;
  median: number | null;
  p90: number | null;
  /** Failed and not yet recovered from. */
  open: number;
}

/** Seconds from the end of a failed deployment to recovery, by the day of the deployment. */
export async function readRecoveries(on: Connection, where: SQL, isDemo: boolean, { from, to }: Window, grain: Grain) {
  const rows = await on.execute<{ bucket: string | null; n: number; median: number | null; p90: number | null; open: number }>(sql`
    select date_trunc(${grain}, day)::date::text as bucket, count(recovered_at)::int as n, (count(*) - count(recovered_at))::int as open,
      percentile_cont(0.5) within group (order by extract(epoch from recovered_at - finished_at)) filter (where recovered_at is not null) as median,
      percentile_cont(0.9) within group (order by extract(epoch from recovered_at - finished_at)) filter (where recovered_at is not null) as p90
    from delivery_deployments where caused_failure and tier = 'production' and is_demo = ${isDemo} and ${where} and day >= ${from} and day < ${to} group by grouping sets ((1), ())`);
  const none: Recoveries = { n: 0, median: null, p90: null, open: 0 };
  const whole: Recoveries = rows.find((row) => row.bucket === null) ?? none;
  return { whole, buckets: new Map(rows.flatMap((row) => (row.bucket === null ? [] : [[row.bucket, row as Recoveries] as const]))) };
}
