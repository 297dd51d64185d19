import { eq } from "drizzle-orm";
import type { Connection, Tx } from "@/db/client";
import { scimConnections } from "@/db/schema";
import type { Ctx } from "@/lib/core/ctx";
import { DomainError } from "@/lib/core/errors";
import { lockPushes } from "./managed";

export type ConnectionRow = typeof scimConnections.$inferSelect;

/** The connection that asks. Throws unauthenticated once it is removed. */
export async function connectionOf(on: Connection, { actor }: Ctx): Promise<ConnectionRow> {
  const id = actor.type === "connection" ? actor.id : "";
  const [row] = await on.select().from(scimConnections).where(eq(scimConnections.id, id));
  if (!row) throw new DomainError("unauthenticated", "This connection has been removed.");
  return row;
}

/** The same for a write, after those that came before it. */
export async function writingConnection(tx: Tx, ctx: Ctx): Promise<ConnectionRow> {
  if (ctx.actor.type === "connection") await lockPushes(tx, ctx.actor.id);
  return connectionOf(tx, ctx);
}
