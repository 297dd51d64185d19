import { and, eq, gt, sql } from "drizzle-orm";
import type { Tx } from "@/db/client";
import { scimTokens } from "@/db/schema";
import { makeToken } from "@/lib/core/auth/token-format";
import { newId } from "@/lib/core/id";
import { sha256 } from "@/lib/core/secrets";

const SHOWN_CHARS = 13;

/** A new token of a connection; only its hash is stored. Returns it in clear for the one time that it can be shown. */
export async function issueScimToken(tx: Tx, token: { connectionId: string; expiresAt: Date; now: Date }): Promise<{ id: string; token: string; expiresAt: string }> {
  const value = makeToken("scim");
  const id = newId("token");
  const { connectionId, expiresAt, now } = token;
  await tx.insert(scimTokens).values({ id, connectionId, hash: sha256(value), prefix: value.slice(0, SHOWN_CHARS), expiresAt, createdAt: now });
  return { id, token: value, expiresAt: expiresAt.toISOString() };
}

/** Lets the tokens of a connection end at a moment, unless they end before. Returns how many it concerns. */
export async function endScimTokens(tx: Tx, connectionId: string, at: Date, now: Date): Promise<number> {
  const ended = await tx
    .update(scimTokens)
    .set({ expiresAt: sql`least(${scimTokens.expiresAt}, ${at.toISOString()}::timestamptz)` })
    .where(and(eq(scimTokens.connectionId, connectionId), gt(scimTokens.expiresAt, now)))
    .returning({ id: scimTokens.id });
  return ended.length;
}
