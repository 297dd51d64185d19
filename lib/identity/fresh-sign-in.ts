import { eq } from "drizzle-orm";
import type { Connection } from "@/db/client";
import { sessions } from "@/db/schema";
import type { Ctx } from "@/lib/core/ctx";
import { DomainError } from "@/lib/core/errors";
import { FRESH_SIGN_IN_FIELD, FRESH_SIGN_IN_MINUTES } from "./contract";

/** Who hands out rights must have signed in a moment ago: an unattended browser is not enough. Throws forbidden with what to do. */
export async function requireFreshSignIn(on: Connection, { actor, now }: Ctx): Promise<void> {
  if (actor.type !== "user" || actor.credential.type !== "session") return;
  const [session] = await on.select({ createdAt: sessions.createdAt }).from(sessions).where(eq(sessions.id, actor.credential.id));
  if (session && now.getTime() - session.createdAt.getTime() <= FRESH_SIGN_IN_MINUTES * 60_000) return;
  const message = `Changing rights needs a sign-in of the last ${FRESH_SIGN_IN_MINUTES} minutes. Sign in again, then repeat this.`;
  throw new DomainError("forbidden", message, { fields: [{ path: FRESH_SIGN_IN_FIELD, message }] });
}
