import { and, desc, eq } from "drizzle-orm";
import { alias } from "drizzle-orm/pg-core";
import type { Connection } from "@/db/client";
import { goldenPathDrafts, goldenPaths, goldenPathVersions, users } from "@/db/schema";
import type { Ctx } from "@/lib/core/ctx";
import { DomainError } from "@/lib/core/errors";
import { relativeTime } from "@/lib/core/format";
import { type TemplateFiles, unpackFiles } from "./archive";

export interface StoredDraft {
  name: string;
  baseVersion: string | null;
  revision: number;
  files: TemplateFiles;
  updatedAt: Date;
  updatedBy: string | null;
  updatedById: string | null;
  createdAt: Date;
  createdBy: string | null;
}

const editor = alias(users, "editor");
const author = alias(users, "author");

/** The draft of a path, or null. `lock` holds its row until the transaction ends. */
export async function findDraft(on: Connection, name: string, lock = false): Promise<StoredDraft | null> {
  const query = on
    .select({ draft: goldenPathDrafts, editor: editor.handle, author: author.handle })
    .from(goldenPathDrafts)
    .leftJoin(editor, eq(editor.id, goldenPathDrafts.updatedBy))
    .leftJoin(author, eq(author.id, goldenPathDrafts.createdBy))
    .where(eq(goldenPathDrafts.name, name));
  const [row] = lock ? await query.for("update", { of: goldenPathDrafts }) : await query;
  if (!row) return null;
  const { draft } = row;
  return {
    name,
    baseVersion: draft.baseVersion,
    revision: draft.revision,
    files: unpackFiles(draft.archive),
    updatedAt: draft.updatedAt,
    updatedBy: row.editor,
    updatedById: draft.updatedBy,
    createdAt: draft.createdAt,
    createdBy: row.author,
  };
}

/** The draft. Throws not_found that says how to begin one. */
export async function loadDraft(on: Connection, name: string, lock = false): Promise<StoredDraft> {
  const draft = await findDraft(on, name, lock);
  if (!draft) throw new DomainError("not_found", `There is no draft of ${name}. It may have been published or discarded; start one from the current version.`);
  return draft;
}

/** Throws conflict, naming who saved when, unless the draft is still what the person saw. */
export function requireRevision(draft: StoredDraft, revision: number, now: Date): void {
  if (draft.revision === revision) return;
  const message = `${draft.updatedBy ?? "Somebody"} saved this draft ${relativeTime(draft.updatedAt.getTime(), now.getTime())}, after you opened it. Compare the two, then keep yours or theirs.`;
  throw new DomainError("conflict", message, { fields: [{ path: "revision", message: `The draft is at revision ${draft.revision}, yours began at ${revision}.` }] });
}

/** Further saves of the same person within this time belong to one sitting, which the audit log tells once. */
const SITTING_MS = 10 * 60_000;

/** True for a save that goes on with what its person saved just before. */
export function isSameSitting(before: Pick<StoredDraft, "updatedById" | "updatedAt" | "revision">, ctx: Ctx): boolean {
  return before.updatedById === personOf(ctx) && ctx.now.getTime() - before.updatedAt.getTime() < SITTING_MS && before.revision > 1;
}

/** The files of a published version; the current one without a version. Throws invalid naming what exists. */
export async function publishedFiles(on: Connection, name: string, version?: string): Promise<{ version: string; files: TemplateFiles; definition: Record<string, unknown> }> {
  const path = await on.query.goldenPaths.findFirst({ where: eq(goldenPaths.name, name), columns: { currentVersion: true } });
  if (!path) throw new DomainError("not_found", `There is no golden path "${name}".`);
  const wanted = version ?? path.currentVersion;
  const row = await on.query.goldenPathVersions.findFirst({ where: and(eq(goldenPathVersions.name, name), eq(goldenPathVersions.version, wanted)) });
  if (row) return { version: wanted, files: unpackFiles(row.archive), definition: row.definition };
  const known = (await versionsOf(on, name)).join(", ");
  const message = `${name} has no version "${wanted}". There are: ${known}.`;
  throw new DomainError("invalid", message, { fields: [{ path: "version", message }] });
}

/** Published versions in the order of their publication, newest first. */
export async function versionsOf(on: Connection, name: string): Promise<string[]> {
  const rows = await on
    .select({ version: goldenPathVersions.version })
    .from(goldenPathVersions)
    .where(eq(goldenPathVersions.name, name))
    .orderBy(desc(goldenPathVersions.createdAt));
  return rows.map(({ version }) => version);
}

/** The account to record, or null for the platform itself. */
export function personOf({ actor }: Ctx): string | null {
  return actor.type === "user" ? actor.id : null;
}
