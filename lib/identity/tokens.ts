import { eq } from "drizzle-orm";
import type { Connection } from "@/db/client";
import { apiTokens } from "@/db/schema";
import type { Scope } from "@/lib/core/actor";
import { makeToken, type TokenKind } from "@/lib/core/auth/token-format";
import { newId } from "@/lib/core/id";
import { sha256 } from "@/lib/core/secrets";

const SHOWN_CHARS = 12;

/** Makes a token; only its hash is stored. Returns it in clear for the one time that it can be shown. */
export async function issueToken(
  on: Connection,
  token: { userId: string; kind: TokenKind; name: string; scopes: Scope[]; expiresAt: Date; now: Date },
): Promise<{ id: string; token: string }> {
  const { now, ...row } = token;
  const value = makeToken(token.kind);
  const id = newId("token");
  await on.insert(apiTokens).values({ id, ...row, hash: sha256(value), prefix: value.slice(0, SHOWN_CHARS), createdAt: now });
  return { id, token: value };
}

/** Does work with a token in the person's name that is gone when the work has ended; it can do what both its scopes and their role allow. */
export async function withLentToken<T>(
  on: Connection,
  lent: { userId: string; name: string; scopes: Scope[]; ttlMs: number; now: Date },
  work: (token: string) => Promise<T>,
): Promise<T> {
  const { ttlMs, now, ...rest } = lent;
  const { id, token } = await issueToken(on, { ...rest, kind: "svc", expiresAt: new Date(now.getTime() + ttlMs), now });
  try {
    return await work(token);
  } finally {
    await on.delete(apiTokens).where(eq(apiTokens.id, id));
  }
}
