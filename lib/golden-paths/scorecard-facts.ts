import { sql } from "drizzle-orm";
import type { FactSource } from "@/lib/scorecards/queries";

const NUMBERS = "^\\d{1,9}\\.\\d{1,9}\\.\\d{1,9}$";
const isPlain = (version: ReturnType<typeof sql>) => sql`${version} ~ ${NUMBERS}`;
const numbers = (version: ReturnType<typeof sql>) => sql`string_to_array(${version}, '.')::int[]`;

/** How an entity stands to its golden path, for scorecards. Plain versions are compared as numbers; of others, another one counts as older. */
export const goldenPathFacts: FactSource = {
  group: "goldenPath",
  tables: ["entities", "repositories", "golden_paths", "golden_path_ejections"],
  rows: () => sql`
    select distinct on (e.ref) e.ref as entity_ref, coalesce(x.at, e.updated_at) as observed_at, jsonb_strip_nulls(jsonb_build_object(
      'used', p.name is not null and not coalesce(x.has_left, false),
      'name', p.name,
      'version', v.version,
      'behind', case when p.name is null or v.version is null then null
        when ${isPlain(sql`v.version`)} and ${isPlain(sql`p.current_version`)} then ${numbers(sql`v.version`)} < ${numbers(sql`p.current_version`)}
        else v.version <> p.current_version end,
      'ejected', coalesce(x.concerns, '[]'::jsonb))) as facts
    from entities e
      left join repositories r on r.entity_ref = e.ref and r.status = 'ready'
      left join golden_paths p on p.name = coalesce(r.golden_path, e.golden_path)
      left join lateral (select case when r.golden_path is not null then r.golden_path_version else e.golden_path_version end as version) v on true
      left join (
        select repository_id, jsonb_agg(coalesce(concern, '*') order by concern) as concerns, bool_or(concern is null) as has_left, max(ejected_at) as at
        from golden_path_ejections where rejoined_at is null group by 1) x on x.repository_id = r.id
    order by e.ref, r.created_at desc`,
};
