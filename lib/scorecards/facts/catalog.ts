import { sql } from "drizzle-orm";
import { catalogFindings } from "@/db/schema";
import { hasOnCall, isOpenFinding } from "@/lib/catalog/queries";
import type { FactSource } from "./source";

const owner: FactSource = {
  group: "owner",
  tables: ["entities", "teams", "memberships", "users"],
  rows: () => sql`
    select e.ref as entity_ref, greatest(e.updated_at, o.updated_at) as observed_at, jsonb_strip_nulls(jsonb_build_object(
      'set', e.owner_ref is not null,
      'known', t.id is not null or o.ref is not null,
      'members', case when t.id is null then null else (select count(*) from memberships m join users u on u.id = m.user_id where m.team_id = t.id and u.disabled_at is null) end,
      'onCall', ${hasOnCall(sql`e.definition`)} or coalesce(${hasOnCall(sql`o.definition`)}, false))) as facts
    from entities e left join teams t on t.ref = e.owner_ref left join entities o on o.ref = e.owner_ref and o.gone_at is null`,
};

const docs: FactSource = {
  group: "docs",
  tables: ["entities", "entity_docs"],
  rows: (_on, now) => sql`
    select e.ref as entity_ref, coalesce(max(d.read_at), min(e.updated_at)) as observed_at, jsonb_strip_nulls(jsonb_build_object(
      'present', count(d.path) > 0, 'pages', count(d.path), 'ageDays', floor(extract(epoch from ${now.toISOString()}::timestamptz - max(d.read_at)) / 86400)::int)) as facts
    from entities e left join entity_docs d on d.entity_ref = e.ref group by e.ref`,
};

const findings: FactSource = {
  group: "findings",
  tables: ["entities", "catalog_findings", "teams"],
  rows: (on) => sql`
    select e.ref as entity_ref, coalesce(max(f.at), min(e.updated_at)) as observed_at,
      jsonb_build_object('open', count(f.rule), 'rules', coalesce(jsonb_agg(distinct f.rule) filter (where f.rule is not null), '[]'::jsonb)) as facts
    from entities e left join (select entity_ref, rule, at from ${catalogFindings} where ${isOpenFinding(on)}) f on f.entity_ref = e.ref group by e.ref`,
};

export const CATALOG_SOURCES: FactSource[] = [owner, docs, findings];
