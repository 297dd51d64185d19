import { and, eq, inArray, sql } from "drizzle-orm";
import type { Connection } from "@/db/client";
import { scimGroupMembers, scimGroups, scimPeople, users } from "@/db/schema";
import { shownName } from "./person-record";
import { ENTERPRISE_SCHEMA, GROUP_SCHEMA, type Resource, scimBase, USER_SCHEMA, versionTag } from "./protocol";

export type PersonRow = typeof scimPeople.$inferSelect;
export type GroupRow = typeof scimGroups.$inferSelect;

/** What was disabled by hand is not active, whatever was pushed. */
export const IS_ACTIVE = sql<boolean>`(${scimPeople.isActive} and not exists (select 1 from ${users} u where u.id = ${scimPeople.userId} and u.disabled_at is not null and u.disabled_by is distinct from 'provisioning'))`;

/** People as resources, with the groups they are in. */
export async function presentPeople(on: Connection, rows: PersonRow[]): Promise<Resource[]> {
  if (rows.length === 0) return [];
  const ids = rows.map((row) => row.id);
  const [memberOf, active] = [
    await on
      .select({ personId: scimGroupMembers.personId, id: scimGroups.id, displayName: scimGroups.displayName })
      .from(scimGroupMembers)
      .innerJoin(scimGroups, eq(scimGroups.id, scimGroupMembers.groupId))
      .where(inArray(scimGroupMembers.personId, ids))
      .orderBy(scimGroups.createdAt, scimGroups.id),
    await on
      .select({ id: scimPeople.id })
      .from(scimPeople)
      .where(and(inArray(scimPeople.id, ids), IS_ACTIVE)),
  ];
  const isActive = new Set(active.map((row) => row.id));
  const groups = new Map<string, Record<string, string>[]>(ids.map((id) => [id, []]));
  for (const { personId, id, displayName } of memberOf) groups.get(personId)?.push({ value: id, display: displayName, $ref: `${scimBase()}/Groups/${id}` });
  return rows.map((row) => {
    const own = groups.get(row.id) ?? [];
    return {
      schemas: ENTERPRISE_SCHEMA in row.attributes ? [USER_SCHEMA, ENTERPRISE_SCHEMA] : [USER_SCHEMA],
      id: row.id,
      ...(row.externalId === null ? {} : { externalId: row.externalId }),
      userName: row.userName,
      ...row.attributes,
      active: isActive.has(row.id),
      ...(own.length ? { groups: own } : {}),
      meta: metaOf("User", row),
    };
  });
}

/** Groups as resources; members only where they are wanted. */
export async function presentGroups(on: Connection, rows: GroupRow[], withMembers: boolean): Promise<Resource[]> {
  if (rows.length === 0) return [];
  const ids = rows.map((row) => row.id);
  const people = withMembers
    ? await on
        .select({ groupId: scimGroupMembers.groupId, person: scimPeople })
        .from(scimGroupMembers)
        .innerJoin(scimPeople, eq(scimPeople.id, scimGroupMembers.personId))
        .where(inArray(scimGroupMembers.groupId, ids))
        .orderBy(scimGroupMembers.groupId, scimPeople.createdAt, scimPeople.id)
    : [];
  const members = new Map<string, Record<string, string>[]>(ids.map((id) => [id, []]));
  for (const { groupId, person } of people) {
    members.get(groupId)?.push({ value: person.id, display: shownName(person), type: "User", $ref: `${scimBase()}/Users/${person.id}` });
  }
  return rows.map((row) => ({
    schemas: [GROUP_SCHEMA],
    id: row.id,
    ...(row.externalId === null ? {} : { externalId: row.externalId }),
    displayName: row.displayName,
    ...(withMembers ? { members: members.get(row.id) ?? [] } : {}),
    meta: metaOf("Group", row),
  }));
}

function metaOf(resourceType: "User" | "Group", row: PersonRow | GroupRow): Resource["meta"] {
  return {
    resourceType,
    created: row.createdAt.toISOString(),
    lastModified: row.updatedAt.toISOString(),
    location: `${scimBase()}/${resourceType}s/${row.id}`,
    version: versionTag(row.version),
  };
}
