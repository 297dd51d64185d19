import { eq } from "drizzle-orm";
import type { Connection } from "@/db/client";
import { entities, teams } from "@/db/schema";
import type { CatalogEntity } from "./contract";

export type StoredEntity = typeof entities.$inferSelect;

/** Entities with the identity team that owns them; add a where. */
export function selectEntities(on: Connection) {
  return on.select({ row: entities, teamId: teams.id }).from(entities).leftJoin(teams, eq(teams.ref, entities.ownerRef));
}

/** A row as the contract shows it. */
export function presentEntity({ row, teamId }: { row: StoredEntity; teamId: string | null }): CatalogEntity {
  return {
    ref: row.ref,
    kind: row.kind,
    namespace: row.namespace,
    name: row.name,
    title: row.title,
    description: row.description,
    type: row.type,
    lifecycle: row.lifecycle,
    ownerRef: row.ownerRef,
    teamId,
    systemRef: row.systemRef,
    tags: row.tags,
    source: row.source,
    goldenPath: row.goldenPath ? { name: row.goldenPath, version: row.goldenPathVersion ?? "" } : null,
    repositoryId: row.repositoryId,
    definition: row.definition,
    facts: row.facts,
    goneAt: row.goneAt?.toISOString() ?? null,
    confirmedAt: row.confirmedAt?.toISOString() ?? null,
    isDemo: row.isDemo,
    registeredBy: row.registeredBy,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
  };
}

/** Whether an entity with this lower-case ref is in the catalog. */
export async function findEntityRef(on: Connection, ref: string): Promise<boolean> {
  return (await on.select({ ref: entities.ref }).from(entities).where(eq(entities.ref, ref))).length > 0;
}
