import { db } from "@/db/client";
import { memberships, teams, users } from "@/db/schema";
import type { Role, UserActor } from "@/lib/core/actor";
import { authenticateSession } from "@/lib/core/auth/authenticate";
import { openSession } from "@/lib/core/auth/sessions";
import { type Ctx, databaseNow } from "@/lib/core/ctx";
import { newId } from "@/lib/core/id";

const ISSUER = "https://issuer.example";

/** A team; `parent` is the name of its division. */
export async function aTeam(name: string, parent?: string): Promise<string> {
  const id = `tea_${name}`;
  await db()
    .insert(teams)
    .values({ id, ref: `group:default/${name}`, name, title: name, parentId: parent ? `tea_${parent}` : null });
  return id;
}

/** A person with an account, in the given teams. */
export async function aPerson(handle: string, options: { role?: Role; teams?: Record<string, "member" | "owner">; email?: string; emailVerified?: boolean } = {}): Promise<string> {
  const id = newId("user");
  const { role = "engineer", email = `${handle}@example.com`, emailVerified = true } = options;
  await db()
    .insert(users)
    .values({ id, issuer: ISSUER, subject: `sub-${handle}`, handle, name: handle, email, emailVerified, role });
  for (const [team, membership] of Object.entries(options.teams ?? {}))
    await db()
      .insert(memberships)
      .values({ userId: id, teamId: `tea_${team}`, membership, source: "manual" });
  return id;
}

export interface SignedIn extends Ctx {
  actor: UserActor;
  /** Value of the session cookie. */
  cookie: string;
}

/** The person with a session of their own, `minutesAgo` old. */
export async function signedIn(userId: string, minutesAgo = 0): Promise<SignedIn> {
  const now = new Date((await databaseNow()).getTime() - minutesAgo * 60_000);
  const { cookie } = await openSession(db(), { userId, issuer: ISSUER, idpSessionId: null, idToken: null, userAgent: "test browser", ipPrefix: null, now });
  const authenticated = await authenticateSession(cookie);
  if (authenticated.actor.type !== "user") throw new Error("the session does not work");
  return { actor: authenticated.actor, now: authenticated.now, requestId: newId("request"), ipPrefix: "203.0.113.0/24", cookie };
}

/** The code of the DomainError that a call ends with, or "done". */
export async function outcome(call: Promise<unknown>): Promise<string> {
  return call.then(
    () => "done",
    (error: unknown) => (error instanceof Error && "code" in error ? String(error.code) : `unexpected: ${String(error)}`),
  );
}
