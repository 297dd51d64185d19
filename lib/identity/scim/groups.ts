import { and, eq, isNull, ne, or, sql } from "drizzle-orm";
import { z } from "zod";
import type { Tx } from "@/db/client";
import { scimGroupMembers, scimGroups, scimPeople } from "@/db/schema";
import type { AuditRecord } from "@/lib/core/audit";
import type { Ctx } from "@/lib/core/ctx";
import { DomainError } from "@/lib/core/errors";
import { newId } from "@/lib/core/id";
import { mutation } from "@/lib/core/operation";
import { among } from "../among";
import { applyStandings } from "../standing";
import { type ConnectionRow, writingConnection } from "./connection-ctx";
import { type GroupRecord, patchGroup, readGroup } from "./group-members";
import { groupsOfPeople } from "./managed";
import { readOperations } from "./patch-request";
import { type GroupRow, presentGroups } from "./present";
import { type Resource, requireVersion, ScimRefusal } from "./protocol";

const Body = z.record(z.string(), z.unknown());
const Id = z.string().max(64);
const IfMatch = z.string().max(2_000).optional();
const nobody = () => null;
/** How many members an audit event names. */
const SHOWN_MEMBERS = 20;

interface Pushed {
  row: GroupRow;
  changes: Record<string, unknown> | null;
}

export const pushGroup = mutation({
  name: "scim-group.push",
  summary: "A connection tells of a group that is new to it.",
  input: z.strictObject({ resource: Body }),
  subject: nobody,
  run: async (tx, { resource }, ctx): Promise<Pushed & { resource: Resource }> => {
    const connection = await writingConnection(tx, ctx);
    const record = readGroup(resource, null);
    await requireFree(tx, connection, record, null);
    const { displayName, externalId } = record;
    const [row] = await tx
      .insert(scimGroups)
      .values({ id: newId("scimGroup"), connectionId: connection.id, displayName, externalId, createdAt: ctx.now, updatedAt: ctx.now })
      .returning();
    if (!row) throw new Error("a group was not stored");
    await writeMembers(tx, connection, row.id, new Set(), record.members);
    await evaluate(tx, connection, [...record.members], ctx);
    const [shown] = await presentGroups(tx, [row], true);
    return { row, resource: shown as Resource, changes: { displayName, externalId, ...membersIn("added", [...record.members]) } };
  },
  audit: (_input, { row, changes }) => eventOf(row, changes),
});

export const replaceGroup = mutation({
  name: "scim-group.push",
  summary: "A connection says anew what a group is called and who is in it.",
  input: z.strictObject({ id: Id, resource: Body, ifMatch: IfMatch }),
  subject: nobody,
  run: (tx, { id, resource, ifMatch }, ctx) => change(tx, { id, ifMatch }, ctx, (before) => readGroup(resource, before)),
  audit: (_input, { row, changes }) => eventOf(row, changes),
});

export const patchPushedGroup = mutation({
  name: "scim-group.push",
  summary: "A connection changes a group's name or members.",
  input: z.strictObject({ id: Id, body: Body, ifMatch: IfMatch }),
  subject: nobody,
  run: (tx, { id, body, ifMatch }, ctx) => {
    const operations = readOperations(body);
    return change(tx, { id, ifMatch }, ctx, (before) => patchGroup(before, operations));
  },
  audit: (_input, { row, changes }) => eventOf(row, changes),
});

export const removePushedGroup = mutation({
  name: "scim-group.remove",
  summary: "A connection removes a group; what its members had by it alone ends.",
  input: z.strictObject({ id: Id, ifMatch: IfMatch }),
  subject: nobody,
  run: async (tx, { id, ifMatch }, ctx) => {
    const connection = await writingConnection(tx, ctx);
    const row = await groupOf(tx, connection, id);
    requireVersion(ifMatch, row.version);
    const members = await membersOf(tx, id);
    await tx.delete(scimGroups).where(eq(scimGroups.id, id));
    await evaluate(tx, connection, [...members], ctx);
    return { row, members: members.size };
  },
  audit: (_input, { row, members }) => ({ target: targetOf(row), detail: { externalId: row.externalId, members } }),
});

async function change(tx: Tx, { id, ifMatch }: { id: string; ifMatch: string | undefined }, ctx: Ctx, next: (before: GroupRecord) => GroupRecord): Promise<Pushed> {
  const connection = await writingConnection(tx, ctx);
  const row = await groupOf(tx, connection, id);
  requireVersion(ifMatch, row.version);
  const before: GroupRecord = { displayName: row.displayName, externalId: row.externalId, members: await membersOf(tx, id) };
  const after = next(before);
  const added = [...after.members].filter((member) => !before.members.has(member));
  const removed = [...before.members].filter((member) => !after.members.has(member));
  const isRenamed = before.displayName !== after.displayName || before.externalId !== after.externalId;
  if (!isRenamed && added.length === 0 && removed.length === 0) return { row, changes: null };
  if (isRenamed) await requireFree(tx, connection, after, row);
  const { displayName, externalId } = after;
  const [stored] = await tx
    .update(scimGroups)
    .set({ displayName, externalId, version: row.version + 1, updatedAt: ctx.now })
    .where(eq(scimGroups.id, id))
    .returning();
  await writeMembers(tx, connection, id, before.members, after.members);
  // Another name may mean another team to everybody in the group.
  await evaluate(tx, connection, isRenamed ? [...new Set([...before.members, ...after.members])] : [...added, ...removed], ctx);
  const changes = {
    ...(before.displayName === displayName ? {} : { displayName: { from: before.displayName, to: displayName } }),
    ...(before.externalId === externalId ? {} : { externalId: { from: before.externalId, to: externalId } }),
    ...membersIn("added", added),
    ...membersIn("removed", removed),
  };
  return { row: stored ?? row, changes };
}

/** A group of this connection. Throws not_found. */
export async function groupOf(on: Tx, connection: ConnectionRow, id: string): Promise<GroupRow> {
  const [row] = await on
    .select()
    .from(scimGroups)
    .where(and(eq(scimGroups.id, id), eq(scimGroups.connectionId, connection.id)));
  if (!row) throw new DomainError("not_found", `There is no Group "${id.slice(0, 64)}" here.`);
  return row;
}

async function membersOf(tx: Tx, groupId: string): Promise<Set<string>> {
  const rows = await tx.select({ id: scimGroupMembers.personId }).from(scimGroupMembers).where(eq(scimGroupMembers.groupId, groupId));
  return new Set(rows.map((row) => row.id));
}

async function writeMembers(tx: Tx, connection: ConnectionRow, groupId: string, before: Set<string>, after: Set<string>): Promise<void> {
  const added = [...after].filter((id) => !before.has(id));
  const removed = [...before].filter((id) => !after.has(id));
  if (removed.length) await tx.delete(scimGroupMembers).where(and(eq(scimGroupMembers.groupId, groupId), among(scimGroupMembers.personId, removed)));
  if (added.length === 0) return;
  const come = await tx.execute<{ person_id: string }>(sql`
    insert into ${scimGroupMembers} (group_id, person_id)
    select ${groupId}::text, ${scimPeople.id} from ${scimPeople}
    where ${among(scimPeople.id, added)} and ${scimPeople.connectionId} = ${connection.id} and ${scimPeople.deletedAt} is null
    returning person_id`);
  if (come.length === added.length) return;
  const known = new Set(come.map((row) => row.person_id));
  const missing = added.find((id) => !known.has(id)) ?? "";
  throw new ScimRefusal("invalidValue", `There is no User "${missing.slice(0, 64)}" here. Push people before the groups that they are in.`);
}

/** Works out anew what the groups of these people mean. */
async function evaluate(tx: Tx, connection: ConnectionRow, personIds: string[], ctx: Ctx): Promise<void> {
  if (personIds.length === 0) return;
  const accounts = await tx
    .select({ personId: scimPeople.id, userId: scimPeople.userId })
    .from(scimPeople)
    .where(and(among(scimPeople.id, personIds), isNull(scimPeople.deletedAt)))
    .orderBy(scimPeople.userId);
  const groups = await groupsOfPeople(
    tx,
    connection.id,
    accounts.map((account) => account.personId),
  );
  await applyStandings(
    tx,
    accounts.map(({ personId, userId }) => ({ userId, groups: groups.get(personId) ?? [] })),
    ctx,
    "push",
  );
}

async function requireFree(tx: Tx, connection: ConnectionRow, { displayName, externalId }: GroupRecord, before: GroupRow | null): Promise<void> {
  const same = or(sql`lower(${scimGroups.displayName}) = lower(${displayName})`, externalId === null ? undefined : eq(scimGroups.externalId, externalId));
  const [taken] = await tx
    .select({ displayName: scimGroups.displayName })
    .from(scimGroups)
    .where(and(eq(scimGroups.connectionId, connection.id), before ? ne(scimGroups.id, before.id) : undefined, same));
  if (!taken) return;
  const what = taken.displayName.toLowerCase() === displayName.toLowerCase() ? `called "${taken.displayName}"` : `with the externalId "${externalId}"`;
  throw new ScimRefusal("uniqueness", `There is a group ${what} already.`);
}

const targetOf = (row: GroupRow) => ({ type: "scim-group", id: row.id, label: row.displayName });
const membersIn = (name: string, ids: string[]) => (ids.length ? { [name]: ids.length, [`${name}Members`]: ids.slice(0, SHOWN_MEMBERS) } : {});

function eventOf(row: GroupRow, changes: Record<string, unknown> | null): AuditRecord | null {
  return changes ? { target: targetOf(row), detail: changes } : null;
}
