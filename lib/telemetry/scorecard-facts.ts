import { sql } from "drizzle-orm";
import type { FactSource } from "@/lib/scorecards/queries";

/** What of an entity's telemetry arrived in the last week, from any of its environments, for scorecards. */
export const telemetryFacts: FactSource = {
  group: "telemetry",
  tables: ["entities", "telemetry_sources"],
  rows: (_on, now) => {
    const lately = (column: "last_span_at" | "last_metric_at" | "last_log_at") =>
      sql`coalesce(bool_or(${sql.identifier(column)} > ${now.toISOString()}::timestamptz::date - interval '7 days'), false)`;
    return sql`
      select e.ref as entity_ref, coalesce(max(greatest(s.last_span_at, s.last_metric_at, s.last_log_at)), min(e.updated_at)) as observed_at, jsonb_build_object(
        'traces', ${lately("last_span_at")}, 'metrics', ${lately("last_metric_at")}, 'logs', ${lately("last_log_at")}) as facts
      from entities e left join telemetry_sources s on s.entity_ref = e.ref group by e.ref`;
  },
};
