import { type SQL, sql } from "drizzle-orm";
import { scimGroupMembers, scimGroups, scimPeople } from "@/db/schema";
import type { Attribute, Attributes } from "./filter";
import { IS_ACTIVE } from "./present";
import { ENTERPRISE_SCHEMA } from "./protocol";

// What lists can be filtered and sorted by: every attribute that is kept.

const text = (part: SQL): Attribute => ({ kind: "text", sql: part });
const exact = (part: SQL): Attribute => ({ kind: "text", sql: part, caseExact: true });
const kept = (...path: string[]) => text(sql`${scimPeople.attributes} #>> ${sql.param(path)}::text[]`);

const NAME_PARTS = ["formatted", "familyName", "givenName", "middleName", "honorificPrefix", "honorificSuffix"];
const ENTERPRISE_TEXTS = ["employeeNumber", "costCenter", "organization", "division", "department"];

/** Attributes of people by lower-case name. */
export const PEOPLE: Attributes = {
  id: exact(sql`${scimPeople.id}`),
  externalid: exact(sql`${scimPeople.externalId}`),
  username: text(sql`${scimPeople.userName}`),
  displayname: kept("displayName"),
  title: kept("title"),
  active: { kind: "boolean", sql: sql`${IS_ACTIVE}` },
  ...Object.fromEntries(NAME_PARTS.map((part) => [`name.${part.toLowerCase()}`, kept("name", part)])),
  ...Object.fromEntries(ENTERPRISE_TEXTS.map((name) => [`${ENTERPRISE_SCHEMA}:${name}`.toLowerCase(), kept(ENTERPRISE_SCHEMA, name)])),
  [`${ENTERPRISE_SCHEMA}:manager.value`.toLowerCase()]: kept(ENTERPRISE_SCHEMA, "manager", "value"),
  [`${ENTERPRISE_SCHEMA}:manager.displayName`.toLowerCase()]: kept(ENTERPRISE_SCHEMA, "manager", "displayName"),
  emails: {
    kind: "many",
    exists: (condition) =>
      sql`exists (select 1 from jsonb_array_elements(case jsonb_typeof(${scimPeople.attributes} -> 'emails') when 'array' then ${scimPeople.attributes} -> 'emails' else '[]' end) email where ${condition})`,
    of: {
      value: text(sql`email ->> 'value'`),
      type: text(sql`email ->> 'type'`),
      display: text(sql`email ->> 'display'`),
      primary: { kind: "boolean", sql: sql`coalesce((email ->> 'primary')::boolean, false)` },
    },
  },
  // Also the way to read the members of a large group in pages: groups.value eq "<id of the group>".
  groups: {
    kind: "many",
    exists: (condition) => sql`exists (select 1 from ${scimGroupMembers} m join ${scimGroups} g on g.id = m.group_id where m.person_id = ${scimPeople.id} and ${condition})`,
    of: { value: exact(sql`g.id`), display: text(sql`g.display_name`) },
  },
  "meta.created": { kind: "moment", sql: sql`${scimPeople.createdAt}` },
  "meta.lastmodified": { kind: "moment", sql: sql`${scimPeople.updatedAt}` },
  "meta.resourcetype": exact(sql`'User'::text`),
};

/** Attributes of groups by lower-case name. */
export const GROUPS: Attributes = {
  id: exact(sql`${scimGroups.id}`),
  externalid: exact(sql`${scimGroups.externalId}`),
  displayname: text(sql`${scimGroups.displayName}`),
  members: {
    kind: "many",
    exists: (condition) =>
      sql`exists (select 1 from ${scimGroupMembers} m join ${scimPeople} p on p.id = m.person_id where m.group_id = ${scimGroups.id} and p.deleted_at is null and ${condition})`,
    of: { value: exact(sql`p.id`), type: exact(sql`'User'::text`), display: text(sql`coalesce(p.attributes ->> 'displayName', p.user_name)`) },
  },
  "meta.created": { kind: "moment", sql: sql`${scimGroups.createdAt}` },
  "meta.lastmodified": { kind: "moment", sql: sql`${scimGroups.updatedAt}` },
  "meta.resourcetype": exact(sql`'Group'::text`),
};
