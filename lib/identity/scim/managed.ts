import { and, eq, isNull, sql } from "drizzle-orm";
import type { Connection, Tx } from "@/db/client";
import { memberships, scimConnections, scimGroupMembers, scimGroups, scimPeople, teams, type users } from "@/db/schema";
import { DomainError } from "@/lib/core/errors";
import { among } from "../among";
import type { ManagedBy } from "../contract";

interface Managing {
  personId: string;
  connectionId: string;
  connection: string;
  isActive: boolean;
}

/** The connection that pushes a person now, and what it says of their access; null for people whom none does. */
export async function managingOf(on: Connection, userId: string): Promise<Managing | null> {
  const [row] = await on
    .select({ personId: scimPeople.id, connectionId: scimConnections.id, connection: scimConnections.name, isActive: scimPeople.isActive })
    .from(scimPeople)
    .innerJoin(scimConnections, eq(scimConnections.id, scimPeople.connectionId))
    .where(and(eq(scimPeople.userId, userId), isNull(scimPeople.deletedAt)));
  return row ?? null;
}

/** The same for many people at once. */
export async function managersOf(on: Connection, userIds: string[]): Promise<Map<string, ManagedBy>> {
  const rows = await on
    .select({ userId: scimPeople.userId, id: scimConnections.id, name: scimConnections.name, isActive: scimPeople.isActive })
    .from(scimPeople)
    .innerJoin(scimConnections, eq(scimConnections.id, scimPeople.connectionId))
    .where(and(among(scimPeople.userId, userIds), isNull(scimPeople.deletedAt)));
  return new Map(rows.map(({ userId, ...by }) => [userId, by]));
}

/** For a query of memberships with their people: the connection that a membership by group comes from. */
export const pushingConnection = () => sql<string | null>`case when ${memberships.source} = 'idp' then (
  select c.name from scim_people s join scim_connections c on c.id = s.connection_id
  where s.user_id = ${memberships.userId} and s.deleted_at is null and exists (select 1 from scim_groups g where g.connection_id = c.id)) end`;

export const isManaged = async (on: Connection, userId: string): Promise<boolean> => (await managingOf(on, userId)) !== null;

const lockKey = (connectionId: string) => sql`hashtext(${`waymark.scim.${connectionId}`})`;

/** Pushes of one connection come one after the other: what a person's groups mean is worked out from all of them. */
export const lockPushes = (tx: Tx, connectionId: string) => tx.execute(sql`select pg_advisory_xact_lock(${lockKey(connectionId)})`);

/**
 * The pushed groups of a person, by the attribute that the connection's rules go by. Null where the connection pushes no groups at all
 * or no connection pushes the person: then the claims of the sign-in count. Waits for pushes under way, so that none is overtaken.
 */
export async function pushedGroups(tx: Tx, userId: string): Promise<string[] | null> {
  const managing = await managingOf(tx, userId);
  if (!managing) return null;
  await tx.execute(sql`select pg_advisory_xact_lock_shared(${lockKey(managing.connectionId)})`);
  return groupsNow(tx, userId);
}

/** The same to look at, without waiting for pushes under way. */
export async function groupsNow(on: Connection, userId: string): Promise<string[] | null> {
  const managing = await managingOf(on, userId);
  if (!managing) return null;
  const some = await on.select({ id: scimGroups.id }).from(scimGroups).where(eq(scimGroups.connectionId, managing.connectionId)).limit(1);
  if (some.length === 0) return null;
  return (await groupsOfPeople(on, managing.connectionId, [managing.personId])).get(managing.personId) ?? [];
}

/** The groups of each pushed person, as the role rules see them. */
export async function groupsOfPeople(on: Connection, connectionId: string, personIds: string[]): Promise<Map<string, string[]>> {
  const rows = await on
    .select({
      personId: scimGroupMembers.personId,
      key: sql<string | null>`case when ${scimConnections.groupKey} = 'externalId' then ${scimGroups.externalId} else ${scimGroups.displayName} end`,
    })
    .from(scimGroupMembers)
    .innerJoin(scimGroups, eq(scimGroups.id, scimGroupMembers.groupId))
    .innerJoin(scimConnections, eq(scimConnections.id, scimGroups.connectionId))
    .where(and(eq(scimGroups.connectionId, connectionId), among(scimGroupMembers.personId, personIds)))
    .orderBy(scimGroups.createdAt, scimGroups.id);
  const found = new Map<string, string[]>(personIds.map((id) => [id, []]));
  for (const { personId, key } of rows) if (key !== null) found.get(personId)?.push(key);
  return found;
}

/** Throws conflict where a connection decides whether a person may sign in. What was disabled by hand may be lifted by hand. */
export async function requireHandManaged(on: Connection, person: Pick<typeof users.$inferSelect, "id" | "name" | "disabledBy" | "disabledAt">, disabled: boolean): Promise<void> {
  const managing = await managingOf(on, person.id);
  if (!managing) return;
  if (!disabled && managing.isActive && person.disabledBy !== "provisioning") return;
  const there = disabled ? "Deactivate or unassign them there" : "Activate or assign them there";
  throw new DomainError(
    "conflict",
    `${person.name} is managed by the provisioning connection "${managing.connection}". ${there}; it counts here within seconds.${disabled ? " To throw them out at once, end all sessions and tokens." : ""}`,
  );
}

/** Throws conflict where a membership comes from a pushed group: removed by hand it would be back with the next push. */
export async function requireHandMade(tx: Tx, person: Pick<typeof users.$inferSelect, "id" | "name">, teamId: string): Promise<void> {
  const [row] = await tx
    .select({ source: memberships.source, team: teams.title })
    .from(memberships)
    .innerJoin(teams, eq(teams.id, memberships.teamId))
    .where(and(eq(memberships.userId, person.id), eq(memberships.teamId, teamId)));
  if (row?.source !== "idp" || (await pushedGroups(tx, person.id)) === null) return;
  const managing = await managingOf(tx, person.id);
  throw new DomainError(
    "conflict",
    `${person.name} is in ${row.team} by a group that the provisioning connection "${managing?.connection}" pushes. Take them out of the group there, or change the role rule.`,
  );
}
