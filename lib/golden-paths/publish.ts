import { and, eq, sql } from "drizzle-orm";
import type { Tx } from "@/db/client";
import { goldenPathChanges, goldenPaths, goldenPathVersions } from "@/db/schema";
import { sha256 } from "@/lib/core/secrets";
import { packFiles, type TemplateFiles } from "./archive";
import { type GoldenPathDefinition, parseDefinition, summarize } from "./definition";

export interface NewVersion {
  files: TemplateFiles;
  definition: GoldenPathDefinition;
  version: string;
  note: string;
  publishedBy: string | null;
  now: Date;
}

/** One publication or way back of a path at a time; held until the transaction ends. */
export async function lockPath(tx: Tx, name: string): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock(hashtext(${`golden-path:${name}`}))`);
}

/**
 * Publishes the folder's content as it came with this build. A version that is there already with the same content is left alone; with
 * other content it gets the suffix `+<hash>`, so that shipped changes always arrive. It becomes the current one unless people
 * have published or chosen another since.
 */
export async function publishFiles(
  tx: Tx,
  files: TemplateFiles,
  by: { note: string; publishedBy: string | null; now: Date },
): Promise<{ name: string; version: string; isNew: boolean }> {
  const definition = parseDefinition(files.get("template.yaml")?.content.toString("utf8") ?? "");
  const { name, version: wanted } = summarize(definition);
  await lockPath(tx, name);
  const version = await freeVersion(tx, name, wanted ?? "1.0.0", sha256(packFiles(files)));
  const isChosenByPeople = await wasChosenByPeople(tx, name);
  const isNew = await insertVersion(tx, { files, definition, version, ...by });
  if (isNew && !isChosenByPeople) await makeCurrent(tx, name, version, { kind: "published", note: by.note, changedBy: by.publishedBy, now: by.now });
  return { name, version, isNew };
}

/** Writes one immutable version, and the path's row if it is the first. False when the version is there already. */
export async function insertVersion(tx: Tx, { files, definition, version, note, publishedBy, now }: NewVersion): Promise<boolean> {
  const { name, ...card } = cardOf(definition);
  await tx
    .insert(goldenPaths)
    .values({ name, ...card, currentVersion: version, createdAt: now, updatedAt: now })
    .onConflictDoNothing();
  const archive = packFiles(files);
  const [row] = await tx
    .insert(goldenPathVersions)
    .values({ name, version, definition, archive, contentHash: sha256(archive), note, publishedBy, createdAt: now })
    .onConflictDoNothing()
    .returning({ version: goldenPathVersions.version });
  return row !== undefined;
}

/** Makes a published version the one that new things use, and records the change. */
export async function makeCurrent(
  tx: Tx,
  name: string,
  version: string,
  change: { kind: "published" | "made-current"; note: string; changedBy: string | null; now: Date },
): Promise<void> {
  const [row] = await tx
    .select({ definition: goldenPathVersions.definition, before: goldenPaths.currentVersion })
    .from(goldenPathVersions)
    .innerJoin(goldenPaths, eq(goldenPaths.name, goldenPathVersions.name))
    .where(and(eq(goldenPathVersions.name, name), eq(goldenPathVersions.version, version)));
  if (!row) throw new Error(`${name} has no version ${version}`);
  const { name: _name, ...card } = cardOf(row.definition as GoldenPathDefinition);
  await tx
    .update(goldenPaths)
    .set({ ...card, currentVersion: version, updatedAt: change.now })
    .where(eq(goldenPaths.name, name));
  const { now, ...rest } = change;
  await tx.insert(goldenPathChanges).values({ name, version, fromVersion: row.before === version ? null : row.before, at: now, ...rest });
}

function cardOf(definition: GoldenPathDefinition) {
  const { name, title, description, ownerRef, isInternal } = summarize(definition);
  return { name, title, description, ownerRef, isInternal };
}

/** True once a person has published a version or gone back to one: a start of the platform must not undo that. */
async function wasChosenByPeople(tx: Tx, name: string): Promise<boolean> {
  const [last] = await tx
    .select({ changedBy: goldenPathChanges.changedBy })
    .from(goldenPathChanges)
    .where(eq(goldenPathChanges.name, name))
    .orderBy(sql`${goldenPathChanges.id} desc`)
    .limit(1);
  return last !== undefined && last.changedBy !== null;
}

async function freeVersion(tx: Tx, name: string, wanted: string, contentHash: string): Promise<string> {
  const known = await tx.query.goldenPathVersions.findFirst({
    where: and(eq(goldenPathVersions.name, name), eq(goldenPathVersions.version, wanted)),
    columns: { contentHash: true },
  });
  return !known || known.contentHash === contentHash ? wanted : `${wanted}+${contentHash.slice(0, 7)}`;
}
