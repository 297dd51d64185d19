import "server-only";
import { eq } from "drizzle-orm";
import type { Connection } from "@/db/client";
import { agentClients, confirmations } from "@/db/schema";
import { DomainError } from "@/lib/core/errors";
import { mutation } from "@/lib/core/operation";
import { settleNotice } from "@/lib/notifications/notify";
import { DecideInput } from "./contract";
import { presentConfirmation } from "./present";
import { confirmationSubject } from "./queries";

export { askConfirmation, type Call, spendConfirmation } from "./confirmation";

const OVER = {
  confirmed: "You have confirmed it already.",
  refused: "You have refused it already. The agent can ask again.",
  used: "It is done already.",
  expired: "It has expired. The agent can ask again.",
};

export const decideConfirmation = mutation({
  name: "confirmation.decide",
  summary: "Let an agent do what it asked for, once, or refuse it.",
  input: DecideInput,
  subject: (on, { id }) => confirmationSubject(on, id),
  run: async (tx, { id, confirm }, { now }) => {
    const [row] = await tx.select().from(confirmations).where(eq(confirmations.id, id)).for("update");
    if (!row) throw new DomainError("not_found", "There is no such confirmation.");
    const { state } = presentConfirmation(row, now);
    // A confirmation can be taken back until it is used.
    if (state !== "waiting" && !(state === "confirmed" && !confirm)) throw new DomainError("conflict", OVER[state]);
    const [decided] = await tx
      .update(confirmations)
      .set({ status: confirm ? "confirmed" : "refused", decidedAt: now })
      .where(eq(confirmations.id, id))
      .returning();
    await settleNotice(tx, row.userId, id, now);
    return presentConfirmation(decided ?? row, now);
  },
  audit: (_input, { id, title, tool, state, client, token, effects }) => ({
    target: { type: "confirmation", id, label: title },
    detail: { decision: state, tool, client, token: token.id, effects },
  }),
});

const LAST_CALL_EVERY_MS = 60_000;

/** Notes what the agent that uses a token calls itself, as it says when it connects. */
export async function noteClient(on: Connection, tokenId: string, client: { name: string; version: string }, now: Date): Promise<void> {
  const row = { ...client, lastCallAt: now };
  await on
    .insert(agentClients)
    .values({ tokenId, ...row })
    .onConflictDoUpdate({ target: agentClients.tokenId, set: row });
}

/** Notes that it called; to the minute. */
export async function noteCall(on: Connection, tokenId: string, lastCallAt: Date, now: Date): Promise<void> {
  if (now.getTime() - lastCallAt.getTime() < LAST_CALL_EVERY_MS) return;
  await on.update(agentClients).set({ lastCallAt: now }).where(eq(agentClients.tokenId, tokenId));
}
