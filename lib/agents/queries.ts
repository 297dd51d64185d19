import "server-only";
import { and, desc, eq, gt } from "drizzle-orm";
import { z } from "zod";
import type { Connection } from "@/db/client";
import { agentClients, confirmations } from "@/db/schema";
import type { Ctx } from "@/lib/core/ctx";
import { DomainError } from "@/lib/core/errors";
import { query } from "@/lib/core/operation";
import { type Confirmation, ConfirmationId } from "./contract";
import { presentConfirmation } from "./present";

const own = (ctx: Ctx) => ({ userId: ctx.actor.type === "user" ? ctx.actor.id : null });

/** Whose confirmation it is. Throws not_found. */
export async function confirmationSubject(on: Connection, id: string) {
  const [row] = await on.select().from(confirmations).where(eq(confirmations.id, id));
  if (!row) throw new DomainError("not_found", "There is no such confirmation, or it is somebody else's.");
  return { userId: row.userId, row };
}

export const getConfirmation = query({
  name: "confirmation.read",
  summary: "What an agent that uses one of your tokens wants to do.",
  input: ConfirmationId,
  subject: (on, { id }) => confirmationSubject(on, id),
  run: async (_on, _input, { now }, { row }): Promise<Confirmation> => presentConfirmation(row, now),
});

export const listConfirmations = query({
  name: "confirmation.read",
  summary: "What agents that use your tokens wait for you to confirm.",
  input: z.strictObject({}),
  subject: (_on, _input, ctx) => own(ctx),
  run: async (on, _input, { now }, { userId }): Promise<{ items: Confirmation[]; nextCursor: null; total: number }> => {
    const rows = await on
      .select()
      .from(confirmations)
      .where(and(eq(confirmations.userId, userId ?? ""), eq(confirmations.status, "waiting"), gt(confirmations.expiresAt, now)))
      .orderBy(desc(confirmations.createdAt));
    return { items: rows.map((row) => presentConfirmation(row, now)), nextCursor: null, total: rows.length };
  },
});

/** What the agent that uses a token last called itself; null before it said so. */
export async function clientOfToken(on: Connection, tokenId: string): Promise<{ name: string; lastCallAt: Date } | null> {
  const [row] = await on.select({ name: agentClients.name, lastCallAt: agentClients.lastCallAt }).from(agentClients).where(eq(agentClients.tokenId, tokenId));
  return row ?? null;
}
