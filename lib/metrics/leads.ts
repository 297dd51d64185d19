import { sql } from "drizzle-orm";
import type { Connection } from "@/db/client";
import { readHistograms } from "./counters";
import { type Histogram, sizeOf, valuesAtRanks } from "./histogram";
import { type Node, within } from "./node";
import { medianRanks } from "./statistics";
import type { Grain, Window } from "./window";

/** Up to this many changes percentiles are worked out from the changes themselves at each request. */
export const EXACT_UP_TO = 5_000;

export interface Leads {
  n: number;
  median: number | null;
  p75: number | null;
  p90: number | null;
  low: number | null;
  high: number | null;
}

export const NO_LEADS: Leads = { n: 0, median: null, p75: null, p90: null, low: null, high: null };

export interface LeadTimes {
  whole: Leads;
  buckets: Map<string, Leads>;
  approximate: boolean;
}

/** Percentiles of lead times (seconds) over the whole window and per bucket: always over the changes, never a median of medians. */
export async function readLeads(on: Connection, node: Node, isDemo: boolean, window: Window, grain: Grain, expected: number): Promise<LeadTimes> {
  if (expected === 0) return { whole: NO_LEADS, buckets: new Map(), approximate: false };
  if (expected <= EXACT_UP_TO || node.type === "service") return { ...(await exact(on, node, isDemo, window, grain, expected)), approximate: false };
  const buckets = await readHistograms(on, node, isDemo, window, grain);
  const all: Histogram = new Map();
  for (const histogram of buckets.values()) for (const [bucket, count] of histogram) all.set(bucket, (all.get(bucket) ?? 0) + count);
  return { whole: fromHistogram(all), buckets: new Map([...buckets].map(([name, histogram]) => [name, fromHistogram(histogram)])), approximate: true };
}

async function exact(on: Connection, node: Node, isDemo: boolean, { from, to }: Window, grain: Grain, n: number) {
  const ranks = medianRanks(n);
  const share = (rank: number) => (n > 1 ? rank / (n - 1) : 0);
  const rows = await on.execute<{ bucket: string | null; n: number; p: number[] }>(sql`
    select date_trunc(${grain}, day)::date::text as bucket, count(*)::int as n,
      percentile_cont(array[0.5, 0.75, 0.9, ${share(ranks.low)}, ${share(ranks.high)}]::float8[]) within group (order by lead_seconds) as p
    from delivery_changes where counted and is_demo = ${isDemo} and ${within(node)} and day >= ${from} and day < ${to} group by grouping sets ((1), ())`);
  const leads = ({ n: count, p }: { n: number; p: number[] | null }): Leads => {
    const [median = null, p75 = null, p90 = null, low = null, high = null] = p ?? [];
    return { n: count, median, p75, p90, low, high };
  };
  const whole = rows.find((row) => row.bucket === null);
  return { whole: whole ? leads(whole) : NO_LEADS, buckets: new Map(rows.flatMap((row) => (row.bucket === null ? [] : [[row.bucket, leads(row)] as const]))) };
}

function fromHistogram(histogram: Histogram): Leads {
  const n = sizeOf(histogram);
  const ranks = medianRanks(n);
  const at = (share: number) => Math.floor(share * (n - 1));
  const [median = null, p75 = null, p90 = null, low = null, high = null] = valuesAtRanks(histogram, [at(0.5), at(0.75), at(0.9), ranks.low, ranks.high]);
  return { n, median, p75, p90, low, high };
}
