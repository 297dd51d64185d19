import { type SQL, sql } from "drizzle-orm";
import type { Tx } from "@/db/client";
import type { ServiceKey } from "./graph";
import { ORGANISATION } from "./tree";

/** Histogram buckets grow by this factor, so a percentile read from one is off by 2.5 % at most. */
export const BUCKET_FACTOR = 1.05;
export const FIRST_BUCKET_SECONDS = 60;
/** The logarithmic bucket that a number of seconds lies in. */
export const bucketOfSeconds = (seconds: SQL): SQL => sql`case when ${seconds} < ${FIRST_BUCKET_SECONDS} then 0 else floor(ln(${seconds}) / ln(${BUCKET_FACTOR}))::smallint end`;
/** Days summed in one transaction: a year of a large organisation goes in a dozen. */
const DAYS_AT_ONCE = 31;

const MANY_SUMS = 1_000;

const NAMES = ["deployments", "failed_attempts", "failures", "rework", "unlinked", "baselines", "changes", "bot_changes", "through"];
const COUNTERS = sql.raw(NAMES.join(", "));
const SUMS = sql.raw(NAMES.map((name) => `sum(${name}) as ${name}`).join(", "));

/** Makes the day sums of a service again from its facts, from a day on. Returns the days, with their teams, that may differ now. */
export async function rollUpService(tx: Tx, { service, isDemo }: ServiceKey, firstDay: string): Promise<{ day: string; team_id: string }[]> {
  const mine = sql`service = ${service} and is_demo = ${isDemo}`;
  const gone = await tx.execute<{ day: string; team_id: string }>(sql`delete from delivery_service_days where ${mine} and day >= ${firstDay} returning day::text as day, team_id`);
  const made = await tx.execute<{ day: string; team_id: string }>(sql`
    insert into delivery_service_days (service, is_demo, day, team_id, ${COUNTERS})
    select service, is_demo, day, coalesce(team_id, ''), count(*) filter (where status = 'success'), count(*) filter (where status = 'failure'),
      count(*) filter (where caused_failure and status = 'success'), count(*) filter (where is_rework and status = 'success'),
      count(*) filter (where attribution in ('commits-unknown', 'too-many')), count(*) filter (where kind = 'baseline'), coalesce(sum(changes), 0), coalesce(sum(bot_changes), 0),
      count(*) filter (where status = 'success' and source = 'platform')
    from delivery_deployments where ${mine} and tier = 'production' and day >= ${firstDay}
    group by 1, 2, 3, 4 returning day::text as day, team_id`);
  await tx.execute(sql`delete from delivery_services where ${mine}`);
  await tx.execute(sql`
    insert into delivery_services (service, is_demo, team_id, deployments, repository, environments, through_environments, last_at)
    select service, is_demo, coalesce(team_id, ''), count(*) filter (where status = 'success' and tier = 'production'), max(repository), count(distinct environment),
      count(distinct environment) filter (where source = 'platform'), max(finished_at) filter (where tier = 'production')
    from delivery_deployments where ${mine} group by 1, 2, 3 having count(*) filter (where tier = 'production') > 0`);
  return [...gone, ...made];
}

/** Sums some of the marked days again, the latest first, for every group that they are marked for. Returns how many days are left to do, at least. */
export async function rollUpDays(tx: Tx): Promise<number> {
  const [kind] = await tx.execute<{ is_demo: boolean }>(sql`select is_demo from delivery_dirty_days limit 1`);
  if (!kind) return 0;
  const isDemo = kind.is_demo;
  const days = await tx.execute<{ day: string }>(sql`select distinct day::text as day from delivery_dirty_days where is_demo = ${isDemo} order by 1 desc limit ${DAYS_AT_ONCE}`);
  // Marks are set under the same lock, so what is marked now is what is deleted at the end.
  const marked = sql`delivery_dirty_days where is_demo = ${isDemo} and day = any(${sql.param(days.map((row) => row.day))}::text[]::date[])`;
  const pairs = sql`(select node, day from ${marked})`;
  // Of many sums at once the planner guesses far too few, and would go through all teams for each of them.
  const [size] = await tx.execute<{ n: number }>(sql`select count(*)::int as n from ${marked}`);
  if ((size?.n ?? 0) > MANY_SUMS) await tx.execute(sql`set local enable_nestloop = off`);
  await sumDays(tx, isDemo, pairs);
  for (const grain of ["week", "month"] as const) await sumSpans(tx, isDemo, pairs, grain);
  await tx.execute(sql`delete from ${marked}`);
  const [left] = await tx.execute<{ n: number }>(sql`select count(*)::int as n from (select 1 from delivery_dirty_days limit 1) one`);
  return left?.n ?? 0;
}

/** Sums of groups, the teams below them and the organisation, by one expression for counters and one for lead times. */
const below = (pairs: SQL, table: SQL, isDemo: boolean, columns: SQL) => sql`
  select p.node, p.day, ${columns} from ${pairs} p join delivery_tree t on t.node = p.node join ${table} s on s.is_demo = ${isDemo} and s.team_id = t.team_id and s.day = p.day and s.day = any(array(select distinct day from ${pairs} one))
  union all select p.node, p.day, ${columns} from ${pairs} p join ${table} s on s.is_demo = ${isDemo} and s.day = p.day and s.day = any(array(select distinct day from ${pairs} one)) where p.node = ${ORGANISATION}`;

async function sumDays(tx: Tx, isDemo: boolean, pairs: SQL): Promise<void> {
  await tx.execute(sql`delete from delivery_node_sums s using ${pairs} p where s.node = p.node and s.is_demo = ${isDemo} and s.grain = 'day' and s.start = p.day`);
  const bucket = bucketOfSeconds(sql`lead_seconds`);
  await tx.execute(sql`
    insert into delivery_node_sums (node, is_demo, grain, start, ${COUNTERS}, deployment_days, buckets, counts)
    with sums as (select node, day, ${SUMS} from (${below(pairs, sql`delivery_service_days`, isDemo, sql.raw(NAMES.map((name) => `s.${name}`).join(", ")))}) s group by 1, 2),
    leads as materialized (
      select coalesce(team_id, '') as team_id, is_demo, day, ${bucket} as bucket, count(*) as n from delivery_changes
      where counted and is_demo = ${isDemo} and day = any(array(select distinct day from ${pairs} p)) group by 1, 2, 3, 4
    ),
    histograms as (
      select node, day, array_agg(bucket order by bucket) as buckets, array_agg(n::integer order by bucket) as counts
      from (select node, day, bucket, sum(n) as n from (${below(pairs, sql`leads`, isDemo, sql`s.bucket, s.n`)}) s group by 1, 2, 3) one group by 1, 2
    )
    select sums.node, ${isDemo}, 'day', sums.day, ${COUNTERS}, (deployments > 0)::integer, coalesce(h.buckets, '{}'), coalesce(h.counts, '{}')
    from sums left join histograms h on h.node = sums.node and h.day = sums.day`);
}

/** Adds up days to the weeks or months that the marked days lie in. */
async function sumSpans(tx: Tx, isDemo: boolean, pairs: SQL, grain: "week" | "month"): Promise<void> {
  const start = (day: SQL) => sql`date_trunc(${sql.raw(`'${grain}'`)}, ${day}::timestamp)::date`;
  const spans = sql`spans as (select distinct node, ${start(sql`day`)} as start from ${pairs} p)`;
  await tx.execute(sql`with ${spans} delete from delivery_node_sums s using spans p where s.node = p.node and s.is_demo = ${isDemo} and s.grain = ${grain} and s.start = p.start`);
  await tx.execute(sql`
    insert into delivery_node_sums (node, is_demo, grain, start, ${COUNTERS}, deployment_days, buckets, counts)
    with ${spans},
    days as (
      select p.start as span, d.* from spans p join delivery_node_sums d on d.node = p.node and d.is_demo = ${isDemo} and d.grain = 'day'
        and d.start >= p.start and d.start < p.start + ${sql.raw(`interval '1 ${grain}'`)}
    ),
    sums as (select span, node, ${SUMS}, sum(deployment_days) as deployment_days from days group by 1, 2),
    histograms as (
      select node, span, array_agg(bucket order by bucket) as buckets, array_agg(n::integer order by bucket) as counts
      from (select node, span, h.bucket, sum(h.n) as n from days, unnest(buckets, counts) as h(bucket, n) group by 1, 2, 3) one group by 1, 2
    )
    select sums.node, ${isDemo}, ${grain}, sums.span, ${COUNTERS}, deployment_days, coalesce(h.buckets, '{}'), coalesce(h.counts, '{}')
    from sums left join histograms h on h.node = sums.node and h.span = sums.span`);
}
