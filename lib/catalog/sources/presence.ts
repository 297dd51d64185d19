import { and, eq, inArray, isNotNull, isNull, lt, or, type SQL, sql } from "drizzle-orm";
import type { Tx } from "@/db/client";
import { catalogFindings, entities } from "@/db/schema";
import { writeAudit } from "@/lib/core/audit";
import { type EntitySource, GRACE_DAYS, type ImportResult } from "../contract";
import { placeOf, sourceKey } from "../ownership";

// What a source no longer holds stays for a time of grace: out of the lists, shown as gone on its page and in the inbox.
// It is back at once when the source, or another one, holds it again; a person may keep it; else it is removed.

const DAY_MS = 86_400_000;

/** When something that is gone since then is removed. */
export const removalAt = (goneAt: Date): Date => new Date(goneAt.getTime() + GRACE_DAYS * DAY_MS);

/** Entities that this source brought. The literal types let Postgres use the partial index. */
export function ofSource(source: EntitySource): SQL | undefined {
  if (source.type === "git") return sql`${entities.source} ->> 'type' = 'git' and ${entities.source} ->> 'repositoryId' = ${source.repositoryId}`;
  if (source.type === "remote") return sql`${entities.source} ->> 'type' = 'remote' and ${entities.source} ->> 'url' = ${source.url}`;
  if (source.type === "url") return sql`${entities.source} ->> 'type' = 'url' and ${entities.source} ->> 'url' = ${source.url}`;
  return undefined;
}

/** Refusals that are about where a file leads: the file itself was read. */
const LEADING = new Set(["target-missing", "target-refused", "placeholder-missing"]);

interface Reading {
  source: EntitySource;
  teamRef: string | null;
  isDemo?: boolean;
  now: Date;
}

/**
 * After a whole reading of a source: what it did not hold is gone. An entity whose document was refused, or whose file could
 * not be read, stays as it last was. Returns the refs that are gone since now.
 */
export async function settlePresence(tx: Tx, { accepted, refused }: Pick<ImportResult, "accepted" | "refused">, reading: Reading): Promise<string[]> {
  const held = new Set([...accepted.map(({ entityRef }) => entityRef), ...refused.flatMap(({ entityRef }) => entityRef ?? [])]);
  const broken = new Set(refused.filter(({ entityRef, rule }) => entityRef === null && !LEADING.has(rule)).map(({ file }) => file));
  const where = ofSource(reading.source);
  // What was too much to read may hold any of them.
  if (!where || refused.some(({ rule }) => rule === "too-much")) return [];
  const known = await tx.select({ ref: entities.ref, source: entities.source, goneAt: entities.goneAt }).from(entities).where(where);
  const missing = known.filter(({ ref, source }) => !held.has(ref) && !("path" in source && source.path !== undefined && broken.has(source.path)));
  const gone = missing.filter(({ goneAt }) => goneAt === null).map(({ ref }) => ref);
  if (gone.length > 0) await tx.update(entities).set({ goneAt: reading.now, updatedAt: reading.now }).where(inArray(entities.ref, gone));
  await noteGone(
    tx,
    missing.map((one) => ({ ...one, goneAt: one.goneAt ?? reading.now })),
    reading,
  );
  return gone;
}

/** The same where the source itself is gone: an archived repository, one without a catalog file. */
export const settleGoneSource = (tx: Tx, reading: Reading): Promise<string[]> => settlePresence(tx, { accepted: [], refused: [] }, reading);

/** One finding each, which the next reading renews or leaves out. */
async function noteGone(tx: Tx, missing: { ref: string; source: EntitySource; goneAt: Date }[], { source, teamRef, isDemo = false, now }: Reading): Promise<void> {
  const refs = missing.map(({ ref }) => ref);
  if (refs.length > 0) await tx.delete(catalogFindings).where(inArray(catalogFindings.entityRef, refs));
  for (let at = 0; at < missing.length; at += 500) {
    await tx.insert(catalogFindings).values(
      missing.slice(at, at + 500).map((one) => ({
        ...goneFinding(one),
        sourceKey: sourceKey(source),
        source: one.source,
        teamRef,
        isRefusal: false,
        isDemo,
        at: now,
      })),
    );
  }
}

function goneFinding({ ref, source, goneAt }: { ref: string; source: EntitySource; goneAt: Date }) {
  const file = "path" in source && source.path ? source.path : "catalog-info.yaml";
  const message = `${ref} is no longer in ${placeOf(source)}.`;
  const fix = `Put it back there, keep it without its source, or let it go: it is removed on ${removalAt(goneAt).toISOString().slice(0, 10)}.`;
  return { file, line: 1, entityRef: ref, rule: "gone", message, fix };
}

/** Removes what has been gone for longer than the grace period, each with an audit event. Returns the refs. */
export async function removeGone(tx: Tx, now: Date): Promise<string[]> {
  const due = await tx
    .delete(entities)
    .where(and(isNotNull(entities.goneAt), lt(entities.goneAt, new Date(now.getTime() - GRACE_DAYS * DAY_MS))))
    .returning({ ref: entities.ref, title: entities.title, source: entities.source });
  const refs = due.map(({ ref }) => ref);
  if (refs.length > 0) await tx.delete(catalogFindings).where(inArray(catalogFindings.entityRef, refs));
  for (const { ref, title, source } of due) {
    await writeAudit(tx, { actor: { type: "system", name: "catalog" }, now, requestId: "catalog", ipPrefix: null }, "entity.edit", "done", {
      target: { type: "entity", id: ref, label: title },
      detail: { change: "removed", reason: `no longer in ${placeOf(source)}` },
    });
  }
  return refs;
}

/** Keeps an entity that its source no longer holds, as if it had been uploaded. Returns false where it is not gone. */
export async function keepEntity(tx: Tx, ref: string, now: Date): Promise<boolean> {
  const [found] = await tx
    .select({ source: entities.source })
    .from(entities)
    .where(and(eq(entities.ref, ref), isNotNull(entities.goneAt)))
    .for("update");
  if (!found) return false;
  const source: EntitySource = { type: "upload", label: placeOf(found.source) };
  await tx.update(entities).set({ source, goneAt: null, repositoryId: null, updatedAt: now }).where(eq(entities.ref, ref));
  await tx.delete(catalogFindings).where(and(eq(catalogFindings.entityRef, ref), eq(catalogFindings.rule, "gone")));
  return true;
}

/** In lists: only what its source still holds. */
export const isPresent: SQL = isNull(entities.goneAt);

/** Leaves what a source brought to people, as if it had been uploaded. Returns how many entities that were. */
export async function freeEntities(tx: Tx, source: EntitySource, label: string, now: Date): Promise<number> {
  const where = ofSource(source);
  if (!where) return 0;
  // Nothing reads the source again, so that nothing would ever end these.
  await tx.delete(catalogFindings).where(and(eq(catalogFindings.sourceKey, sourceKey(source)), or(eq(catalogFindings.rule, "gone"), eq(catalogFindings.isRefusal, true))));
  const freed = await tx
    .update(entities)
    .set({ source: { type: "upload", label }, goneAt: null, updatedAt: now })
    .where(where)
    .returning({ ref: entities.ref });
  return freed.length;
}

/** Has the entities of an address come from another one, until that is read. */
export async function moveEntities(tx: Tx, from: string, to: string, now: Date): Promise<void> {
  const old: EntitySource = { type: "url", url: from };
  // What was found at the old address is found anew, or not, by the reading of the new one.
  await tx.delete(catalogFindings).where(eq(catalogFindings.sourceKey, sourceKey(old)));
  await tx
    .update(entities)
    .set({ source: { type: "url", url: to }, updatedAt: now })
    .where(ofSource(old));
}
