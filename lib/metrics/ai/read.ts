import { sql } from "drizzle-orm";
import type { Connection } from "@/db/client";
import { env } from "@/lib/core/env";
import { authorize, query } from "@/lib/core/operation";
import { dataKindOf, type Node, nodeNamed, within } from "../node";
import { permissionFor } from "../read-metric";
import { readRules } from "../rules";
import { isTooSmall, SMALLEST_GROUP, TOO_FEW_AUTHORS } from "../smallest-group";
import { rateRatio } from "../statistics";
import { startOfDay, type Window, windowOf } from "../window";
import { type AiRow, AiSignalsInput, type AiSignalsView } from "./contract";
import { AI_LIMITS } from "./signals";

/** Fewer failures than this in both classes together say nothing (6 of 200 against 10 of 800: 0.9 to 6.6 times). */
export const NEEDED_FAILURES = 20;
const CLASSES = ["authored", "assisted", "none"] as const;
const TOO_FEW_IN_CLASS = "Fewer than three people wrote these changes, so what became of them is not told.";

interface Counted {
  [column: string]: unknown;
  class: AiRow["class"];
  month: string | null;
  n: number;
  authors: number;
  lead: number;
  failures: number;
}

export const getAiSignals = query({
  name: "metric.read-organisation",
  summary: "Changes that say of themselves that AI wrote them or helped, beside those without a signal: lead time, failures, and whether they differ by more than chance.",
  input: AiSignalsInput,
  subject: async (on, { node }) => {
    const found = await nodeNamed(on, node);
    return { teamId: found.teamId, node: found };
  },
  run: async (on, { from, to, data: asked }, ctx, { node }): Promise<AiSignalsView> => {
    authorize(ctx, permissionFor(node), { teamId: node.teamId });
    const window = windowOf({ from, to }, ctx.now, env().timeZone);
    const { data } = await dataKindOf(on, node, asked);
    const moment = (day: string) => startOfDay(day, window.timeZone).toISOString();
    const { rules } = await readRules(on);
    const frame = {
      node: { ref: node.ref, title: node.title },
      data,
      window: { from: moment(window.from), to: moment(window.to), timeZone: window.timeZone },
      needed: NEEDED_FAILURES,
      signals: rules.aiSignals,
      limits: AI_LIMITS,
    };
    const nothing = (insufficient: string) => ({ ...frame, rows: [], pullRequests: null, months: [], failures: 0, insufficient });
    if (await isTooSmall(on, node, data === "demo", window.to, ctx.actor)) return nothing(TOO_FEW_AUTHORS);
    const [counted, requests] = await Promise.all([count(on, node, data === "demo", window), countRequests(on, node, data === "demo", window)]);
    if (counted.length === 0) return nothing("No change was deployed in this period.");
    const { rows, failures } = classes(counted.filter((one) => one.month === null));
    const changes = requests.reduce((sum, one) => sum + one.changes, 0);
    return { ...frame, rows, failures, pullRequests: changes ? { changes, rows: classes(requests).rows } : null, months: byMonth(counted.filter((one) => one.month !== null)) };
  },
});

/** What was changed in the window, with its class and its part of a failure. Programs without a signal, such as those that update dependencies, are no changes here either. */
const changesWithin = (node: Node, isDemo: boolean, { from, to }: Window) => sql`
  select h.deployment_id, h.repository, coalesce(h.merged_by, h.sha) as merge, to_char(h.day, 'YYYY-MM') as month, coalesce(c.ai, 'none') as class, lower(c.author) as author,
    greatest(0, extract(epoch from h.deployed_at - c.authored_at)) as lead, count(*) over (partition by h.deployment_id) as of_deployment
  from delivery_changes h join delivery_commits c on c.repository = h.repository and c.sha = h.sha
  where h.is_demo = ${isDemo} and ${within(node, sql`h.`)} and h.day >= ${from} and h.day < ${to} and (h.counted or (h.left_out = 'bot' and c.ai is not null))`;

/** Changes by class, in all and by month. */
async function count(on: Connection, node: Node, isDemo: boolean, window: Window): Promise<Counted[]> {
  const rows = await on.execute<Counted>(sql`
    with h as (${changesWithin(node, isDemo, window)})
    select h.class, h.month, count(*)::int as n, count(distinct h.author)::int as authors, percentile_cont(0.5) within group (order by h.lead) as lead,
      coalesce(sum(1.0 / h.of_deployment) filter (where d.caused_failure), 0)::float8 as failures
    from h join delivery_deployments d on d.id = h.deployment_id group by grouping sets ((h.class), (h.class, h.month)) order by h.month`);
  return [...rows];
}

/** Pull requests that changes came by, by class: its lead time is that of its oldest change, its failures are those of all of them. */
async function countRequests(on: Connection, node: Node, isDemo: boolean, window: Window): Promise<(Counted & { changes: number })[]> {
  const rows = await on.execute<Counted & { changes: number }>(sql`
    with h as (${changesWithin(node, isDemo, window)}),
    p as (
      select case when bool_or(h.class = 'authored') then 'authored' when bool_or(h.class = 'assisted') then 'assisted' else 'none' end as class,
        array_agg(distinct h.author) as authors, max(h.lead) as lead, count(*)::int as changes, coalesce(sum(1.0 / h.of_deployment) filter (where d.caused_failure), 0) as failures
      from h join delivery_deployments d on d.id = h.deployment_id
        join delivery_pull_requests p on p.repository = h.repository and p.merge_commit = h.merge and p.state = 'merged' and p.is_demo = ${isDemo}
      group by p.repository, p.number
    )
    select p.class, null as month, count(*)::int as n, (select count(distinct one)::int from p same, unnest(same.authors) one where same.class = p.class) as authors,
      percentile_cont(0.5) within group (order by p.lead) as lead, sum(p.failures)::float8 as failures, sum(p.changes)::int as changes
    from p group by p.class`);
  return [...rows];
}

/** An agent is nobody; of what people wrote, a class of too few tells only its number. */
const isWithheld = ({ class: of, authors }: Counted) => of !== "authored" && authors < SMALLEST_GROUP;

function classes(counted: Counted[]): { rows: AiRow[]; failures: number } {
  const all = counted.reduce((sum, one) => sum + one.n, 0);
  const base = counted.find((one) => one.class === "none");
  const rows = CLASSES.map((of): AiRow => {
    const one = counted.find((row) => row.class === of);
    if (!one) return { class: of, changes: 0, share: 0, leadTime: null, failuresPer100: null, ratio: null };
    if (isWithheld(one)) return { class: of, changes: one.n, share: null, leadTime: null, failuresPer100: null, ratio: null, withheld: TOO_FEW_IN_CLASS };
    const comparable = of !== "none" && base && !isWithheld(base) && one.failures + base.failures >= NEEDED_FAILURES;
    return {
      class: of,
      changes: one.n,
      share: one.n / all,
      leadTime: one.lead,
      failuresPer100: (100 * one.failures) / one.n,
      ratio: comparable ? rateRatio({ count: one.failures, of: one.n }, { count: base.failures, of: base.n }) : null,
    };
  });
  return { rows, failures: Math.round(counted.reduce((sum, one) => sum + one.failures, 0)) };
}

function byMonth(counted: Counted[]): AiSignalsView["months"] {
  return [...new Set(counted.map((one) => String(one.month)))].map((month) => {
    const mine = counted.filter((one) => one.month === month);
    const changes = mine.reduce((sum, one) => sum + one.n, 0);
    const signalled = mine.filter((one) => one.class !== "none");
    const part = signalled.reduce((sum, one) => sum + one.n, 0);
    return { month, changes, share: signalled.some(isWithheld) ? null : part / changes };
  });
}
