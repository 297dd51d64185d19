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
