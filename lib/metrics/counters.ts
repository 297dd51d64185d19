import { type SQL, sql } from "drizzle-orm";
import type { Connection } from "@/db/client";
import { addStored, type Histogram } from "./histogram";
import type { Node } from "./node";
import { ORGANISATION } from "./tree";
import { bucketOf, type Grain, type Window } from "./window";

export interface Counters {
  deployments: number;
  failedAttempts: number;
  failures: number;
  rework: number;
  unlinked: number;
  baselines: number;
  changes: number;
  /** Changes by bots, left out of lead time. */
  botChanges: number;
  /** Deployments that Waymark itself made. */
  through: number;
  /** Days with at least one deployment. */
  deploymentDays: number;
}

export const NO_COUNTERS: Counters = {
  deployments: 0,
  failedAttempts: 0,
  failures: 0,
  rework: 0,
  unlinked: 0,
  baselines: 0,
  changes: 0,
  botChanges: 0,
  through: 0,
  deploymentDays: 0,
};

/** The rows of a group's sums that make up a window: whole weeks or months where they fit, single days at its edges. */
function rowsOf(node: Node, isDemo: boolean, { from, to }: Window, grain: Grain): SQL {
  const mine = sql`delivery_node_sums where node = ${node.type === "org" ? ORGANISATION : node.teamId} and is_demo = ${isDemo}`;
  const days = (first: string, end: string) => sql`(grain = 'day' and start >= ${first} and start < ${end})`;
  const firstWhole = bucketOf(from, grain).from < from ? bucketOf(from, grain).to : from;
  const end = bucketOf(to, grain).from;
  if (grain === "day" || firstWhole >= end) return sql`${mine} and ${days(from, to)}`;
  return sql`${mine} and (${days(from, firstWhole)} or (grain = ${grain} and start >= ${firstWhole} and start < ${end}) or ${days(end, to)})`;
}

/** Sums of the days of a window per bucket of a grain; buckets are named by their first day. */
export async function readCounters(on: Connection, node: Node, isDemo: boolean, window: Window, grain: Grain): Promise<Map<string, Counters>> {
  const { from, to } = window;
  const source =
    node.type === "service"
      ? sql`(select *, day as start, (deployments > 0)::integer as deployment_days from delivery_service_days where service = ${node.ref} and is_demo = ${isDemo} and day >= ${from} and day < ${to}) s`
      : rowsOf(node, isDemo, window, grain);
  // A service that moved has two rows on the day of its move, which is one day with a deployment.
  const days = node.type === "service" ? sql`count(distinct start) filter (where deployments > 0)` : sql`sum(deployment_days)`;
  const rows = await on.execute<{ bucket: string } & Record<string, number | string>>(sql`
    select date_trunc(${grain}, start::timestamp)::date::text as bucket, sum(deployments)::int as deployments, sum(failed_attempts)::int as "failedAttempts", sum(failures)::int as failures,
      sum(rework)::int as rework, sum(unlinked)::int as unlinked, sum(baselines)::int as baselines, sum(changes)::int as changes, sum(bot_changes)::int as "botChanges", sum(through)::int as through,
      ${days}::int as "deploymentDays"
    from ${source} group by 1`);
  return new Map(rows.map(({ bucket, ...counts }) => [bucket, counts as unknown as Counters]));
}

/** All buckets in one. */
export function total(counters: Iterable<Counters>): Counters {
  const sum = { ...NO_COUNTERS };
  for (const one of counters) for (const name of Object.keys(sum) as (keyof Counters)[]) sum[name] += one[name];
  return sum;
}

/** Histograms of lead times per bucket of a grain, for groups too large for exact percentiles at each request. */
export async function readHistograms(on: Connection, node: Node, isDemo: boolean, window: Window, grain: Grain): Promise<Map<string, Histogram>> {
  const rows = await on.execute<{ start: string; buckets: number[]; counts: number[] }>(
    sql`select start::text as start, buckets, counts from ${rowsOf(node, isDemo, window, grain)} and changes > 0`,
  );
  const found = new Map<string, Histogram>();
  for (const { start, buckets, counts } of rows) {
    const bucket = bucketOf(start, grain).from;
    const histogram = found.get(bucket) ?? new Map<number, number>();
    addStored(histogram, buckets, counts);
    found.set(bucket, histogram);
  }
  return found;
}
