import { sql } from "drizzle-orm";
import { db } from "@/db/client";
import { log } from "@/lib/core/log";
import { FACT_GROUPS } from "../contract-facts";
import { CATALOG_SOURCES } from "./catalog";
import { DELIVERY_SOURCES } from "./delivery";
import { repositoryFacts } from "./repository";
import type { FactSource } from "./source";
import type { News } from "./written";

// Facts are gathered by one statement, which writes only what differs. Where that takes long it is done less often, so that
// gathering stays a small part of the time however large the company is.

/** Kinds that no scorecard is about. */
const LEFT_OUT = ["user", "location", "template"];
/** Sources rest this many times as long as asking them took. */
const SHARE = 60;
const LONGEST_PAUSE_MS = 45_000;

const nextAt = new Map<string, number>();

/** Sources of this domain and those before it; later domains' come from the worker. */
export const ownSources: FactSource[] = [...CATALOG_SOURCES, ...DELIVERY_SOURCES, repositoryFacts];

interface Asking {
  now: Date;
  /** Every source, at once. */
  force: boolean;
  news: News;
}

/** Brings the facts of every entity up to date. What changed is marked for evaluation. */
export async function gatherFacts(later: FactSource[], { now, force, news }: Asking): Promise<void> {
  const isDue = ({ group, tables }: FactSource) => force || ((nextAt.get(group) ?? 0) <= now.getTime() && news.mayHave(group, tables));
  const due = [...ownSources, ...later].filter(isDue);
  // Together, so that a row is written once. Where one fails, each is asked alone: that one leaves what it said last, with its time.
  const isDone = await ask(due, now, news).then(
    () => true,
    () => false,
  );
  if (isDone) return;
  for (const source of due) await ask([source], now, news).catch((error: unknown) => log().warn({ err: error, source: source.group }, "facts could not be gathered"));
}

async function ask(sources: FactSource[], now: Date, news: News): Promise<void> {
  if (sources.length === 0) return;
  const began = performance.now();
  await gather(sources, now);
  const rest = Math.min(LONGEST_PAUSE_MS, (performance.now() - began) * SHARE);
  for (const { group, tables } of sources) {
    news.taken(group, tables);
    nextAt.set(group, now.getTime() + rest);
  }
}

/** Entities that went or have another document. */
export async function followCatalog(now: Date): Promise<void> {
  await db().execute(sql`delete from scorecard_facts f where not exists (select 1 from entities e where e.ref = f.entity_ref and e.gone_at is null)`);
  await db().execute(sql`
    update scorecard_facts f set content_hash = e.content_hash, observed = f.observed || jsonb_build_object('entity', e.updated_at), changed_at = ${now.toISOString()}::timestamptz, is_dirty = true
    from entities e where e.ref = f.entity_ref and e.content_hash <> f.content_hash`);
}

const isNew = sql`e.gone_at is null and e.kind <> all(${sql.param(LEFT_OUT)}::text[]) and not exists (select 1 from scorecard_facts f where f.entity_ref = e.ref)`;

/** New entities come with their first facts. Where no source was asked since, they are there without, and are evaluated once something is known. */
export async function addNewEntities(now: Date): Promise<void> {
  await db().execute(sql`
    insert into scorecard_facts (entity_ref, content_hash, facts, observed, answered, changed_at, is_dirty)
    select e.ref, e.content_hash, '{}'::jsonb, jsonb_build_object('entity', e.updated_at), '{}'::text[], ${now.toISOString()}::timestamptz, false from entities e where ${isNew} on conflict do nothing`);
}

async function gather(sources: FactSource[], now: Date): Promise<void> {
  const told = sources.map(
    ({ group, rows }) =>
      sql`select ${group}::text as fact_group, x.entity_ref, x.facts, x.observed_at from (${rows(db(), now)}) x where x.facts <> ${JSON.stringify(FACT_GROUPS[group].usual)}::jsonb`,
  );
  const groups = sql`${sql.param(sources.map(({ group }) => group))}::text[]`;
  const every = sql`${sql.param(Object.keys(FACT_GROUPS))}::text[]`;
  const at = sql`${now.toISOString()}::timestamptz`;
  await db().transaction(async (tx) => {
    await tx.execute(sql`set local statement_timeout = '120s'`);
    await tx.execute(sql`
      with told as materialized (
        select entity_ref, jsonb_object_agg(fact_group, facts) as facts, jsonb_object_agg(fact_group, observed_at) as observed
        from (${sql.join(told, sql` union all `)}) t group by entity_ref),
      came as (
        insert into scorecard_facts (entity_ref, content_hash, facts, observed, answered, changed_at, is_dirty)
        select e.ref, e.content_hash, coalesce(n.facts, '{}'), coalesce(n.observed, '{}') || jsonb_build_object('entity', e.updated_at),
          case when ${groups} @> ${every} then null else ${groups} end, ${at}, true
        from entities e left join told n on n.entity_ref = e.ref where ${isNew} on conflict do nothing)
      update scorecard_facts f set facts = n.facts, observed = f.observed - ${groups} || n.observed, changed_at = ${at}, is_dirty = true,
        answered = case when f.answered is null or f.answered || ${groups} @> ${every} then null else f.answered || ${groups} end
      from (
        select k.entity_ref, k.facts - ${groups} || coalesce(t.facts, '{}') as facts, coalesce(t.observed, '{}') as observed
        from scorecard_facts k left join told t on t.entity_ref = k.entity_ref) n
      where f.entity_ref = n.entity_ref and (n.facts <> f.facts or not f.answered @> ${groups})`);
  });
}
