import { sql } from "drizzle-orm";
import type { Tx } from "@/db/client";
import type { ServiceKey } from "./graph";
import type { Rules } from "./rules-shape";

/**
 * Marks which production deployments of a service failed and when they were recovered from: an incident names them or follows
 * within the window, a later deployment repairs them, or they were rolled back. Returns the first day on which a mark changed, or null.
 */
export async function linkFailures(tx: Tx, { service, isDemo }: ServiceKey, rules: Rules): Promise<string | null> {
  const production = sql`service = ${service} and is_demo = ${isDemo} and tier = 'production' and status = 'success'`;
  await tx.execute(sql`
    update incidents i set deployment_id = found.id, link = found.link from (
      select i.id as incident, coalesce(named.id, near.id) as id, case when named.id is not null then 'explicit' when near.id is not null then 'window' else 'none' end as link
      from incidents i
        left join lateral (select id from delivery_deployments where ${production} and (id = i.caused_by or external_id = i.caused_by) order by finished_at desc limit 1) named on true
        left join lateral (select id from delivery_deployments where ${production} and finished_at <= i.opened_at
          and finished_at >= i.opened_at - ${rules.incidentWindowHours} * interval '1 hour' order by finished_at desc limit 1) near on i.caused_by is null
      where i.service = ${service} and i.is_demo = ${isDemo}
    ) found where found.incident = i.id and (i.deployment_id, i.link) is distinct from (found.id, found.link)`);
  const rows = await tx.execute<{ day: string }>(sql`
    with d as (select * from delivery_deployments where ${production}),
    incident as (
      select deployment_id as id, case when bool_and(resolved_at is not null) then max(resolved_at) end as recovered_at
      from incidents where service = ${service} and is_demo = ${isDemo} and deployment_id is not null group by 1
    ),
    repair as (
      select id, min(at) as at from (
        select failed.id, r.finished_at as at from d r
          cross join lateral (select max(t.finished_at) as at from d t where t.environment = r.environment and t.commit = r.commit and t.finished_at < r.finished_at) target
          cross join lateral (select f.id from d f where f.environment = r.environment and f.finished_at > target.at and f.finished_at < r.finished_at order by f.finished_at limit 1) failed
        where r.kind = 'rollback'
        union all
        select x.id, r.finished_at from d r join d x on (x.external_id = r.remediates or x.id = r.remediates) and x.finished_at <= r.finished_at and x.id <> r.id where r.remediates is not null
      ) repaired group by id
    ),
    marks as (
      select d.id, incident.id is not null or repair.id is not null as failed, case when incident.id is not null then incident.recovered_at else repair.at end as recovered_at,
        d.kind = 'rollback' or d.remediates is not null or d.flags && ${sql.param(rules.reworkFlags)}::text[]
          or exists (select 1 from delivery_commits c where c.repository = d.repository and c.sha = d.commit and lower(c.subject) like any(${sql.param(rules.reworkSubjects.map(likeOf))}::text[])) as rework
      from d left join incident on incident.id = d.id left join repair on repair.id = d.id
    )
    update delivery_deployments x set caused_failure = m.failed, recovered_at = m.recovered_at, is_rework = coalesce(m.rework, false)
    from marks m where x.id = m.id and (x.caused_failure, x.recovered_at, x.is_rework) is distinct from (m.failed, m.recovered_at, coalesce(m.rework, false))
    returning x.day::text as day`);
  return rows.reduce<string | null>((first, { day }) => (first === null || day < first ? day : first), null);
}

/** The pattern (`*` for anything) as one of LIKE. */
const likeOf = (pattern: string) =>
  pattern
    .toLowerCase()
    .replace(/[\\%_]/g, "\\$&")
    .replaceAll("*", "%");
