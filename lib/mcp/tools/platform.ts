import { getMe, listTeams } from "@/lib/identity/queries";
import { DEFINITIONS, METRICS } from "@/lib/metrics/contract";
import { getMetric } from "@/lib/metrics/queries";
import { getTelemetrySummary, getTrace, listTraces } from "@/lib/telemetry/queries";
import { tool } from "../tool";
import { listed } from "../words";

const ABOUT = { entityRef: "The service, for example component:default/checkout-api; or name environmentId.", environmentId: "The environment; or name entityRef." };

/** Who the agent acts for, how teams deliver, and what services do. */
export const PLATFORM_TOOLS = [
  tool(getMe, {
    name: "me",
    title: "Show whom you act for",
    summary: "The person you act for: role and teams.",
    text: ({ role, teams }) => `You act for a person with the role ${role} in ${teams.length} teams.`,
  }),
  tool(listTeams, { name: "team_list", title: "List teams", defaults: { limit: 100 }, text: listed }),
  tool(getMetric, {
    name: "metric_get",
    title: "Show delivery metric",
    hint: "A value of null comes with the reason (insufficient): never take it for zero, and always say n.",
    fields: {
      metric: `One of ${METRICS.map((name) => `${name} (${DEFINITIONS[name].unit})`).join(", ")}.`,
      node: "org, or the ref of a team or service, for example group:default/checkout.",
      from: "First day, for example 2026-11-01.",
      to: "The day after the last one.",
    },
    text: ({ metric, unit, summary }) => (summary.value === null ? `${metric}: no value, n ${summary.n}.` : `${metric}: ${summary.value} (${unit}), n ${summary.n}.`),
  }),
  tool(getTelemetrySummary, {
    name: "telemetry_summary",
    title: "Show requests of a service",
    fields: { ...ABOUT, from: "A moment, for example 2026-11-24T12:00:00Z.", to: "A moment." },
    text: ({ total }) => `${total.requests} requests, ${total.errors} errors.`,
  }),
  tool(listTraces, {
    name: "trace_list",
    title: "List traces",
    fields: { ...ABOUT, only: "errors or slow." },
    defaults: { limit: 10 },
    text: ({ items }) => `${items.length} traces.`,
  }),
  tool(getTrace, { name: "trace_get", title: "Show trace", text: ({ spans, logs }) => `${spans.length} spans, ${logs.length} log records.` }),
];
