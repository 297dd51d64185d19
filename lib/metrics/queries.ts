import "server-only";
import { sql } from "drizzle-orm";
import type { Connection } from "@/db/client";
import { env } from "@/lib/core/env";
import type { ServiceDelivery } from "./contract";
import { readMetric } from "./figures";
import { dataKindOf, type Node } from "./node";
import { recentDeployments } from "./recent";
import { addDays, dayOf, daysBetween } from "./window";

export { getDashboard } from "./dashboard";
export { getDeliveryHealth } from "./doctor";
export { getDelivery, listMetricRows } from "./drill-down";
export { getIncident } from "./incident-queries";
export { listCommits, listDeployments, listIncidents, listPullRequests } from "./lists";
export { getMetric } from "./read-metric";
export { getDeliveryRules, previewDeliveryRules } from "./rules-operations";
export { getDeliveryScope } from "./scope";
export { getWebhookDelivery, listWebhookDeliveries, listWebhookSources } from "./webhooks/operations";

const SERVICE_DAYS = 90;
const RECENT = 20;

/** Lead time and frequency of a service over the last 90 days with its latest production deployments, for its page. */
export async function serviceDelivery(on: Connection, ref: string, now: Date): Promise<ServiceDelivery> {
  const { timeZone } = env();
  const node: Node = { type: "service", ref, title: ref, teamId: null, teamIds: [] };
  const { data } = await dataKindOf(on, node, undefined);
  const to = addDays(dayOf(now, timeZone), 1);
  const window = { from: addDays(to, -SERVICE_DAYS), to, timeZone };
  const question = { node, data, window, grain: "month" as const, now };
  const [lead, frequency, recent] = await Promise.all([
    readMetric(on, "lead-time", question),
    readMetric(on, "deployment-frequency", question),
    recentDeployments(on, sql`service = ${ref} and is_demo = ${data === "demo"} and tier = 'production'`, RECENT),
  ]);
  return {
    data,
    days: daysBetween(window.from, window.to),
    leadTime: { medianSeconds: lead.summary.value, n: lead.summary.n, insufficient: lead.summary.insufficient ?? null },
    deploymentsPerWeek: frequency.summary.value === null ? null : frequency.summary.value * 7,
    deployments: frequency.summary.n,
    recent,
  };
}
