import { eq, sql } from "drizzle-orm";
import type { Tx } from "@/db/client";
import { entities, entityRelations } from "@/db/schema";
import type { Finding, ImportResult } from "../contract";
import { keepWords, weightedWords } from "../search-words";
import { anyOf, chunks } from "./known";
import type { ImportPlan, Planned } from "./plan";
import type { Provenance } from "./provenance";
import type { EntityReading } from "./read";
import { replaceFindings } from "./write-findings";

/** A document that is new or changed. */
type Changed = Planned & { read: NonNullable<Planned["read"]> };

const PER_STATEMENT = 1_000;
const MANY = 1_000;

/** Writes what was planned. Somebody who registered the same ref a moment earlier wins; the document is then refused. */
export async function applyImport(tx: Tx, plan: ImportPlan, provenance: Provenance): Promise<ImportResult> {
  const changed = plan.accepted.filter((one): one is Changed => one.change !== "unchanged" && one.read !== null).sort((a, b) => (a.ref < b.ref ? -1 : 1));
  const lost = new Set<string>();
  for (const part of chunks(changed, PER_STATEMENT)) for (const ref of await writeEntities(tx, part, provenance)) lost.add(ref);
  const written = changed.filter(({ ref }) => !lost.has(ref));
  for (const part of chunks(written, PER_STATEMENT)) await writeRelations(tx, part);
  const refused = [...plan.refused, ...changed.filter(({ ref }) => lost.has(ref)).map(tooLate)];
  const accepted = plan.accepted.filter(({ ref }) => !lost.has(ref));
  await replaceFindings(tx, accepted, refused, provenance);
  // Last, since another import with the same new words waits from here to the end of the transaction.
  await keepWords(tx, wordsOf(written));
  // Until its list of new words is worked in, each search would read through it.
  if (written.length >= MANY) await tx.execute(sql`select settle_catalog_index()`);
  return {
    accepted: accepted.map(({ ref, file, line, change }) => ({ entityRef: ref, file, line, change })),
    findings: accepted.flatMap(({ findings }) => findings),
    refused,
  };
}

function* wordsOf(changed: Changed[]): Generator<string> {
  for (const { read } of changed) for (const text of Object.values(read.draft.search)) yield* text.split(" ");
}

function tooLate({ file, line, ref }: Planned): Finding {
  return { file, line, entityRef: ref, rule: "taken", message: `${ref} was registered by somebody else at this moment.`, fix: "Look at it, then import again." };
}

/** Columns that a document gives, and their types; each is a member of `rowOf`. */
const DOCUMENT_COLUMNS = {
  ref: "text",
  kind: "text",
  namespace: "text",
  name: "text",
  title: "text",
  description: "text",
  type: "text",
  lifecycle: "text",
  owner_ref: "text",
  system_ref: "text",
  tags: "text[]",
  definition: "jsonb",
  content_hash: "text",
  text_hash: "text",
  source: "jsonb",
  label: "text",
};
const NAMES = Object.keys(DOCUMENT_COLUMNS);
const GIVEN = sql.raw(NAMES.join(", "));
const ROW = sql.raw(
  `r(${[...Object.entries(DOCUMENT_COLUMNS), ["words_name", "text"], ["words_title", "text"], ["words_rest", "text"]].map((pair) => pair.join(" ")).join(", ")})`,
);
const WORDS = weightedWords(sql`r.words_name`, sql`r.words_title`, sql`r.words_rest`);

function rowOf({ file, read: { draft, hash, textHash } }: Changed, { source }: Provenance): string {
  const { definition, relations: _relations, findings: _findings, calledBy: _calledBy, search, ownerRef, systemRef, ...columns } = draft;
  const row = {
    ...columns,
    owner_ref: ownerRef,
    system_ref: systemRef,
    content_hash: hash,
    text_hash: textHash,
    // A source may hold many files: each entity knows its own.
    source: "path" in source || source.type === "url" ? { ...source, path: file } : source,
    label: labelOf(draft),
    words_name: search.name,
    words_title: search.title,
    words_rest: search.rest,
  };
  // The definition is JSON already.
  return `${JSON.stringify(row).slice(0, -1)},"definition":${definition}}`;
}

const labelOf = ({ name, title, calledBy }: EntityReading) => [...new Set([name, title, calledBy ?? ""])].join(" ").trim().toLowerCase();

const rowsOf = (part: Changed[], provenance: Provenance) => sql`json_to_recordset(${`[${part.map((one) => rowOf(one, provenance)).join(",")}]`}::json) as ${ROW}`;

/** Returns the refs that another transaction took in the meantime. */
async function writeEntities(tx: Tx, part: Changed[], provenance: Provenance): Promise<string[]> {
  const created = part.filter(({ change }) => change === "created");
  const updated = part.filter(({ change }) => change === "updated");
  if (updated.length) await updateEntities(tx, updated, provenance);
  if (created.length === 0) return [];
  const { registeredBy, goldenPath, repositoryId, isDemo, now } = provenance;
  const inserted = await tx.execute<{ ref: string }>(sql`
    insert into entities (${GIVEN}, words, golden_path, golden_path_version, repository_id, registered_by, is_demo, created_at, updated_at)
    select ${sql.raw(NAMES.map((name) => `r.${name}`).join(", "))}, ${WORDS}, ${goldenPath?.name ?? null}::text, ${goldenPath?.version ?? null}::text, ${repositoryId}::text,
      ${registeredBy}::text, ${isDemo}::boolean, ${now.toISOString()}::timestamptz, ${now.toISOString()}::timestamptz
    from ${rowsOf(created, provenance)} on conflict do nothing returning ref`);
  const there = new Set(inserted.map(({ ref }) => ref));
  return created.map(({ ref }) => ref).filter((ref) => !there.has(ref));
}

/** Who registered an entity stays, and what its documents are found by. */
async function updateEntities(tx: Tx, part: Changed[], provenance: Provenance): Promise<void> {
  const { goldenPath, repositoryId, now } = provenance;
  const assigned = NAMES.filter((name) => name !== "ref").map((name) => `${name} = r.${name}`);
  await tx.execute(sql`
    update entities e set ${sql.raw(assigned.join(", "))}, words = ${WORDS} || ts_filter(e.words, '{d}'), gone_at = null, confirmed_at = null, facts = '{}', updated_at = ${now.toISOString()}::timestamptz
      ${goldenPath ? sql`, golden_path = ${goldenPath.name}, golden_path_version = ${goldenPath.version}` : sql``}
      ${repositoryId ? sql`, repository_id = ${repositoryId}` : sql``}
    from ${rowsOf(part, provenance)} where e.ref = r.ref`);
}

async function writeRelations(tx: Tx, part: Changed[]): Promise<void> {
  const updated = part.filter(({ change }) => change === "updated").map(({ ref }) => ref);
  if (updated.length) await tx.delete(entityRelations).where(sql`${entityRelations.originRef} = ${anyOf(updated)}`);
  const rows = part.flatMap(({ ref, read }) => read.draft.relations.map(({ fromRef, type, toRef }) => [ref, fromRef, type, toRef]));
  if (rows.length === 0) return;
  await tx.execute(sql`
    insert into entity_relations (origin_ref, from_ref, type, to_ref)
    select r ->> 0, r ->> 1, r ->> 2, r ->> 3 from json_array_elements(${JSON.stringify(rows)}::json) as r on conflict do nothing`);
}

/** Replaces what an entity's documents are found by. The entity must be there. */
export async function writeDocWords(tx: Tx, ref: string, words: string[]): Promise<void> {
  await keepWords(tx, words);
  await tx
    .update(entities)
    .set({ words: sql`ts_filter(${entities.words}, '{a,b,c}') || setweight(to_tsvector('simple', ${words.join(" ")}), 'D')` })
    .where(eq(entities.ref, ref));
}
