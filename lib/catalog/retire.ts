import { and, eq, isNotNull, isNull } from "drizzle-orm";
import type { Connection, Tx } from "@/db/client";
import { catalogFindings, catalogRepositories, entities } from "@/db/schema";
import { readGraph } from "./graph";
import { keepEntity, removalAt } from "./sources/presence";

// A service that is decommissioned leaves the lists at once and the table when the time of grace is over, like what its source no
// longer holds. Until then one update brings it back as it was.

/** Takes an entity out of the lists. Returns when it is removed for good, or null where it is not in the catalog. */
export async function retireEntity(tx: Tx, ref: string, now: Date): Promise<Date | null> {
  await tx
    .update(entities)
    .set({ goneAt: now, updatedAt: now })
    .where(and(eq(entities.ref, ref), isNull(entities.goneAt)));
  await tx.delete(catalogFindings).where(eq(catalogFindings.entityRef, ref));
  const [row] = await tx.select({ goneAt: entities.goneAt }).from(entities).where(eq(entities.ref, ref));
  return row?.goneAt ? removalAt(row.goneAt) : null;
}

/** Brings a retired entity back as it was, or as if uploaded where its repository is deleted. Returns false where it is removed already, or was not gone. */
export async function restoreEntity(tx: Tx, ref: string, { hasSource, now }: { hasSource: boolean; now: Date }): Promise<boolean> {
  if (!hasSource) return keepEntity(tx, ref, now);
  const back = await tx
    .update(entities)
    .set({ goneAt: null, updatedAt: now })
    .where(and(eq(entities.ref, ref), isNotNull(entities.goneAt)))
    .returning({ ref: entities.ref });
  return back.length > 0;
}

/** Forgets what was seen of a repository of our own git server that is deleted; its entities can then be kept as if uploaded. */
export async function forgetOwnRepository(tx: Tx, repositoryId: string): Promise<void> {
  await tx.delete(catalogRepositories).where(eq(catalogRepositories.key, `git:${repositoryId}`));
}

/** What needs the entity directly: its API, its data, or itself. Wholes that it is a part of do not count. */
export async function directDependants(on: Connection, ref: string): Promise<{ ref: string; title: string; kind: string; ownerRef: string | null }[]> {
  const { nodes } = await readGraph(on, ref, { depth: 1, direction: "needed-by", kinds: [], parts: false });
  return nodes.filter(({ side, exists }) => exists && side !== "root").map(({ ref: node, title, kind, ownerRef }) => ({ ref: node, title, kind, ownerRef }));
}
