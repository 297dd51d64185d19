import { env } from "@/lib/core/env";
import { DomainError } from "@/lib/core/errors";
import { authorize, query } from "@/lib/core/operation";
import { annotationsOf } from "../annotations/read";
import { type DeliveryReport, METRICS } from "../contract";
import { servicesHealth } from "../doctor";
import { readMetric } from "../figures";
import { dataKindOf, nodeNamed } from "../node";
import { permissionFor } from "../read-metric";
import { addDays, bucketOf, dayOf } from "../window";
import { ReportInput } from "./contract";

const MONTHS = 12;

export const getDeliveryReport = query({
  name: "metric.read-organisation",
  summary: "A month of a group on one page: all measures against the month's days before, the year month by month, what happened, what is missing.",
  input: ReportInput,
  subject: async (on, { node }) => {
    const found = await nodeNamed(on, node);
    return { teamId: found.teamId, node: found };
  },
  run: async (on, { month: asked, data: kind }, ctx, { node }): Promise<DeliveryReport> => {
    authorize(ctx, permissionFor(node), { teamId: node.teamId });
    const { timeZone } = env();
    const today = dayOf(ctx.now, timeZone);
    const thisMonth = bucketOf(today, "month").from;
    const from = asked ? `${asked}-01` : bucketOf(addDays(thisMonth, -1), "month").from;
    if (from > thisMonth) throw new DomainError("invalid", "The month has not begun.", { fields: [{ path: "month", message: "Choose a month that has begun." }] });
    const end = bucketOf(from, "month").to;
    const to = end > today ? addDays(today, 1) : end;
    const { data } = await dataKindOf(on, node, kind);
    const question = { node, data, window: { from, to, timeZone }, grain: "month" as const, now: ctx.now, actor: ctx.actor };
    const year = { ...question, window: { from: monthsBefore(from, MONTHS - 1), to, timeZone } };
    const [metrics, leadTime, frequency, annotations, health] = await Promise.all([
      Promise.all(METRICS.map((name) => readMetric(on, name, question))),
      readMetric(on, "lead-time", year),
      readMetric(on, "deployment-frequency", year),
      annotationsOf(on, node, data === "demo", question.window),
      servicesHealth(on, node, data === "demo", ctx.now),
    ]);
    return {
      node: { ref: node.ref, title: node.title },
      data,
      month: from.slice(0, 7),
      isPartial: end > today,
      metrics,
      year: { leadTime, frequency },
      annotations,
      lacking: { services: health.filter((one) => one.findings.length > 0).length, of: health.length },
      madeAt: ctx.now.toISOString(),
    };
  },
});

function monthsBefore(first: string, months: number): string {
  let from = first;
  for (let n = months; n > 0; n--) from = bucketOf(addDays(from, -1), "month").from;
  return from;
}
