import { sql } from "drizzle-orm";
import { env } from "@/lib/core/env";
import { DomainError } from "@/lib/core/errors";
import { authorize, query } from "@/lib/core/operation";
import { withCommitLinks } from "./commit-links";
import { type DeliveryDeployment, IncidentId, type MetricRows, MetricRowsInput } from "./contract";
import { presentIncident } from "./incidents";
import { dataKindOf, type Node, nodeNamed, within } from "./node";
import { provisionedRows } from "./platform-figures";
import { permissionFor } from "./read-metric";
import { recentDeployments } from "./recent";
import { CHANGE_ORDER, changeRows } from "./rows";
import { isTooSmall, TOO_FEW_AUTHORS } from "./smallest-group";
import { addDays, dayOf, windowOf } from "./window";

const DEPLOYMENT_CHANGES = 200;

export const listMetricRows = query({
  name: "metric.read-organisation",
  summary: "The rows behind a figure: changes behind lead time, deployments behind the others.",
  input: MetricRowsInput,
  subject: async (on, { node }) => {
    const found = await nodeNamed(on, node);
    return { teamId: found.teamId, node: found };
  },
  run: async (on, { metric, from, to, data: asked, sort, limit, offset }, ctx, { node }): Promise<MetricRows> => {
    authorize(ctx, permissionFor(node), { teamId: node.teamId });
    const window = windowOf({ from, to }, ctx.now, env().timeZone);
    const { data } = await dataKindOf(on, node, asked);
    if (metric === "provisioning-time") return { metric, data, changes: [], deployments: [], ...(await provisionedRows(on, node, data === "demo", window, limit, offset)) };
    const where = sql`is_demo = ${data === "demo"} and ${within(node)} and day >= ${window.from} and day < ${window.to}`;
    const n = async (from: ReturnType<typeof sql>) => Number((await on.execute<{ n: number }>(sql`select count(*)::int as n from ${from}`))[0]?.n ?? 0);
    if (metric === "lead-time") {
      const total = await n(sql`delivery_changes where counted and ${where}`);
      if (total > 0 && (await isTooSmall(on, node, data === "demo", window.to, ctx.actor)))
        return { metric, data, changes: [], deployments: [], environments: [], total, withheld: TOO_FEW_AUTHORS };
      const changes = await changeRows(on, where, CHANGE_ORDER[sort], limit, offset);
      return { metric, data, changes, deployments: [], environments: [], total };
    }
    const part =
      { "change-fail-rate": sql`caused_failure`, "recovery-time": sql`caused_failure`, "rework-rate": sql`is_rework`, adoption: sql`source = 'platform' and status = 'success'` }[
        metric
      ] ?? sql`status = 'success'`;
    const mine = sql`${where} and tier = 'production' and ${part}`;
    const [deployments, total] = await Promise.all([recentDeployments(on, mine, limit, offset), n(sql`delivery_deployments where ${mine}`)]);
    return { metric, data, changes: [], deployments, environments: [], total };
  },
});

export const getDelivery = query({
  name: "deployment.list",
  summary: "One deployment as the figures see it: what it brought, what it is compared with, and what came of it.",
  input: IncidentId,
  subject: () => null,
  run: async (on, { id }, { actor, now }): Promise<DeliveryDeployment> => {
    const row = await on.query.deliveryDeployments.findFirst({ where: (d, { eq }) => eq(d.id, id) });
    if (!row) throw new DomainError("not_found", "There is no such deployment.");
    const node: Node = { type: "service", ref: row.service, title: row.service, teamId: row.teamId, teamIds: [] };
    const until = addDays(row.day ?? dayOf(now, env().timeZone), 1);
    const isWithheld = row.changes > 0 && (await isTooSmall(on, node, row.isDemo, until, actor));
    const [changes, incidents, missing, [commit]] = await Promise.all([
      isWithheld ? [] : changeRows(on, sql`deployment_id = ${id}`, CHANGE_ORDER.newest, DEPLOYMENT_CHANGES),
      on.query.incidents.findMany({ where: (i, { eq }) => eq(i.deploymentId, id) }),
      on.execute<{ sha: string }>(sql`select sha from delivery_missing where deployment_id = ${id} limit 20`),
      on.execute<{ subject: string }>(sql`select subject from delivery_commits where repository = ${row.repository} and sha = ${row.commit}`),
    ]);
    const [link] = await withCommitLinks(on, [row], (one) => one.commit);
    const { externalId, service, environment, tier, status, repository, previousCommit, kind, attribution, isRework, causedFailure, flags, source, isDemo } = row;
    return {
      id,
      external_id: externalId,
      service,
      environment,
      tier,
      status,
      repository,
      commit: row.commit,
      subject: commit?.subject ?? null,
      href: link?.href ?? null,
      previousCommit,
      startedAt: row.startedAt.toISOString(),
      finishedAt: row.finishedAt.toISOString(),
      kind,
      attribution,
      missing: missing.map((one) => one.sha),
      isRework,
      causedFailure,
      recoveredAt: row.recoveredAt?.toISOString() ?? null,
      flags,
      source,
      isDemo,
      changes,
      ...(isWithheld ? { withheld: TOO_FEW_AUTHORS } : {}),
      incidents: incidents.map(presentIncident),
    };
  },
});
