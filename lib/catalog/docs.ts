import path from "node:path";
import { and, asc, eq, inArray, or, type SQL, sql } from "drizzle-orm";
import type { Connection, Tx } from "@/db/client";
import { entities, entityDocs } from "@/db/schema";
import { headingsOf } from "@/lib/core/markdown-headings";
import type { DocHit, EntitySource } from "./contract";
import { planDocs, type SourceDoc } from "./docs-plan";
import { writeDocWords } from "./import/apply";
import { docWords } from "./search-words";

const annotation = sql<string | null>`${entities.definition} #>> '{metadata,annotations,backstage.io/techdocs-ref}'`;

/**
 * Replaces the documents of entities by those of their repository's files. The first gets README and docs/ in any case, the others
 * where their annotation backstage.io/techdocs-ref names a folder. A search finds them by their words. Entities that are not in the catalog are passed over.
 */
export async function replaceDocs(tx: Tx, refs: string[], files: SourceDoc[], { commit, now }: { commit: string | null; now: Date }): Promise<void> {
  const known = await tx.select({ ref: entities.ref, techdocs: annotation, source: entities.source }).from(entities).where(inArray(entities.ref, refs));
  for (const { ref, techdocs, source } of known) {
    if (ref !== refs[0] && !techdocs) continue;
    const rows = planDocs(files, techdocs === null ? undefined : besideFile(techdocs, source)).map((doc, position) => ({ entityRef: ref, position, commit, readAt: now, ...doc }));
    await tx.delete(entityDocs).where(eq(entityDocs.entityRef, ref));
    if (rows.length) await tx.insert(entityDocs).values(rows);
    await writeDocWords(tx, ref, docWords(rows.map(({ title, text }) => `${title} ${text}`)));
  }
}

/** As Backstage reads it: `dir:./x` lies beside the file that the entity is written in. */
function besideFile(techdocs: string, source: EntitySource): string {
  const folder = source.type === "git" || source.type === "remote" ? path.posix.dirname(source.path) : ".";
  return folder === "." ? techdocs : techdocs.replace(/^dir:(.*)$/, (_all, target: string) => `dir:${path.posix.join(folder, target || ".")}`);
}

const MAX_HITS = 30;
const SNIPPET = 160;

/** Places in an entity's documents that hold every word, headings and titles first. */
export async function searchDocs(on: Connection, entityRef: string, q: string): Promise<DocHit[]> {
  const wanted = q.toLowerCase().split(/\s+/).filter(Boolean).slice(0, 8);
  if (wanted.length === 0) return [];
  const like = (word: string): SQL | undefined => {
    const pattern = `%${word.replace(/[%_\\]/g, "\\$&")}%`;
    return or(sql`${entityDocs.text} ilike ${pattern}`, sql`${entityDocs.title} ilike ${pattern}`);
  };
  const rows = await on
    .select({ path: entityDocs.path, title: entityDocs.title, text: entityDocs.text })
    .from(entityDocs)
    .where(and(eq(entityDocs.entityRef, entityRef), ...wanted.map(like)))
    .orderBy(asc(entityDocs.position))
    .limit(MAX_HITS);
  return rows.map(({ path, title, text }) => ({ path, title, ...placeOf(text, wanted) })).sort((a, b) => Number(titled(b, wanted)) - Number(titled(a, wanted)));
}

const titled = ({ title }: DocHit, wanted: string[]) => wanted.every((word) => title.toLowerCase().includes(word));

/** Around the first word: the heading above it and some text. */
function placeOf(text: string, wanted: string[]): { heading: DocHit["heading"]; snippet: string } {
  const lower = text.toLowerCase();
  const found = wanted.map((word) => lower.indexOf(word)).filter((at) => at >= 0);
  const at = found.length ? Math.min(...found) : 0;
  const above = headingsOf(text)
    .filter(({ offset }) => offset <= at && offset >= 0)
    .at(-1);
  const start = Math.max(0, at - SNIPPET / 3);
  const plain = text
    .slice(start, start + SNIPPET * 2)
    .replace(/[#*_`>|]+|!?\[([^\]]*)\]\([^)]*\)/g, "$1")
    .replace(/\s+/g, " ")
    .trim()
    .replace(start > 0 ? /^\S* / : "", "")
    .slice(0, SNIPPET)
    .replace(/ \S*$/, "");
  return { heading: above ? { id: above.id, text: above.text } : null, snippet: `${start > 0 ? "… " : ""}${plain} …` };
}
