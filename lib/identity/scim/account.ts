import { and, desc, eq, isNotNull, isNull } from "drizzle-orm";
import type { Tx } from "@/db/client";
import { scimPeople, users } from "@/db/schema";
import { writeAudit } from "@/lib/core/audit";
import { signInProvider } from "@/lib/core/auth/provider";
import type { Ctx } from "@/lib/core/ctx";
import { DomainError, isDomainError } from "@/lib/core/errors";
import { newId } from "@/lib/core/id";
import { endAccess } from "../end-access";
import { freeHandle } from "../free-handle";
import { isLastAdmin } from "../last-admin";
import type { ConnectionRow } from "./connection-ctx";
import { managingOf } from "./managed";
import { isPending, pendingIssuer } from "./pending";
import type { PersonRecord } from "./person-attributes";
import { shownEmail, shownName } from "./person-record";
import { ScimRefusal } from "./protocol";

type Account = typeof users.$inferSelect;

/**
 * The account of a person who is pushed for the first time: one whose identity the externalId names, one that this connection pushed
 * under the same externalId before, or a new one that nobody has signed in to. Throws uniqueness where another connection has it.
 */
export async function accountFor(tx: Tx, connection: ConnectionRow, record: PersonRecord, ctx: Ctx): Promise<{ account: Account; isNew: boolean }> {
  const known = (await byIdentity(tx, connection, record)) ?? (await byFormerPush(tx, connection, record));
  if (!known) return { account: await newAccount(tx, connection, record, ctx), isNew: true };
  const managing = await managingOf(tx, known.id);
  if (managing) throw new ScimRefusal("uniqueness", `The connection "${managing.connection}" pushes the person with this externalId already.`);
  return { account: known, isNew: false };
}

/** Accounts of people who signed in before there was a connection. An e-mail address finds none: it may have had another holder. */
async function byIdentity(tx: Tx, { recognise }: ConnectionRow, { externalId }: PersonRecord): Promise<Account | null> {
  const issuer = configuredIssuer();
  if (externalId === null || recognise === "email" || issuer === null) return null;
  const column = recognise === "sub" ? users.subject : users.directoryId;
  const found = await tx
    .select()
    .from(users)
    .where(and(eq(users.issuer, issuer), eq(column, externalId)))
    .for("update");
  return found.length === 1 ? (found[0] ?? null) : null;
}

async function byFormerPush(tx: Tx, connection: ConnectionRow, { externalId }: PersonRecord): Promise<Account | null> {
  if (externalId === null) return null;
  const [found] = await tx
    .select({ account: users })
    .from(scimPeople)
    .innerJoin(users, eq(users.id, scimPeople.userId))
    .where(and(eq(scimPeople.connectionId, connection.id), eq(scimPeople.externalId, externalId), isNotNull(scimPeople.deletedAt)))
    .orderBy(desc(scimPeople.deletedAt))
    .limit(1);
  return found?.account ?? null;
}

function configuredIssuer(): string | null {
  try {
    return signInProvider().identityIssuer;
  } catch (error) {
    if (isDomainError(error)) return null;
    throw error;
  }
}

async function newAccount(tx: Tx, connection: ConnectionRow, record: PersonRecord, ctx: Ctx): Promise<Account> {
  const id = newId("user");
  const identity = { issuer: pendingIssuer(connection.id), subject: id };
  const account = await freeHandle(record.userName.split("@")[0] ?? "", async (handle) => {
    const [made] = await tx
      .insert(users)
      .values({ id, ...identity, handle, name: shownName(record), createdAt: ctx.now })
      .onConflictDoNothing()
      .returning();
    return made ?? null;
  });
  await writeAudit(tx, ctx, "user.create", "done", { target: { type: "user", id, label: account.handle }, detail: { userName: record.userName, externalId: record.externalId } });
  return account;
}

/** Name and address as they were pushed. The address is only verified when a sign-in says so. */
export async function writeProfile(tx: Tx, account: Account, record: PersonRecord): Promise<void> {
  const email = shownEmail(record) ?? account.email;
  const isSame = email !== null && email.toLowerCase() === account.email?.toLowerCase();
  await tx
    .update(users)
    .set({ name: shownName(record), email, emailVerified: isSame && account.emailVerified })
    .where(eq(users.id, account.id));
}

/** Keeps a person out, ending sessions and tokens in the same transaction, or lets them in again; what was disabled by hand stays so. */
export async function setAccess(tx: Tx, account: Account, isActive: boolean, ctx: Ctx): Promise<void> {
  const target = { type: "user", id: account.id, label: account.handle };
  if (isActive) {
    const [enabled] = await tx
      .update(users)
      .set({ disabledAt: null, disabledBy: null })
      .where(and(eq(users.id, account.id), eq(users.disabledBy, "provisioning")))
      .returning({ id: users.id });
    if (enabled) await writeAudit(tx, ctx, "user.disable", "done", { target, detail: { disabled: false, value: "active: true" } });
    return;
  }
  if (account.role === "platform-admin" && !account.disabledAt && !isPending(account) && (await isLastAdmin(tx, account.id))) {
    throw new DomainError("conflict", `${account.name} is the last platform admin of Waymark. Make somebody else platform admin there first.`);
  }
  const [disabled] = await tx
    .update(users)
    .set({ disabledAt: ctx.now, disabledBy: "provisioning" })
    .where(and(eq(users.id, account.id), isNull(users.disabledAt)))
    .returning({ id: users.id });
  const ended = await endAccess(tx, account.id, ctx.now);
  if (disabled) await writeAudit(tx, ctx, "user.disable", "done", { target, detail: { disabled: true, value: "active: false", ...ended } });
}
