import { and, eq, isNull } from "drizzle-orm";
import type { Connection } from "@/db/client";
import { sessions } from "@/db/schema";
import { decrypt, encrypt, randomSecret, sha256 } from "../secrets";
import { SESSION_HOURS } from "./limits";

export interface NewSession {
  userId: string;
  issuer: string;
  idpSessionId: string | null;
  idToken: string | null;
  userAgent: string | null;
  ipPrefix: string | null;
  now: Date;
}

const place = (id: string) => `sessions|${id}|id_token`;

/** Opens a session; returns its id, the cookie's value (never stored) and its absolute end. */
export async function openSession(on: Connection, { idToken, now, userAgent, ...session }: NewSession): Promise<{ id: string; cookie: string; expiresAt: Date }> {
  const cookie = randomSecret(32);
  const id = sha256(cookie);
  const expiresAt = new Date(now.getTime() + SESSION_HOURS * 3_600_000);
  await on.insert(sessions).values({
    id,
    ...session,
    idTokenSealed: idToken ? encrypt(idToken, place(id)) : null,
    userAgent: userAgent?.slice(0, 200) ?? null,
    createdAt: now,
    lastSeenAt: now,
    expiresAt,
  });
  return { id, cookie, expiresAt };
}

/** Ends a session by its id. Returns its ID token, the hint for signing out at the provider, if there was one. */
export async function endSession(on: Connection, id: string, now: Date): Promise<string | null> {
  const [ended] = await on
    .update(sessions)
    .set({ endedAt: now })
    .where(and(eq(sessions.id, id), isNull(sessions.endedAt)))
    .returning();
  if (!ended?.idTokenSealed) return null;
  return decrypt(ended.idTokenSealed, place(id));
}

/** Ends the sessions that the provider names by its own session id, or all of a subject. Returns how many. */
export async function endIdpSessions(on: Connection, issuer: string, who: { sid: string } | { userId: string }, now: Date): Promise<number> {
  const match = "sid" in who ? eq(sessions.idpSessionId, who.sid) : eq(sessions.userId, who.userId);
  const ended = await on
    .update(sessions)
    .set({ endedAt: now })
    .where(and(eq(sessions.issuer, issuer), match, isNull(sessions.endedAt)))
    .returning({ id: sessions.id });
  return ended.length;
}
