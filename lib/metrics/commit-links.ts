import type { Connection } from "@/db/client";
import { findRepository } from "@/lib/repositories/queries";

/** For rows of commits the address of each one's page; null where the repository is not known here. */
export async function withCommitLinks<T extends { repository: string }>(on: Connection, rows: T[], shaOf: (row: T) => string): Promise<(T & { href: string | null })[]> {
  const known = new Map<string, boolean>();
  for (const name of new Set(rows.map((row) => row.repository))) {
    const at = name.lastIndexOf("/");
    known.set(name, (await findRepository(on, { owner: name.slice(0, at), name: name.slice(at + 1) })) !== null);
  }
  return rows.map((row) => ({ ...row, href: known.get(row.repository) ? `/repositories/${row.repository}/commit/${shaOf(row)}` : null }));
}
