import { and, asc, eq, or, sql } from "drizzle-orm";
import type { Tx } from "@/db/client";
import { memberships, scimConnections, scimPeople, users } from "@/db/schema";
import { writeAudit } from "@/lib/core/audit";
import type { Ctx } from "@/lib/core/ctx";
import { DomainError } from "@/lib/core/errors";
import type { IdentityClaims } from "../identity-claims";
import { isManaged, lockPushes } from "./managed";
import { PENDING_ISSUERS } from "./pending";

// How a pushed person becomes the one who signs in (docs/decisions/0052): only an account that a connection made and that nobody has
// signed in to can be taken, only by the claim that the connection names, and an account keeps its identity (issuer, subject) for good.

type UserRow = typeof users.$inferSelect;

interface Candidate {
  person: typeof scimPeople.$inferSelect;
  account: UserRow;
  connection: { id: string; name: string; recognise: "sub" | "oid" | "email" };
}

/**
 * The account that a connection pushed for whoever signs in for the first time, now theirs; null when there is none. Where they have an
 * account already, what was pushed moves to it. Throws forbidden when the provider has deactivated them.
 */
export async function recognisePushed(tx: Tx, identity: IdentityClaims, known: UserRow | null, ctx: Ctx): Promise<UserRow | null> {
  if (known && (await isManaged(tx, known.id))) return null;
  const first = await candidateOf(tx, identity);
  if (!first) return null;
  await lockPushes(tx, first.connection.id);
  // Somebody may have come in between: a push, or the same person in another browser.
  const candidate = await candidateOf(tx, identity);
  if (!candidate) return null;
  const { person, account, connection } = candidate;
  // A deleted person stays out unless an admin has let the account in by hand: there may be somebody new of the same name.
  const isOut = person.deletedAt ? account.disabledAt !== null : !person.isActive;
  if (isOut) {
    throw new DomainError("forbidden", `The provisioning connection "${connection.name}" has deactivated this account. Ask whoever runs the identity provider.`);
  }
  if (account.disabledAt && !known) return account;
  const user = known ? await moveTo(tx, candidate, known) : await claim(tx, candidate, identity);
  await writeAudit(tx, ctx, "user.recognise", "done", {
    target: { type: "user", id: user.id, label: user.handle },
    detail: { connection: connection.name, claim: connection.recognise, value: connection.recognise === "email" ? person.userName : person.externalId, hadAccount: known !== null },
  });
  return user;
}

async function candidateOf(tx: Tx, { subject, claims, email, emailVerified }: IdentityClaims): Promise<Candidate | null> {
  const { recognise } = scimConnections;
  const oid = typeof claims.oid === "string" && claims.oid ? claims.oid : null;
  const [found] = await tx
    .select({ person: scimPeople, account: users, connection: { id: scimConnections.id, name: scimConnections.name, recognise } })
    .from(scimPeople)
    .innerJoin(users, eq(users.id, scimPeople.userId))
    .innerJoin(scimConnections, eq(scimConnections.id, scimPeople.connectionId))
    .where(
      and(
        PENDING_ISSUERS,
        or(
          and(eq(recognise, "sub"), eq(scimPeople.externalId, subject)),
          oid === null ? undefined : and(eq(recognise, "oid"), eq(scimPeople.externalId, oid)),
          email === null || !emailVerified ? undefined : and(eq(recognise, "email"), sql`lower(${scimPeople.userName}) = lower(${email})`),
        ),
      ),
    )
    // Who was deleted and pushed again is here again.
    .orderBy(sql`${scimPeople.deletedAt} is not null`, asc(scimPeople.createdAt))
    .limit(1);
  return found ?? null;
}

/** The account gets the identity of whoever signs in, once. */
async function claim(tx: Tx, { account }: Candidate, { issuer, subject }: IdentityClaims): Promise<UserRow> {
  const [row] = await tx.update(users).set({ issuer, subject }).where(eq(users.id, account.id)).returning();
  if (!row) throw new DomainError("conflict", "This account has just been removed. Sign in again.");
  return row;
}

/** What was pushed is about an account that exists; the empty one made for it goes, and what it was given by hand stays. */
async function moveTo(tx: Tx, { person, account }: Candidate, known: UserRow): Promise<UserRow> {
  await tx.update(scimPeople).set({ userId: known.id }).where(eq(scimPeople.id, person.id));
  await tx.execute(sql`
    insert into memberships (user_id, team_id, membership, source, created_at)
    select ${known.id}, team_id, membership, source, created_at from ${memberships} where user_id = ${account.id} and source = 'manual'
    on conflict (user_id, team_id) do nothing`);
  const back = known.disabledBy === "provisioning" ? { disabledAt: null, disabledBy: null } : {};
  const [row] = await tx
    .update(users)
    .set({ name: account.name, email: account.email ?? known.email, ...back })
    .where(eq(users.id, known.id))
    .returning();
  await tx.delete(users).where(eq(users.id, account.id));
  return row ?? known;
}
