import { and, desc, eq, inArray, isNotNull, isNull } from "drizzle-orm";
import type { Connection } from "@/db/client";
import { decommissions, entities, users } from "@/db/schema";
import { GRACE_DAYS } from "@/lib/catalog/contract";
import { DomainError } from "@/lib/core/errors";
import type { DecommissionReceipt } from "./contract";

export type DecommissionRow = typeof decommissions.$inferSelect;

const DAY_MS = 86_400_000;

/** Throws not_found. */
export async function decommissionSubject(on: Connection, { id }: { id: string }) {
  const [row] = await on.select().from(decommissions).where(eq(decommissions.runId, id));
  if (!row) throw new DomainError("not_found", "There is no such receipt.");
  return { teamId: row.teamId, ownerId: row.requestedBy, row };
}

/** The newest decommission of an entity that is over and was not taken back; null when there is none. */
export async function lastDecommission(on: Connection, entityRef: string): Promise<DecommissionRow | null> {
  const over = and(eq(decommissions.entityRef, entityRef), isNotNull(decommissions.completedAt), isNull(decommissions.undoneAt));
  const [row] = await on.select().from(decommissions).where(over).orderBy(desc(decommissions.createdAt)).limit(1);
  return row ?? null;
}

/** The refs of its catalog entries that can still be brought back. */
export async function restorable(on: Connection, { results, undoneAt }: DecommissionRow): Promise<string[]> {
  const refs = (results ?? []).filter(({ kind, result }) => kind === "entity" && result === "removed").map(({ name }) => name);
  if (refs.length === 0 || undoneAt) return [];
  const rows = await on
    .select({ ref: entities.ref })
    .from(entities)
    .where(and(inArray(entities.ref, refs), isNotNull(entities.goneAt)));
  return rows.map(({ ref }) => ref);
}

/** The receipt as the contract shows it. */
export async function presentReceipt(on: Connection, row: DecommissionRow): Promise<DecommissionReceipt> {
  const ids = [row.requestedBy, row.undoneBy].filter((id) => id !== null);
  const people = ids.length ? await on.select({ id: users.id, handle: users.handle, name: users.name }).from(users).where(inArray(users.id, ids)) : [];
  const person = (id: string | null) => people.find((one) => one.id === id) ?? null;
  const by = person(row.requestedBy);
  const back = await restorable(on, row);
  return {
    id: row.runId,
    entityRef: row.entityRef,
    title: row.title,
    requestedBy: by && { handle: by.handle, name: by.name },
    requestedAt: row.createdAt.toISOString(),
    completedAt: row.completedAt?.toISOString() ?? null,
    results: row.results ?? [],
    undone: row.undoneAt ? { at: row.undoneAt.toISOString(), by: person(row.undoneBy)?.handle ?? "the platform" } : null,
    undoUntil: row.completedAt && back.length > 0 ? new Date(row.completedAt.getTime() + GRACE_DAYS * DAY_MS).toISOString() : null,
  };
}
