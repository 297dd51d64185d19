import { sql } from "drizzle-orm";
import type { Connection } from "@/db/client";
import { teams } from "@/db/schema";
import { env } from "@/lib/core/env";
import { authorize, query } from "@/lib/core/operation";
import { annotationsOf } from "./annotations/read";
import { type Dashboard, DashboardInput, type DeliveryService, isMetric, type MetricGrain, type Span } from "./contract";
import { readMetric } from "./figures";
import { measuresFor } from "./measures";
import { dataKindOf, type Node, nodeNamed, within } from "./node";
import { permissionFor } from "./read-metric";
import { addDays, bucketOf, dayOf, type Window } from "./window";

const MAX_SERVICES = 500;
const WEEKS: Record<Span, number> = { "3m": 13, "6m": 26, "12m": 52 };
const MONTHS: Record<Span, number> = { "3m": 3, "6m": 6, "12m": 12 };

export const getDashboard = query({
  name: "metric.read-organisation",
  summary: "Lead time and deployment frequency of a node over whole weeks or months up to now, with the services behind them.",
  input: DashboardInput,
  subject: async (on, { node }) => {
    const found = await nodeNamed(on, node);
    return { teamId: found.teamId, node: found };
  },
  run: async (on, { span, grain, data: asked, measures: wanted }, ctx, { node }): Promise<Dashboard> => {
    authorize(ctx, permissionFor(node), { teamId: node.teamId });
    const { data, hasDemo } = await dataKindOf(on, node, asked);
    const question = { node, data, window: wholeBuckets(span, grain, ctx.now, env().timeZone), grain, now: ctx.now, actor: ctx.actor };
    const mine = sql`is_demo = ${data === "demo"} and ${within(node)}`;
    const { measures, chosenBy } = await measuresFor(on, node, ctx, wanted);
    const [more, leadTime, frequency, services, children, annotations, [last]] = await Promise.all([
      Promise.all(measures.flatMap((name) => (isMetric(name) ? [readMetric(on, name, question)] : []))),
      readMetric(on, "lead-time", question),
      readMetric(on, "deployment-frequency", question),
      servicesOf(on, node, mine),
      childrenOf(on, node),
      annotationsOf(on, node, data === "demo", question.window),
      on.execute<{ at: string | null }>(sql`select max(last_at) as at from delivery_services where ${mine}`),
    ]);
    const { ref, title, type, teamId } = node;
    return {
      node: { ref, title, type, teamId, children },
      data,
      hasDemo,
      leadTime,
      frequency,
      more,
      measures,
      chosenBy,
      services,
      annotations,
      until: last?.at ? new Date(last.at).toISOString() : null,
    };
  },
});

/** Whole weeks or months before the one in progress, and that one up to today. */
function wholeBuckets(span: Span, grain: MetricGrain, now: Date, timeZone: string): Window {
  const today = dayOf(now, timeZone);
  let from = grain === "month" ? bucketOf(today, "month").from : addDays(bucketOf(today, "week").from, -7 * WEEKS[span]);
  if (grain === "month") for (let n = MONTHS[span]; n > 0; n--) from = bucketOf(addDays(from, -1), "month").from;
  return { from, to: addDays(today, 1), timeZone };
}

async function servicesOf(on: Connection, node: Node, mine: ReturnType<typeof sql>): Promise<DeliveryService[]> {
  if (node.type === "service") return [];
  const rows = await on.execute<{ service: string; n: number }>(
    sql`select service, sum(deployments)::int as n from delivery_services where ${mine} group by 1 order by 1 limit ${MAX_SERVICES}`,
  );
  return rows.map(({ service, n }) => ({ ref: service, name: service.split("/").at(-1) ?? service, deployments: n }));
}

async function childrenOf(on: Connection, node: Node): Promise<string[]> {
  if (node.type !== "team") return [];
  const rows = await on.select({ id: teams.id, parentId: teams.parentId, title: teams.title }).from(teams);
  return rows.filter((team) => team.parentId === node.teamId).map((team) => team.title);
}
