import { sql } from "drizzle-orm";
import { z } from "zod";
import type { Connection } from "@/db/client";
import { authorize, query } from "@/lib/core/operation";
import { DATA_KINDS, type HealthFinding, NodeInput, type ServiceHealth } from "./contract";
import { dataKindOf, type Node, nodeNamed, within } from "./node";
import { permissionFor } from "./read-metric";

const DAYS = 90;
const SILENT_DAYS = 30;
const MAX_SERVICES = 500;

interface Row {
  [column: string]: unknown;
  service: string;
  sources: string[];
  lastAt: string;
  production: number;
  unknown: number;
  missing: number;
  short: number;
  skewed: number;
  loose: number;
  untiered: string[] | null;
  silent: boolean;
  owned: boolean;
}

export const getDeliveryHealth = query({
  name: "metric.read-organisation",
  summary: "Per service of a node what its figures lack: sources, commits, causes of incidents, wrong clocks, each with the fix.",
  input: z.strictObject({ node: NodeInput.default("org"), data: z.enum(DATA_KINDS).optional() }),
  subject: async (on, { node }) => {
    const found = await nodeNamed(on, node);
    return { teamId: found.teamId, node: found };
  },
  run: async (on, { data: asked }, ctx, { node }): Promise<{ items: ServiceHealth[]; nextCursor: null; total: number; days: number }> => {
    authorize(ctx, permissionFor(node), { teamId: node.teamId });
    const { data } = await dataKindOf(on, node, asked);
    const items = await servicesHealth(on, node, data === "demo", ctx.now);
    return { items, nextCursor: null, total: items.length, days: DAYS };
  },
});

/** What the figures of a node's services lack, the most first; at most 500 services. */
export async function servicesHealth(on: Connection, node: Node, isDemo: boolean, now: Date): Promise<ServiceHealth[]> {
  const since = new Date(now.getTime() - DAYS * 86_400_000).toISOString();
  const silentSince = new Date(now.getTime() - SILENT_DAYS * 86_400_000).toISOString();
  const rows = await on.execute<Row>(sql`
    select d.service, array_agg(distinct d.source order by d.source) as sources, max(d.finished_at) as "lastAt", max(d.finished_at) < ${silentSince} as silent, bool_and(d.team_id is not null) as owned,
      (count(*) filter (where d.tier = 'production' and d.status = 'success'))::int as production, (count(*) filter (where d.attribution in ('commits-unknown', 'partial', 'too-many') and d.finished_at >= ${since}))::int as unknown,
      (count(*) filter (where length(d.commit) < 40 and d.finished_at >= ${since}))::int as short,
      (select count(*) from delivery_missing m where m.service = d.service and m.is_demo = ${isDemo} and m.deployed_at >= ${since})::int as missing,
      (select count(*) from delivery_changes c where c.service = d.service and c.is_demo = ${isDemo} and c.counted and c.raw_lead_seconds < 0 and c.deployed_at >= ${since})::int as skewed,
      (select count(*) from incidents i where i.service = d.service and i.is_demo = ${isDemo} and i.link = 'none' and i.opened_at >= ${since})::int as loose,
      array_agg(distinct d.environment) filter (where d.tier = 'development' and d.environment !~* 'dev|int|local') as untiered
    from delivery_deployments d where d.is_demo = ${isDemo} and ${within(node)} group by d.service order by d.service limit ${MAX_SERVICES}`);
  const items = rows.map((row) => ({ service: row.service, sources: row.sources, lastAt: new Date(row.lastAt).toISOString(), findings: findingsOf(row) }));
  items.sort((a, b) => b.findings.length - a.findings.length || a.service.localeCompare(b.service));
  return items;
}

const many = (n: number, one: string, more = `${one}s`) => `${n} ${n === 1 ? one : more}`;

function findingsOf(row: Row): HealthFinding[] {
  const found: HealthFinding[] = [];
  const add = (rule: HealthFinding["rule"], what: string, fix: string) => found.push({ rule, what, fix });
  if (!row.production) add("no-production", "No production deployment", "Deploy to an environment of tier production, or name the tier in the deployments that are sent.");
  if (row.silent)
    add(
      "silent",
      `Nothing reported for ${SILENT_DAYS} days`,
      "Check that its webhook is on and its deliveries arrive; if the service is retired, set its lifecycle in the catalog.",
    );
  if (row.unknown)
    add(
      "commits-unknown",
      `${many(row.unknown, "deployment")} without all commits, ${many(row.missing, "commit")} unknown`,
      "Connect the repository, add GitHub's push events, or send the commits to /api/v1/commits; lead times follow by themselves.",
    );
  if (row.short) add("short-hash", `${many(row.short, "deployment")} with a shortened hash`, "Send the whole hash of the commit: a short one can fit two.");
  if (row.skewed) add("clock", `${many(row.skewed, "change")} deployed before authored`, "Set the clocks of the machines that commit and deploy. Counted as 0 until then.");
  if (row.loose)
    add(
      "unlinked-incident",
      `${many(row.loose, "incident")} with no deployment before it in the window`,
      "Name the deployment in the incident (caused_by, or on the service's page), or widen the window in the rules.",
    );
  if (row.untiered?.length)
    add("no-tier", `No tier known for ${row.untiered.join(", ")}`, "Name the tier in the deployments, or the environment in the rules; development is assumed.");
  if (!row.owned) add("no-owner", "Deployments without an owner", "Register the service in the catalog with its owner; its past goes to the team.");
  return found;
}
