import { type SQL, sql } from "drizzle-orm";
import type { Connection } from "@/db/client";
import type { MetricSummary, ProvisionedRow } from "./contract";
import type { Node } from "./node";
import type { Rules } from "./rules-shape";
import { bucketOf, type Grain, type Window } from "./window";

/** The node's environments that were requested in a window; days are those of its time zone. */
function requested(node: Node, isDemo: boolean, { from, to, timeZone }: Window): SQL {
  const mine = node.type === "service" ? sql`entity_ref = ${node.ref}` : node.type === "team" ? sql`team_id = any(${sql.param(node.teamIds)}::text[])` : sql`true`;
  return sql`environments where is_demo = ${isDemo} and test_run_id is null and ${mine} and created_at >= ${from}::timestamp at time zone ${timeZone} and created_at < ${to}::timestamp at time zone ${timeZone}`;
}

export interface Provisioned {
  n: number;
  failed: number;
  median: number | null;
  p90: number | null;
}

const SECONDS = sql`extract(epoch from ready_at - created_at)`;
const NEVER_USABLE = sql`ready_at is null and status in ('failed', 'deleting', 'deleted', 'leaked')`;

/** Seconds from request to usable per bucket and over the whole window (name `whole`). */
export async function readProvisioned(on: Connection, node: Node, isDemo: boolean, window: Window, grain: Grain): Promise<Map<string, Provisioned>> {
  const rows = await on.execute<{ day: string | null } & Record<keyof Provisioned, number>>(sql`
    select date_trunc(${grain}, created_at at time zone ${window.timeZone})::date::text as day, count(ready_at)::int as n, count(*) filter (where ${NEVER_USABLE})::int as failed,
      percentile_cont(0.5) within group (order by ${SECONDS}) filter (where ready_at is not null) as median,
      percentile_cont(0.9) within group (order by ${SECONDS}) filter (where ready_at is not null) as p90
    from ${requested(node, isDemo, window)} group by grouping sets ((1), ())`);
  return new Map(rows.map(({ day, ...rest }) => [day === null ? "whole" : bucketOf(day, grain).from, rest]));
}

/** How often environments were usable in time, over the days of the objective up to the end of the window. */
export async function readObjective(on: Connection, node: Node, isDemo: boolean, window: Window, rules: Rules): Promise<NonNullable<MetricSummary["objective"]>> {
  const { seconds, share, days } = rules.provisioning;
  const [row] = await on.execute<{ kept: number; of: number }>(sql`
    select count(*) filter (where ${SECONDS} <= ${seconds})::int as kept, count(*) filter (where ready_at is not null or ${NEVER_USABLE})::int as of
    from ${requested(node, isDemo, window)} and created_at >= (${window.to}::timestamp at time zone ${window.timeZone}) - ${days} * interval '1 day'`);
  const { kept, of } = row ?? { kept: 0, of: 0 };
  const allowed = (1 - share) * of;
  return { seconds, share, days, kept, of, budgetLeft: allowed > 0 ? 1 - (of - kept) / allowed : null };
}

/** The environments behind provisioning time, the slowest first; what never became usable comes first of all. */
export async function provisionedRows(
  on: Connection,
  node: Node,
  isDemo: boolean,
  window: Window,
  limit: number,
  offset: number,
): Promise<{ environments: ProvisionedRow[]; total: number }> {
  const source = requested(node, isDemo, window);
  const rows = await on.execute<Record<string, unknown>>(sql`
    select id, name, tier, golden_path as "goldenPath", status, created_at as "requestedAt", ${SECONDS}::float8 as seconds, coalesce(provisioning->'phases', '[]'::jsonb) as phases, count(*) over ()::int as total
    from ${source} order by seconds desc nulls first, created_at desc limit ${limit} offset ${offset}`);
  return {
    environments: rows.map(({ total: _, ...row }) => ({ ...(row as unknown as ProvisionedRow), requestedAt: new Date(String(row.requestedAt)).toISOString() })),
    total: Number(rows[0]?.total ?? 0),
  };
}

const BEGUN = ["environment.create", "environment.deploy", "service.create", "action.run"];

export type Doors = NonNullable<MetricSummary["doors"]>;

/** What people began here in a window, by the door: their browser, a command line, a program, or an agent. */
export async function readDoors(on: Connection, node: Node, { from, to, timeZone }: Window): Promise<Doors> {
  const ref = node.ref;
  const mine =
    node.type === "service"
      ? sql`(e.detail->>'entityRef' = ${ref} or e.target_id = ${ref})`
      : node.type === "team"
        ? sql`e.team_id = any(${sql.param(node.teamIds)}::text[])`
        : sql`true`;
  const rows = await on.execute<{ door: Doors[number]["door"]; n: number }>(sql`
    select case when e.mcp_client is not null then 'mcp' when t.kind = 'cli' then 'command-line' when e.token_id is not null then 'api' else 'browser' end as door, count(*)::int as n
    from audit_events e left join api_tokens t on t.id = e.token_id
    where e.result = 'done' and e.actor_type = 'user' and e.name = any(${sql.param(BEGUN)}::text[]) and ${mine}
      and e.at >= ${from}::timestamp at time zone ${timeZone} and e.at < ${to}::timestamp at time zone ${timeZone}
    group by 1 order by 2 desc, 1`);
  return rows.map(({ door, n }) => ({ door, n }));
}

interface Adopted {
  services: number;
  throughServices: number;
  environments: number;
  throughEnvironments: number;
  repositories: number;
  throughRepositories: number;
  outside: boolean;
}

/** What is known of, and how much of it goes through Waymark: services and environments deployed to, repositories deployed from. */
export async function readAdopted(on: Connection, isDemo: boolean, mine: SQL): Promise<Adopted> {
  const [row] = await on.execute<Record<keyof Adopted, number> & { outside: boolean }>(sql`
    select count(distinct service)::int as services, (count(distinct service) filter (where through_environments > 0))::int as "throughServices",
      coalesce(sum(environments), 0)::int as environments, coalesce(sum(through_environments), 0)::int as "throughEnvironments",
      count(distinct repository)::int as repositories,
      (count(distinct repository) filter (where exists (select 1 from repositories r where lower(r.owner || '/' || r.name) = s.repository)))::int as "throughRepositories",
      exists (select 1 from delivery_deployments where is_demo = ${isDemo} and tier = 'production' and source not in ('platform', 'demo')) as outside
    from delivery_services s where is_demo = ${isDemo} and ${mine}`);
  if (!row) throw new Error("a sum without groups returned no row");
  return row as Adopted;
}
