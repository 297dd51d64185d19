import { and, asc, count, eq, inArray, isNull, ne, sql } from "drizzle-orm";
import type { Tx } from "@/db/client";
import { memberships, roleRules, users } from "@/db/schema";
import { writeAudit } from "@/lib/core/audit";
import { signInProvider } from "@/lib/core/auth/provider";
import type { Ctx } from "@/lib/core/ctx";
import { env } from "@/lib/core/env";
import { DomainError } from "@/lib/core/errors";
import { newId } from "@/lib/core/id";
import { log } from "@/lib/core/log";
import { evaluateRules, groupsOf, type Standing } from "./rules";

export interface IdentityClaims {
  issuer: string;
  subject: string;
  name: string | null;
  email: string | null;
  emailVerified: boolean;
  username: string | null;
  claims: Record<string, unknown>;
}

type UserRow = typeof users.$inferSelect;

/**
 * Finds or makes the person of an identity (issuer, subject), and brings role and teams up to date with the group claims.
 * Returns the person. Throws forbidden when the account is disabled.
 */
export async function signInPerson(tx: Tx, identity: IdentityClaims, ctx: Ctx): Promise<UserRow> {
  const user = (await findPerson(tx, identity)) ?? (await makePerson(tx, identity, ctx));
  if (user.disabledAt) throw new DomainError("forbidden", "This account is disabled. Ask a platform admin.");
  await tx
    .update(users)
    .set({ name: identity.name ?? user.name, email: identity.email, emailVerified: identity.emailVerified, lastSignInAt: ctx.now })
    .where(eq(users.id, user.id));
  const groups = groupsOf(identity.claims, signInProvider().groupsClaim);
  if (groups === null) log().warn({ userId: user.id }, "the ID token carries no group claim; teams and role stay as they are");
  else await applyGroups(tx, user, groups, ctx);
  return (await findPerson(tx, identity)) ?? user;
}

async function findPerson(tx: Tx, { issuer, subject }: IdentityClaims): Promise<UserRow | undefined> {
  return tx.query.users.findFirst({ where: and(eq(users.issuer, issuer), eq(users.subject, subject)) });
}

async function makePerson(tx: Tx, identity: IdentityClaims, ctx: Ctx): Promise<UserRow> {
  const { issuer, subject, email, emailVerified } = identity;
  const wanted =
    (identity.username ?? email?.split("@")[0] ?? "person")
      .toLowerCase()
      .replace(/[^a-z0-9._-]+/g, "-")
      .replace(/^[-._]+|[-._]+$/g, "")
      .slice(0, 40) || "person";
  for (let n = 1; n < 1000; n++) {
    const handle = n === 1 ? wanted : `${wanted}-${n}`;
    const [made] = await tx
      .insert(users)
      .values({ id: newId("user"), issuer, subject, handle, name: identity.name ?? email ?? handle, email, emailVerified, createdAt: ctx.now })
      .onConflictDoNothing()
      .returning();
    if (made) {
      await writeAudit(tx, ctx, "user.create", "done", { target: { type: "user", id: made.id, label: handle }, detail: { issuer } });
      return made;
    }
    const known = await findPerson(tx, identity);
    if (known) return known;
  }
  throw new DomainError("conflict", "No free short name was found for this person. Ask a platform admin.");
}

async function applyGroups(tx: Tx, user: UserRow, groups: string[], ctx: Ctx): Promise<void> {
  const rules = await tx.select().from(roleRules).orderBy(asc(roleRules.position));
  const standing = evaluateRules(groups, rules, env().adminGroup);
  await applyRole(tx, user, standing, ctx);
  await applyTeams(tx, user, standing, ctx);
}

async function applyRole(tx: Tx, user: UserRow, standing: Standing, ctx: Ctx): Promise<void> {
  if (user.roleSource === "manual" || user.role === standing.role) return;
  if (user.role === "platform-admin" && (await isLastAdmin(tx, user.id))) {
    log().warn({ userId: user.id }, "the last platform admin keeps the role although no group claim gives it");
    return;
  }
  await tx.update(users).set({ role: standing.role }).where(eq(users.id, user.id));
  await writeAudit(tx, ctx, "user.set-role", "done", {
    target: { type: "user", id: user.id, label: user.handle },
    detail: { from: user.role, to: standing.role, claim: standing.roleFrom },
  });
}

/** True if nobody else is platform admin. Holds others who ask until the end of the transaction, so that two cannot remove each other. */
export async function isLastAdmin(tx: Tx, userId: string): Promise<boolean> {
  await tx.execute(sql`select pg_advisory_xact_lock(hashtext('waymark.platform-admins'))`);
  const [others] = await tx
    .select({ n: count() })
    .from(users)
    .where(and(eq(users.role, "platform-admin"), isNull(users.disabledAt), ne(users.id, userId), env().demo ? undefined : eq(users.isDemo, false)));
  return (others?.n ?? 0) === 0;
}

async function applyTeams(tx: Tx, user: UserRow, standing: Standing, ctx: Ctx): Promise<void> {
  const current = await tx.select().from(memberships).where(eq(memberships.userId, user.id));
  const target = { type: "user", id: user.id, label: user.handle };
  const gone = current.filter((row) => row.source === "idp" && !standing.teams.has(row.teamId)).map((row) => row.teamId);
  if (gone.length) {
    await tx.delete(memberships).where(and(eq(memberships.userId, user.id), inArray(memberships.teamId, gone)));
    for (const teamId of gone) await writeAudit(tx, ctx, "team.remove-member", "done", { target, teamId, detail: { source: "idp" } });
  }
  for (const [teamId, { membership, from }] of standing.teams) {
    const known = current.find((row) => row.teamId === teamId);
    if (known && (known.source === "manual" || known.membership === membership)) continue;
    await tx
      .insert(memberships)
      .values({ userId: user.id, teamId, membership, source: "idp", createdAt: ctx.now })
      .onConflictDoUpdate({ target: [memberships.userId, memberships.teamId], set: { membership } });
    await writeAudit(tx, ctx, "team.add-member", "done", { target, teamId, detail: { membership, claim: from } });
  }
}
