import { and, eq } from "drizzle-orm";
import type { Tx } from "@/db/client";
import { users } from "@/db/schema";
import { writeAudit } from "@/lib/core/audit";
import { signInProvider } from "@/lib/core/auth/provider";
import type { Ctx } from "@/lib/core/ctx";
import { DomainError } from "@/lib/core/errors";
import { newId } from "@/lib/core/id";
import { log } from "@/lib/core/log";
import { freeHandle } from "./free-handle";
import type { IdentityClaims } from "./identity-claims";
import { groupsOf } from "./rules";
import { isManaged, pushedGroups } from "./scim/managed";
import { recognisePushed } from "./scim/recognise";
import { applyStandings } from "./standing";

type UserRow = typeof users.$inferSelect;

/**
 * Finds or makes the person of an identity (issuer, subject), and brings role and teams up to date with the groups that a connection
 * pushed, or else with the group claims. Returns the person. Throws forbidden when the account is disabled.
 */
export async function signInPerson(tx: Tx, identity: IdentityClaims, ctx: Ctx): Promise<UserRow> {
  const known = await findPerson(tx, identity);
  const user = (await recognisePushed(tx, identity, known ?? null, ctx)) ?? known ?? (await makePerson(tx, identity, ctx));
  const [now] = await tx
    .update(users)
    .set({ ...(await profileOf(tx, user, identity)), lastSignInAt: ctx.now, directoryId: directoryIdOf(identity) })
    .where(eq(users.id, user.id))
    .returning({ disabledAt: users.disabledAt });
  // Read with the row's lock: who is disabled at this moment gets no session that would come back to life later.
  if (user.disabledAt || now?.disabledAt) throw new DomainError("forbidden", "This account is disabled. Ask a platform admin.");
  const groups = (await pushedGroups(tx, user.id)) ?? groupsOf(identity.claims, signInProvider().groupsClaim);
  if (groups === null) log().warn({ userId: user.id }, "the ID token carries no group claim; teams and role stay as they are");
  else await applyStandings(tx, [{ userId: user.id, groups }], ctx, "sign-in");
  return (await findPerson(tx, identity)) ?? user;
}

/** Of a person whom a connection pushes, name and address are what it says; the token only vouches for the address. */
async function profileOf(tx: Tx, user: UserRow, { name, email, emailVerified }: IdentityClaims) {
  if (!(await isManaged(tx, user.id))) return { name: name ?? user.name, email, emailVerified };
  return { emailVerified: emailVerified && user.email !== null && user.email.toLowerCase() === email?.toLowerCase() };
}

async function findPerson(tx: Tx, { issuer, subject }: IdentityClaims): Promise<UserRow | undefined> {
  return tx.query.users.findFirst({ where: and(eq(users.issuer, issuer), eq(users.subject, subject)) });
}

async function makePerson(tx: Tx, identity: IdentityClaims, ctx: Ctx): Promise<UserRow> {
  const { issuer, subject, email, emailVerified } = identity;
  const made = await freeHandle(identity.username ?? email?.split("@")[0] ?? "person", async (handle) => {
    const [row] = await tx
      .insert(users)
      .values({ id: newId("user"), issuer, subject, handle, name: identity.name ?? email ?? handle, email, emailVerified, createdAt: ctx.now })
      .onConflictDoNothing()
      .returning();
    // Taken may also mean that the same person has just signed in elsewhere.
    return row ? { row, isNew: true } : findPerson(tx, identity).then((known) => (known ? { row: known, isNew: false } : null));
  });
  const { row, isNew } = made;
  if (isNew) await writeAudit(tx, ctx, "user.create", "done", { target: { type: "user", id: row.id, label: row.handle }, detail: { issuer } });
  return row;
}

const directoryIdOf = ({ claims }: IdentityClaims): string | null => (typeof claims.oid === "string" && claims.oid ? claims.oid.slice(0, 200) : null);
