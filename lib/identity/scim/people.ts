import { and, eq, isNull } from "drizzle-orm";
import { z } from "zod";
import type { Tx } from "@/db/client";
import { scimGroupMembers, scimPeople, users } from "@/db/schema";
import type { AuditRecord } from "@/lib/core/audit";
import type { Ctx } from "@/lib/core/ctx";
import { DomainError } from "@/lib/core/errors";
import { newId } from "@/lib/core/id";
import { mutation } from "@/lib/core/operation";
import { applyStandings } from "../standing";
import { accountFor, setAccess, writeProfile } from "./account";
import { type ConnectionRow, writingConnection } from "./connection-ctx";
import { pushedGroups } from "./managed";
import { patchPerson } from "./patch-person";
import { readOperations } from "./patch-request";
import type { PersonRecord } from "./person-attributes";
import { readPerson } from "./person-record";
import { type PersonRow, presentPeople } from "./present";
import { type Resource, requireVersion, ScimRefusal } from "./protocol";
import { requireFree } from "./uniqueness";

const Body = z.record(z.string(), z.unknown());
const Id = z.string().max(64);
const IfMatch = z.string().max(2_000).optional();
const nobody = () => null;

interface Pushed {
  resource: Resource;
  account: { id: string; handle: string };
  changes: Record<string, unknown> | null;
}

export const pushPerson = mutation({
  name: "scim-person.push",
  summary: "A connection tells of a person who is new to it.",
  input: z.strictObject({ resource: Body }),
  subject: nobody,
  run: async (tx, { resource }, ctx): Promise<Pushed> => {
    const connection = await writingConnection(tx, ctx);
    const record = readPerson(resource, null);
    await requireFree(tx, connection, record, null);
    const { account, isNew } = await accountFor(tx, connection, record, ctx);
    const [row] = await tx
      .insert(scimPeople)
      .values({ id: newId("scimPerson"), connectionId: connection.id, userId: account.id, ...record, createdAt: ctx.now, updatedAt: ctx.now })
      .returning();
    if (!row) throw new Error("a person was not stored");
    await writeProfile(tx, account, record);
    await setAccess(tx, account, record.isActive, ctx);
    const [shown] = await presentPeople(tx, [row]);
    return {
      resource: shown as Resource,
      account,
      changes: { userName: record.userName, externalId: record.externalId, active: record.isActive, account: isNew ? "new" : "known" },
    };
  },
  audit: (_input, pushed) => eventOf(pushed),
});

export const replacePerson = mutation({
  name: "scim-person.push",
  summary: "A connection says anew what it knows of a person.",
  input: z.strictObject({ id: Id, resource: Body, ifMatch: IfMatch }),
  subject: nobody,
  run: (tx, { id, resource, ifMatch }, ctx) => change(tx, { id, ifMatch }, ctx, async (before) => readPerson(resource, before)),
  audit: (_input, pushed) => eventOf(pushed),
});

export const patchPushedPerson = mutation({
  name: "scim-person.push",
  summary: "A connection changes some of what it has said of a person.",
  input: z.strictObject({ id: Id, body: Body, ifMatch: IfMatch }),
  subject: nobody,
  run: (tx, { id, body, ifMatch }, ctx) => {
    const operations = readOperations(body);
    return change(tx, { id, ifMatch }, ctx, (before) => patchPerson(before, operations));
  },
  audit: (_input, pushed) => eventOf(pushed),
});

export const removePushedPerson = mutation({
  name: "scim-person.remove",
  summary: "A connection no longer knows a person: they are kept out, and everything they could get in with ends.",
  input: z.strictObject({ id: Id, ifMatch: IfMatch }),
  subject: nobody,
  run: async (tx, { id, ifMatch }, ctx) => {
    const connection = await writingConnection(tx, ctx);
    const row = await personOf(tx, connection, id);
    requireVersion(ifMatch, row.version);
    const account = await accountOf(tx, row);
    const pushesGroups = (await pushedGroups(tx, account.id)) !== null;
    await setAccess(tx, account, false, ctx);
    await tx.update(scimPeople).set({ deletedAt: ctx.now, isActive: false, updatedAt: ctx.now }).where(eq(scimPeople.id, id));
    await tx.delete(scimGroupMembers).where(eq(scimGroupMembers.personId, id));
    if (pushesGroups) await applyStandings(tx, [{ userId: account.id, groups: [] }], ctx, "push");
    return { row, account };
  },
  audit: (_input, { row, account }) => ({ target: { type: "user", id: account.id, label: account.handle }, detail: { userName: row.userName, externalId: row.externalId } }),
});

async function change(tx: Tx, { id, ifMatch }: { id: string; ifMatch: string | undefined }, ctx: Ctx, next: (before: PersonRecord) => Promise<PersonRecord>): Promise<Pushed> {
  const connection = await writingConnection(tx, ctx);
  const row = await personOf(tx, connection, id);
  requireVersion(ifMatch, row.version);
  const record = await next(row);
  const changes = changesOf(row, record);
  const account = await accountOf(tx, row);
  if (!changes) return { resource: (await presentPeople(tx, [row]))[0] as Resource, account, changes: null };
  await requireFree(tx, connection, record, row);
  const [stored] = await tx
    .update(scimPeople)
    .set({ ...record, version: row.version + 1, updatedAt: ctx.now })
    .where(eq(scimPeople.id, id))
    .returning();
  await writeProfile(tx, account, record);
  await setAccess(tx, account, record.isActive, ctx);
  return { resource: (await presentPeople(tx, stored ? [stored] : []))[0] as Resource, account, changes };
}

/** A person of this connection. Throws not_found. */
export async function personOf(on: Tx, connection: ConnectionRow, id: string): Promise<PersonRow> {
  const [row] = await on
    .select()
    .from(scimPeople)
    .where(and(eq(scimPeople.id, id), eq(scimPeople.connectionId, connection.id), isNull(scimPeople.deletedAt)));
  if (!row) throw new DomainError("not_found", `There is no User "${id.slice(0, 64)}" here.`);
  return row;
}

async function accountOf(tx: Tx, row: PersonRow): Promise<typeof users.$inferSelect> {
  const [account] = await tx.select().from(users).where(eq(users.id, row.userId)).for("update");
  if (!account) throw new ScimRefusal("noTarget", "The account of this person has been removed.", "not_found");
  return account;
}

/** What changed, in the words of the protocol; values only of what decides who somebody is and whether they may sign in. */
function changesOf(before: PersonRow, after: PersonRecord): Record<string, unknown> | null {
  const changes: Record<string, unknown> = {};
  if (before.userName !== after.userName) changes.userName = { from: before.userName, to: after.userName };
  if (before.externalId !== after.externalId) changes.externalId = { from: before.externalId, to: after.externalId };
  if (before.isActive !== after.isActive) changes.active = { from: before.isActive, to: after.isActive };
  const names = new Set([...Object.keys(before.attributes), ...Object.keys(after.attributes)]);
  const others = [...names].filter((name) => stable(before.attributes[name]) !== stable(after.attributes[name]));
  if (others.length) changes.changed = others;
  return Object.keys(changes).length ? changes : null;
}

/** Postgres sorts the keys of what it stores. */
const stable = (value: unknown): string =>
  JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === "object" && inner !== null && !Array.isArray(inner) ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1))) : inner,
  ) ?? "";

function eventOf({ account, resource, changes }: Pushed): AuditRecord | null {
  return changes ? { target: { type: "user", id: account.id, label: account.handle }, detail: { scimId: resource.id, ...changes } } : null;
}
