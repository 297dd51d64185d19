import { sql } from "drizzle-orm";
import { db } from "@/db/client";
import { log } from "@/lib/core/log";
import { CATALOG_SOURCES } from "./catalog";
import { DELIVERY_SOURCES } from "./delivery";
import { repositoryFacts } from "./repository";
import type { FactSource } from "./source";
import type { News } from "./written";

// Facts are gathered by one statement per source, which writes only what differs. A source that takes long is asked less often,
// so that gathering stays a small part of the time however large the company is.

/** Kinds that no scorecard is about. */
const LEFT_OUT = ["user", "location", "template"];
/** A source rests this many times as long as it took. */
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
  for (const source of [...ownSources, ...later]) {
    const { group, tables } = source;
    if (!force && ((nextAt.get(group) ?? 0) > now.getTime() || !news.mayHave(group, tables))) continue;
    const began = performance.now();
    // One that fails leaves what it said last, with its time.
    await gather(source, now).then(
      () => news.taken(group, tables),
      (error: unknown) => log().warn({ err: error, source: group }, "facts could not be gathered"),
    );
    nextAt.set(group, now.getTime() + Math.min(LONGEST_PAUSE_MS, (performance.now() - began) * SHARE));
  }
}

/** Entities that came, went or have another document. What is new is marked once facts of it are known. */
export async function followCatalog(now: Date): Promise<void> {
  const at = now.toISOString();
  await db().execute(sql`delete from scorecard_facts f where not exists (select 1 from entities e where e.ref = f.entity_ref and e.gone_at is null)`);
  await db().execute(sql`
    insert into scorecard_facts (entity_ref, content_hash, facts, observed, changed_at, is_dirty)
    select e.ref, e.content_hash, '{}'::jsonb, jsonb_build_object('entity', e.updated_at), ${at}::timestamptz, false from entities e
    where e.gone_at is null and e.kind <> all(${sql.param(LEFT_OUT)}::text[]) and not exists (select 1 from scorecard_facts f where f.entity_ref = e.ref)
    on conflict do nothing`);
  await db().execute(sql`
    update scorecard_facts f set content_hash = e.content_hash, observed = f.observed || jsonb_build_object('entity', e.updated_at), changed_at = ${at}::timestamptz, is_dirty = true
    from entities e where e.ref = f.entity_ref and e.content_hash <> f.content_hash`);
}

async function gather({ group, rows }: FactSource, now: Date): Promise<void> {
  await db().execute(sql`
    update scorecard_facts f set facts = f.facts || jsonb_build_object(${group}::text, n.facts), observed = f.observed || jsonb_build_object(${group}::text, n.observed_at),
      changed_at = ${now.toISOString()}::timestamptz, is_dirty = true
    from (${rows(db(), now)}) n where f.entity_ref = n.entity_ref and f.facts -> ${group}::text is distinct from n.facts`);
}
