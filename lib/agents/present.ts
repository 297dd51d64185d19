import type { confirmations } from "@/db/schema";
import type { Confirmation, ConfirmationState } from "./contract";

export type ConfirmationRow = typeof confirmations.$inferSelect;

function stateOf({ status, expiresAt }: ConfirmationRow, now: Date): ConfirmationState {
  return (status === "waiting" || status === "confirmed") && expiresAt <= now ? "expired" : status;
}

/** A row as the person sees it. */
export function presentConfirmation(row: ConfirmationRow, now: Date): Confirmation {
  const { id, client, tokenId, tokenName, tool, title, shown, effects, createdAt, expiresAt, decidedAt, usedAt } = row;
  return {
    id,
    state: stateOf(row, now),
    client,
    token: { id: tokenId, name: tokenName },
    tool,
    title,
    arguments: shown,
    effects,
    createdAt: createdAt.toISOString(),
    expiresAt: expiresAt.toISOString(),
    decidedAt: decidedAt?.toISOString() ?? null,
    usedAt: usedAt?.toISOString() ?? null,
  };
}
