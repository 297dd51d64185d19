import { eq, type SQL, sql } from "drizzle-orm";
import type { Connection } from "@/db/client";
import { entities, teams } from "@/db/schema";

const CHUNK = 5_000;

/** Lists in parts, for statements of a bounded size. */
export function chunks<T>(items: T[], size = CHUNK): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) => items.slice(index * size, (index + 1) * size));
}

/** `any` of a list of texts that is one parameter; a list of rows would be estimated badly, a parameter for each is slow to send. */
export const anyOf = (texts: string[]): SQL => sql`any(${sql.param(texts, entities.tags)}::text[])`;

const COLUMNS = {
  ref: entities.ref,
  ownerRef: entities.ownerRef,
  source: entities.source,
  contentHash: entities.contentHash,
  textHash: entities.textHash,
  goldenPath: entities.goldenPath,
  goldenPathVersion: entities.goldenPathVersion,
  repositoryId: entities.repositoryId,
  registeredBy: entities.registeredBy,
  goneAt: entities.goneAt,
  teamId: teams.id,
};

const select = (on: Connection) => on.select(COLUMNS).from(entities).leftJoin(teams, eq(teams.ref, entities.ownerRef));

/** What an import must know of an entity that is there. */
export type KnownEntity = Awaited<ReturnType<typeof select>>[number];

/** The entities with these refs, by ref; locked in one order where they are about to be changed. */
export async function knownEntities(on: Connection, refs: string[], lock: boolean): Promise<Map<string, KnownEntity>> {
  const found = new Map<string, KnownEntity>();
  for (const part of chunks([...refs].sort())) {
    const query = select(on)
      .where(sql`${entities.ref} = ${anyOf(part)}`)
      .orderBy(entities.ref);
    for (const one of await (lock ? query.for("update", { of: entities }) : query)) found.set(one.ref, one);
  }
  return found;
}

const isMissing = (ref: SQL) => sql`not exists (select 1 from entities x where x.ref = ${ref}) and not exists (select 1 from teams x where x.ref = ${ref})`;

/** Entities that were read from exactly these texts and of which nothing is to be put right, by the hash of the text: reading them again would tell nothing. */
export async function unchangedTexts(on: Connection, hashes: string[]): Promise<Map<string, KnownEntity>> {
  const found = new Map<string, KnownEntity>();
  for (const part of chunks(hashes)) {
    const rows = await select(on).where(sql`${entities.textHash} = ${anyOf(part)} and ${entities.goneAt} is null
      and not exists (select 1 from catalog_findings f where f.entity_ref = ${entities.ref} and (f.missing_ref is null or ${isMissing(sql`f.missing_ref`)}))
      and not exists (select 1 from entity_relations r where r.origin_ref = ${entities.ref} and ((${isMissing(sql`r.to_ref`)}) or (${isMissing(sql`r.from_ref`)})))`);
    for (const one of rows) if (one.textHash) found.set(one.textHash, one);
  }
  return found;
}

/** Which of these refs are entities, or the refs of identity teams. */
export async function knownRefs(on: Connection, refs: string[]): Promise<Set<string>> {
  const known = new Set<string>();
  for (const part of chunks(refs)) {
    const rows = await on.execute<{ ref: string }>(sql`select v.ref from json_array_elements_text(${JSON.stringify(part)}::json) as v(ref) where not (${isMissing(sql`v.ref`)})`);
    for (const { ref } of rows) known.add(ref);
  }
  return known;
}
