import { and, eq, inArray, isNull } from "drizzle-orm";
import type { Tx } from "@/db/client";
import { apiTokens, deviceGrants, sessions } from "@/db/schema";
import { among } from "./among";

/** Ends the open sessions of people. Returns how many. */
export async function endSessions(tx: Tx, userIds: string[], now: Date): Promise<number> {
  if (userIds.length === 0) return 0;
  const ended = await tx
    .update(sessions)
    .set({ endedAt: now })
    .where(and(among(sessions.userId, userIds), isNull(sessions.endedAt)))
    .returning({ id: sessions.id });
  return ended.length;
}

/** Ends everything that a person could get in with: sessions, tokens, and a command line that waits for its token. */
export async function endAccess(tx: Tx, userId: string, now: Date): Promise<{ sessions: number; tokens: number }> {
  const ended = await endSessions(tx, [userId], now);
  const revoked = await tx
    .update(apiTokens)
    .set({ revokedAt: now })
    .where(and(eq(apiTokens.userId, userId), isNull(apiTokens.revokedAt)))
    .returning({ id: apiTokens.id });
  await tx
    .update(deviceGrants)
    .set({ status: "denied" })
    .where(and(eq(deviceGrants.userId, userId), inArray(deviceGrants.status, ["pending", "approved"])));
  return { sessions: ended, tokens: revoked.length };
}
