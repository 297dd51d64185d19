import { eq, or, type SQL, sql } from "drizzle-orm";
import type { Tx } from "@/db/client";
import { catalogFindings } from "@/db/schema";
import type { Finding } from "../contract";
import { isStanding, sourceKey } from "../ownership";
import { anyOf, chunks } from "./known";
import type { Planned } from "./plan";
import type { Provenance } from "./provenance";

const COMPARED = ["sourceKey", "file", "line", "entityRef", "rule", "message", "fix", "isRefusal", "missingRef"] as const;
const PER_STATEMENT = 500;

type Row = Pick<typeof catalogFindings.$inferSelect, (typeof COMPARED)[number]>;
const keyOf = (row: Row) => JSON.stringify(COMPARED.map((name) => row[name]));

/**
 * The findings of these documents, instead of those of their last reading; nothing is written where they are the same.
 * What an upload refused is told at once and not kept: nothing reads it again.
 */
export async function replaceFindings(tx: Tx, accepted: Planned[], refused: Finding[], { source, teamRef, isDemo, now }: Provenance): Promise<void> {
  const key = sourceKey(source);
  const keepsRefusals = isStanding(source);
  const rows: Row[] = [
    ...accepted.flatMap(({ findings }) => findings.map((finding) => ({ ...finding, sourceKey: key, missingRef: finding.missingRef ?? null, isRefusal: false }))),
    ...(keepsRefusals ? refused.map((finding) => ({ ...finding, sourceKey: key, missingRef: null, isRefusal: true })) : []),
  ];
  // What was not read again has none that is open.
  const refs = accepted.flatMap(({ ref, read }) => (read ? [ref] : []));
  const theirs = chunks(refs).map((part) => sql`${catalogFindings.entityRef} = ${anyOf(part)}`);
  const places: (SQL | undefined)[] = keepsRefusals ? [or(eq(catalogFindings.sourceKey, key), ...theirs)] : theirs;
  const stored: Row[] = [];
  for (const place of places) stored.push(...(await tx.select().from(catalogFindings).where(place)));
  if (isEqual(stored, rows)) return;
  for (const place of places) await tx.delete(catalogFindings).where(place);
  for (const part of chunks(rows, PER_STATEMENT)) await tx.insert(catalogFindings).values(part.map((row) => ({ ...row, source, teamRef, at: now, isDemo })));
}

function isEqual(stored: Row[], wanted: Row[]): boolean {
  if (stored.length !== wanted.length) return false;
  const there = new Set(stored.map(keyOf));
  return there.size === new Set(wanted.map(keyOf)).size && wanted.every((row) => there.has(keyOf(row)));
}
