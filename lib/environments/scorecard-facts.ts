import { sql } from "drizzle-orm";
import type { FactSource } from "@/lib/scorecards/queries";

/** Where a service runs, for scorecards: its permanent environments that are ready. */
export const environmentFacts: FactSource = {
  group: "environments",
  tables: ["entities", "environments"],
  rows: () => sql`
    select e.ref as entity_ref, coalesce(v.at, e.updated_at) as observed_at, jsonb_build_object(
      'development', coalesce(v.development, false), 'staging', coalesce(v.staging, false), 'production', coalesce(v.production, false), 'unhealthy', coalesce(v.unhealthy, 0)) as facts
    from entities e left join (
      select entity_ref, max(ready_at) as at, bool_or(tier = 'development') as development, bool_or(tier = 'staging') as staging, bool_or(tier = 'production') as production,
        count(*) filter (where health ->> 'state' in ('unhealthy', 'degraded')) as unhealthy
      from environments where lifetime = 'permanent' and status = 'ready' and entity_ref is not null group by 1) v on v.entity_ref = e.ref`,
};
