import { type SQL, sql } from "drizzle-orm";
import { SMALLEST_GROUP } from "@/lib/metrics/queries";
import type { FactSource } from "./source";

/** Fewer deployments than these make no rate. */
const FEWEST_DEPLOYMENTS = 5;
const before = (now: Date, days: number): SQL => sql`(${now.toISOString()}::timestamptz - ${`${days} days`}::interval)::date`;
const until = (now: Date): SQL => sql`${now.toISOString()}::timestamptz::date`;
/** Demo and real events are never in one figure: the real ones count where there are any. */
const chosen = (now: Date): SQL => sql`
  select distinct on (s.service) s.service, s.is_demo, max(s.last_at) over (partition by s.service, s.is_demo) as last_at
  from delivery_services s where exists (select 1 from delivery_service_days d where d.service = s.service and d.is_demo = s.is_demo and d.day <= ${until(now)})
  order by s.service, s.is_demo`;

const deployments: FactSource = {
  group: "deployments",
  tables: ["entities", "delivery_services", "delivery_service_days"],
  rows: (_on, now) => sql`
    select e.ref as entity_ref, coalesce(c.last_at, e.updated_at) as observed_at, jsonb_strip_nulls(jsonb_build_object(
      'reported', c.service is not null,
      'production28d', case when c.service is not null then coalesce(d.deployments, 0) end,
      'failed28d', case when c.service is not null then coalesce(d.failed, 0) end,
      'daysSinceProduction', ${until(now)} - l.day)) as facts
    from entities e left join (${chosen(now)}) c on c.service = e.ref
      left join (
        select service, is_demo, sum(deployments)::int as deployments, sum(failed_attempts)::int as failed
        from delivery_service_days where day > ${before(now, 28)} and day <= ${until(now)} group by 1, 2) d on d.service = c.service and d.is_demo = c.is_demo
      left join lateral (
        select day from delivery_service_days where service = c.service and is_demo = c.is_demo and deployments > 0 and day <= ${until(now)} order by day desc limit 1) l on true`,
};

const metrics: FactSource = {
  group: "metrics",
  tables: ["entities", "delivery_services", "delivery_service_days", "delivery_changes", "delivery_commits"],
  rows: (_on, now) => sql`
    select e.ref as entity_ref, coalesce(c.last_at, e.updated_at) as observed_at, jsonb_strip_nulls(jsonb_build_object(
      'leadTimeKnown', coalesce(h.authors >= ${SMALLEST_GROUP}, false),
      'leadTimeHours', case when h.authors >= ${SMALLEST_GROUP} then round((h.median / 3600)::numeric, 1) end,
      'changeFailRateKnown', coalesce(d.deployments >= ${FEWEST_DEPLOYMENTS}, false),
      'changeFailRate', case when d.deployments >= ${FEWEST_DEPLOYMENTS} then round(d.failures::numeric / d.deployments, 3) end)) as facts
    from entities e left join (${chosen(now)}) c on c.service = e.ref
      left join (
        select service, is_demo, sum(deployments)::int as deployments, sum(failures)::int as failures
        from delivery_service_days where day > ${before(now, 90)} and day <= ${until(now)} group by 1, 2) d on d.service = c.service and d.is_demo = c.is_demo
      left join (
        select h.service, h.is_demo, count(distinct lower(k.author)) as authors, percentile_cont(0.5) within group (order by h.lead_seconds) as median
        from delivery_changes h join delivery_commits k on k.repository = h.repository and k.sha = h.sha
        where h.counted and h.day > ${before(now, 90)} and h.day <= ${until(now)} group by 1, 2) h on h.service = c.service and h.is_demo = c.is_demo`,
};

const incidents: FactSource = {
  group: "incidents",
  tables: ["entities", "incidents"],
  rows: (_on, now) => sql`
    select e.ref as entity_ref, coalesce(i.at, e.updated_at) as observed_at,
      jsonb_build_object('open', coalesce(i.open, 0), 'opened90d', coalesce(i.recent, 0)) as facts
    from entities e left join (
      select service, max(received_at) as at,
        count(*) filter (where resolved_at is null or resolved_at > ${now.toISOString()}::timestamptz) as open,
        count(*) filter (where opened_at > ${before(now, 90)}) as recent
      from incidents where opened_at <= ${now.toISOString()}::timestamptz group by service) i on i.service = e.ref`,
};

export const DELIVERY_SOURCES: FactSource[] = [deployments, metrics, incidents];
