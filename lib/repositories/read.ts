import { and, eq, ne, sql } from "drizzle-orm";
import type { Connection } from "@/db/client";
import { repositories } from "@/db/schema";
import type { Repository } from "./contract";

export type RepositoryRow = typeof repositories.$inferSelect;
export type RepositoryKey = { id: string } | { owner: string; name: string } | { entityRef: string };

/** A row as the contract shows it. */
export function presentRepository(row: RepositoryRow): Repository {
  const { id, owner, name, description, provider, status, defaultBranch, cloneUrl, webUrl, teamId, entityRef, isDemo } = row;
  const goldenPath = row.goldenPath && row.goldenPathVersion ? { name: row.goldenPath, version: row.goldenPathVersion } : null;
  return { id, owner, name, description, provider, status, defaultBranch, cloneUrl, webUrl, teamId, entityRef, goldenPath, isDemo, createdAt: row.createdAt.toISOString() };
}

/** The row, also while its run is making it; null when there is none. Names are compared without regard to case. */
export async function findRepositoryRow(on: Connection, key: RepositoryKey): Promise<RepositoryRow | null> {
  const where =
    "id" in key
      ? eq(repositories.id, key.id)
      : "entityRef" in key
        ? and(eq(repositories.entityRef, key.entityRef.toLowerCase()), ne(repositories.status, "creating"))
        : and(sql`lower(${repositories.owner}) = ${key.owner.toLowerCase()}`, sql`lower(${repositories.name}) = ${key.name.toLowerCase()}`);
  const [row] = await on.select().from(repositories).where(where).orderBy(sql`${repositories.provider} desc`, sql`${repositories.createdAt} desc`).limit(1);
  return row ?? null;
}
