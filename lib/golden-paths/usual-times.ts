import { sql } from "drizzle-orm";
import type { Connection } from "@/db/client";

export type UsualTimes = Map<string, { medianMs: number; n: number }>;

const toMap = (rows: Iterable<{ name: string; ms: number; n: number }>): UsualTimes => new Map([...rows].map((row) => [row.name, { medianMs: row.ms, n: row.n }]));

/** Median milliseconds from asking for an environment to using it, by golden path, over its last 50. */
export async function usualEnvironmentTimes(on: Connection): Promise<UsualTimes> {
  return toMap(
    await on.execute<{ name: string; ms: number; n: number }>(sql`
    select golden_path as name, percentile_cont(0.5) within group (order by (provisioning->>'totalMs')::float)::int as ms, count(*)::int as n
    from (select golden_path, provisioning, row_number() over (partition by golden_path order by created_at desc) as nr
          from environments where provisioning is not null and not is_demo) recent where nr <= 50 group by golden_path`),
  );
}

/** Median milliseconds from asking for a service to its being in the catalog, by golden path, over its last 50; retried runs are left out. */
export async function usualServiceTimes(on: Connection): Promise<UsualTimes> {
  return toMap(
    await on.execute<{ name: string; ms: number; n: number }>(sql`
    select name, percentile_cont(0.5) within group (order by ms)::int as ms, count(*)::int as n
    from (select input->>'goldenPath' as name, extract(epoch from finished_at - created_at) * 1000 as ms,
                 row_number() over (partition by input->>'goldenPath' order by created_at desc) as nr
          from runs where kind = 'service.create' and status = 'succeeded' and attempt = 1 and not is_demo) recent
    where nr <= 50 and name is not null group by name`),
  );
}
