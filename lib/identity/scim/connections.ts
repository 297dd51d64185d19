import { and, asc, count, desc, eq, gt, sql } from "drizzle-orm";
import { z } from "zod";
import type { Connection, Tx } from "@/db/client";
import { scimConnections, scimGroups, scimPeople, scimProblems, scimTokens, users } from "@/db/schema";
import type { Ctx } from "@/lib/core/ctx";
import { DomainError } from "@/lib/core/errors";
import { newId } from "@/lib/core/id";
import { mutation, query } from "@/lib/core/operation";
import { CreateConnectionInput, type ProvisioningConnection, type ProvisioningConnectionDetail, type ProvisioningOverview, SCIM_TOKEN_DAYS } from "../contract";
import { requireFreshSignIn } from "../fresh-sign-in";
import { lockPushes } from "./managed";
import { PENDING_ISSUERS } from "./pending";
import { scimBase } from "./protocol";
import { endScimTokens, issueScimToken } from "./tokens";
import { unusedGroups } from "./unused-groups";

const OLD_TOKEN_HOURS = 24;
const SHOWN_PROBLEMS = 20;
const nobody = () => null;
const ConnectionId = z.strictObject({ id: z.string().max(64) });
const targetOf = (id: string, name: string) => ({ type: "provisioning", id, label: name });
const tokenEnd = (now: Date) => new Date(now.getTime() + SCIM_TOKEN_DAYS * 86_400_000);

async function connectionById(on: Connection, id: string) {
  const [row] = await on.select().from(scimConnections).where(eq(scimConnections.id, id));
  if (!row) throw new DomainError("not_found", "There is no such connection.");
  return row;
}

export const createConnection = mutation({
  name: "provisioning.edit",
  summary: "Let an identity provider push people and groups. The answer holds its token, this once.",
  input: CreateConnectionInput,
  subject: nobody,
  run: async (tx, { name, recognise, groupKey }, ctx) => {
    await requireFreshSignIn(tx, ctx);
    const [made] = await tx
      .insert(scimConnections)
      .values({ id: newId("scimConnection"), name, recognise, groupKey, createdBy: ctx.actor.type === "user" ? ctx.actor.id : null, createdAt: ctx.now })
      .onConflictDoNothing()
      .returning();
    if (!made) throw new DomainError("conflict", `There is a connection "${name}" already.`, { fields: [{ path: "name", message: "Taken. Choose another name." }] });
    const { token, expiresAt } = await issueScimToken(tx, { connectionId: made.id, expiresAt: tokenEnd(ctx.now), now: ctx.now });
    return { id: made.id, name, baseUrl: scimBase(), token, expiresAt };
  },
  audit: ({ recognise, groupKey }, { id, name }) => ({ target: targetOf(id, name), detail: { change: "created", recognise, groupKey } }),
});

/** The connection that tokens made on the server itself belong to; made when it is first needed. */
export async function hostConnection(tx: Tx, { now }: Ctx): Promise<{ id: string; name: string }> {
  const name = "Made on the server";
  await tx
    .insert(scimConnections)
    .values({ id: newId("scimConnection"), name, recognise: "sub", groupKey: "displayName", createdAt: now })
    .onConflictDoNothing();
  const [row] = await tx.select({ id: scimConnections.id, name: scimConnections.name }).from(scimConnections).where(eq(scimConnections.name, name));
  if (!row) throw new Error("the connection of the server was not stored");
  return row;
}

export const rotateConnectionToken = mutation({
  name: "provisioning.edit",
  summary: "Give a connection a new token, shown this once; the old one works for another 24 hours.",
  input: ConnectionId,
  subject: nobody,
  run: async (tx, { id }, ctx) => {
    await requireFreshSignIn(tx, ctx);
    const { name } = await connectionById(tx, id);
    const oldUntil = new Date(ctx.now.getTime() + OLD_TOKEN_HOURS * 3_600_000);
    const old = await endScimTokens(tx, id, oldUntil, ctx.now);
    const { token, expiresAt } = await issueScimToken(tx, { connectionId: id, expiresAt: tokenEnd(ctx.now), now: ctx.now });
    return { id, name, baseUrl: scimBase(), token, expiresAt, oldUntil: old ? oldUntil.toISOString() : null };
  },
  audit: (_input, { id, name, oldUntil }) => ({ target: targetOf(id, name), detail: { change: "new token", oldUntil } }),
});

export const revokeConnectionTokens = mutation({
  name: "provisioning.edit",
  summary: "End a connection's tokens at once: the provider is refused until it has a new one. People and groups stay as they are.",
  input: ConnectionId,
  subject: nobody,
  run: async (tx, { id }, ctx) => {
    await requireFreshSignIn(tx, ctx);
    const { name } = await connectionById(tx, id);
    return { id, name, ended: await endScimTokens(tx, id, ctx.now, ctx.now) };
  },
  audit: (_input, { id, name, ended }) => (ended ? { target: targetOf(id, name), detail: { change: "tokens ended", ended } } : null),
});

export const removeConnection = mutation({
  name: "provisioning.edit",
  summary: "Forget a connection. Its people keep what they have and are managed by hand from now on; accounts that nobody has signed in to go.",
  input: ConnectionId,
  subject: nobody,
  run: async (tx, { id }, ctx) => {
    await requireFreshSignIn(tx, ctx);
    await lockPushes(tx, id);
    const { name } = await connectionById(tx, id);
    const people = await tx.$count(scimPeople, eq(scimPeople.connectionId, id));
    const gone = await tx
      .delete(users)
      .where(and(PENDING_ISSUERS, sql`${users.id} in (select user_id from ${scimPeople} where connection_id = ${id})`))
      .returning({ id: users.id });
    await tx.delete(scimConnections).where(eq(scimConnections.id, id));
    return { id, name, people, removedAccounts: gone.length };
  },
  audit: (_input, { id, name, people, removedAccounts }) => ({ target: targetOf(id, name), detail: { change: "removed", people, removedAccounts } }),
});

export const listConnections = query({
  name: "provisioning.read",
  summary: "Identity providers that may push people and groups, and how many people no connection manages.",
  input: z.strictObject({}),
  subject: nobody,
  run: async (on, _input, ctx): Promise<ProvisioningOverview> => {
    const rows = await on.select({ id: scimConnections.id }).from(scimConnections).orderBy(asc(scimConnections.createdAt));
    const items = await Promise.all(rows.map(({ id }) => present(on, id, ctx)));
    const [unmanaged] = await on
      .select({ n: count() })
      .from(users)
      .where(sql`not ${users.isDemo} and ${users.disabledAt} is null and not exists (select 1 from ${scimPeople} s where s.user_id = ${users.id} and s.deleted_at is null)`);
    return { items, nextCursor: null, total: items.length, unmanaged: unmanaged?.n ?? 0, baseUrl: scimBase() };
  },
});

export const getConnection = query({
  name: "provisioning.read",
  summary: "One connection: its people and groups, the last request, and what was refused.",
  input: ConnectionId,
  subject: nobody,
  run: async (on, { id }, ctx): Promise<ProvisioningConnectionDetail> => {
    const connection = await present(on, id, ctx);
    const problems = await on.select().from(scimProblems).where(eq(scimProblems.connectionId, id)).orderBy(desc(scimProblems.at), desc(scimProblems.id)).limit(SHOWN_PROBLEMS);
    return {
      ...connection,
      baseUrl: scimBase(),
      unusedGroups: await unusedGroups(on, id),
      problems: problems.map(({ id: key, at, request, status, scimType, detail }) => ({ id: key, at: at.toISOString(), request, status, scimType, detail })),
    };
  },
});

async function present(on: Connection | Tx, id: string, { now }: Ctx): Promise<ProvisioningConnection> {
  const row = await connectionById(on, id);
  const [[people], [groups], tokens, [maker]] = await Promise.all([
    on
      .select({
        total: sql<number>`count(*)::int`,
        active: sql<number>`count(*) filter (where ${scimPeople.isActive})::int`,
        pending: sql<number>`count(*) filter (where ${PENDING_ISSUERS})::int`,
      })
      .from(scimPeople)
      .innerJoin(users, eq(users.id, scimPeople.userId))
      .where(and(eq(scimPeople.connectionId, id), sql`${scimPeople.deletedAt} is null`)),
    on.select({ n: count() }).from(scimGroups).where(eq(scimGroups.connectionId, id)),
    on
      .select()
      .from(scimTokens)
      .where(and(eq(scimTokens.connectionId, id), gt(scimTokens.expiresAt, now)))
      .orderBy(desc(scimTokens.createdAt)),
    on
      .select({ handle: users.handle })
      .from(users)
      .where(eq(users.id, row.createdBy ?? "")),
  ]);
  return {
    id,
    name: row.name,
    recognise: row.recognise,
    groupKey: row.groupKey,
    createdAt: row.createdAt.toISOString(),
    createdBy: maker?.handle ?? null,
    people: people ?? { total: 0, active: 0, pending: 0 },
    groups: groups?.n ?? 0,
    tokens: tokens.map(({ prefix, expiresAt }) => ({ prefix, expiresAt: expiresAt.toISOString() })),
    requests: row.requests,
    last: row.lastRequestAt ? { at: row.lastRequestAt.toISOString(), request: row.lastRequest ?? "", status: row.lastStatus ?? 0, agent: row.lastAgent } : null,
  };
}
