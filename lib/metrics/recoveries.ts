import { type SQL, sql } from "drizzle-orm";
import type { Connection } from "@/db/client";
import { addStored, type Histogram, sizeOf, valuesAtRanks } from "./histogram";
import { EXACT_UP_TO } from "./leads";
import { bucketOfSeconds } from "./rollup";
import type { Grain, Window } from "./window";

interface Recovery {
  n: number;
  median: number | null;
  p90: number | null;
  /** Failed and not yet recovered from. */
  open: number;
}

export interface Recoveries {
  whole: Recovery;
  buckets: Map<string, Recovery>;
  /** Read from logarithmic buckets: at most 2.5 % off. */
  approximate: boolean;
}

const NONE: Recovery = { n: 0, median: null, p90: null, open: 0 };

/** Seconds from the end of a failed deployment to recovery, by the day of the deployment; exact unless very many are `expected`. */
export async function readRecoveries(on: Connection, where: SQL, isDemo: boolean, window: Window, grain: Grain, expected: number): Promise<Recoveries> {
  if (expected === 0) return { whole: NONE, buckets: new Map(), approximate: false };
  const failed = sql`from delivery_deployments where caused_failure and tier = 'production' and is_demo = ${isDemo} and ${where} and day >= ${window.from} and day < ${window.to}`;
  return expected <= EXACT_UP_TO ? exact(on, failed, grain) : fromHistograms(on, failed, grain);
}

const SECONDS = sql`extract(epoch from recovered_at - finished_at)`;

async function exact(on: Connection, failed: SQL, grain: Grain): Promise<Recoveries> {
  const rows = await on.execute<{ bucket: string | null; n: number; p: [number, number] | null; open: number }>(sql`
    select date_trunc(${grain}, day)::date::text as bucket, count(recovered_at)::int as n, (count(*) - count(recovered_at))::int as open,
      percentile_cont(array[0.5, 0.9]) within group (order by ${SECONDS}) filter (where recovered_at is not null) as p
    ${failed} group by grouping sets ((1), ())`);
  const read = ({ n, p, open }: (typeof rows)[number]): Recovery => ({ n, median: p?.[0] ?? null, p90: p?.[1] ?? null, open });
  const whole = rows.find((row) => row.bucket === null);
  return { whole: whole ? read(whole) : NONE, buckets: new Map(rows.flatMap((row) => (row.bucket === null ? [] : [[row.bucket, read(row)] as const]))), approximate: false };
}

async function fromHistograms(on: Connection, failed: SQL, grain: Grain): Promise<Recoveries> {
  const rows = await on.execute<{ bucket: string; buckets: number[] | null; counts: number[] | null; open: number }>(sql`
    select bucket, array_agg(lies) filter (where lies is not null) as buckets, array_agg(n) filter (where lies is not null) as counts, coalesce(sum(n) filter (where lies is null), 0)::int as open
    from (select date_trunc(${grain}, day)::date::text as bucket, case when recovered_at is not null then ${bucketOfSeconds(SECONDS)} end as lies, count(*)::int as n ${failed} group by 1, 2) x
    group by 1`);
  const all: Histogram = new Map();
  let open = 0;
  const buckets = new Map<string, Recovery>();
  for (const row of rows) {
    const own: Histogram = new Map();
    for (const sum of [own, all]) addStored(sum, row.buckets ?? [], row.counts ?? []);
    open += row.open;
    buckets.set(row.bucket, readHistogram(own, row.open));
  }
  return { whole: readHistogram(all, open), buckets, approximate: true };
}

function readHistogram(histogram: Histogram, open: number): Recovery {
  const n = sizeOf(histogram);
  const at = (share: number) => Math.floor(share * (n - 1));
  const [median = null, p90 = null] = valuesAtRanks(histogram, [at(0.5), at(0.9)]);
  return { n, median, p90, open };
}
