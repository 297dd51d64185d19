import { desc, eq } from "drizzle-orm";
import type { Connection } from "@/db/client";
import { goldenPathChanges, users } from "@/db/schema";
import type { GoldenPathChange } from "./contract";

/** What became current when and by whom, newest first. */
export async function changesOf(on: Connection, name: string, limit = 100): Promise<GoldenPathChange[]> {
  const rows = await on
    .select({ change: goldenPathChanges, by: users.handle })
    .from(goldenPathChanges)
    .leftJoin(users, eq(users.id, goldenPathChanges.changedBy))
    .where(eq(goldenPathChanges.name, name))
    .orderBy(desc(goldenPathChanges.id))
    .limit(limit);
  return rows.map(({ change, by }) => ({ kind: change.kind, version: change.version, fromVersion: change.fromVersion, note: change.note, by, at: change.at.toISOString() }));
}

export async function lastChange(on: Connection, name: string): Promise<GoldenPathChange | null> {
  return (await changesOf(on, name, 1))[0] ?? null;
}
