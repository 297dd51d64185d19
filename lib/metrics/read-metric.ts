import { env } from "@/lib/core/env";
import { DomainError } from "@/lib/core/errors";
import { authorize, query } from "@/lib/core/operation";
import { isMetric, METRICS, type Metric, MetricInput } from "./contract";
import { readMetric } from "./figures";
import { dataKindOf, type Node, nodeNamed } from "./node";
import { windowOf } from "./window";

/** Team figures are for those who belong to the team or manage it; what belongs to no team is everybody's. */
export const permissionFor = (node: Node) => (node.type === "org" || node.teamId === null ? ("metric.read-organisation" as const) : ("metric.read" as const));

export const getMetric = query({
  name: "metric.read-organisation",
  summary: "One metric of the organisation, a division, a team or a service over a window, with its formula, n and the period before.",
  input: MetricInput,
  subject: async (on, { node }) => {
    const found = await nodeNamed(on, node);
    return { teamId: found.teamId, node: found };
  },
  run: async (on, { metric, from, to, grain, data }, ctx, { node }): Promise<Metric> => {
    authorize(ctx, permissionFor(node), { teamId: node.teamId });
    if (!isMetric(metric)) throw new DomainError("not_found", `There is no metric "${metric.slice(0, 60)}" yet. There are: ${METRICS.join(", ")}.`);
    const window = windowOf({ from, to }, ctx.now, env().timeZone);
    const kind = data ?? (await dataKindOf(on, node, undefined)).data;
    return readMetric(on, metric, { node, data: kind, window, grain, now: ctx.now, actor: ctx.actor });
  },
});
