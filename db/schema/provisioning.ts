import { sql } from "drizzle-orm";
import { bigint, boolean, index, integer, jsonb, pgTable, primaryKey, text, uniqueIndex } from "drizzle-orm/pg-core";
import { createdAt, id, moment } from "../columns";
import { users } from "./identity";

/** An identity provider that may push people and groups (SCIM 2.0). */
export const scimConnections = pgTable("scim_connections", {
  id: id(),
  name: text("name").notNull().unique(),
  /** By what a pushed person is recognised at their first sign-in: externalId = `sub`, externalId = `oid`, or userName = a verified e-mail address. */
  recognise: text("recognise", { enum: ["sub", "oid", "email"] }).notNull(),
  /** Which attribute of a pushed group the role rules are tried on. */
  groupKey: text("group_key", { enum: ["displayName", "externalId"] }).notNull(),
  createdBy: text("created_by").references(() => users.id, { onDelete: "set null" }),
  createdAt: createdAt(),
  /** Requests so far, also those refused for an ended token: what a test waits for. */
  requests: bigint("requests", { mode: "number" }).notNull().default(0),
  lastRequestAt: moment("last_request_at"),
  /** `GET /Users` */
  lastRequest: text("last_request"),
  lastStatus: integer("last_status"),
  lastAgent: text("last_agent"),
});

export const scimTokens = pgTable(
  "scim_tokens",
  {
    id: id(),
    connectionId: text("connection_id")
      .notNull()
      .references(() => scimConnections.id, { onDelete: "cascade" }),
    hash: text("hash").notNull().unique(),
    prefix: text("prefix").notNull(),
    /** Moved forward by rotation and revocation. */
    expiresAt: moment("expires_at").notNull(),
    createdAt: createdAt(),
  },
  (t) => [index("scim_tokens_connection").on(t.connectionId)],
);

/** What a connection has said of a person; the account is in `users`. After a DELETE the row stays, so that the leaver is known at a sign-in. */
export const scimPeople = pgTable(
  "scim_people",
  {
    id: id(),
    connectionId: text("connection_id")
      .notNull()
      .references(() => scimConnections.id, { onDelete: "cascade" }),
    userId: text("user_id")
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    userName: text("user_name").notNull(),
    externalId: text("external_id"),
    isActive: boolean("is_active").notNull(),
    /** The other attributes that are kept: name, displayName, title, emails, the enterprise extension. */
    attributes: jsonb("attributes").$type<Record<string, unknown>>().notNull(),
    version: integer("version").notNull().default(1),
    createdAt: createdAt(),
    updatedAt: moment("updated_at").notNull().defaultNow(),
    deletedAt: moment("deleted_at"),
  },
  (t) => [
    uniqueIndex("scim_people_user_name").on(sql`lower(${t.userName})`).where(sql`${t.deletedAt} is null`),
    uniqueIndex("scim_people_external_id").on(t.connectionId, t.externalId).where(sql`${t.deletedAt} is null`),
    uniqueIndex("scim_people_user").on(t.userId).where(sql`${t.deletedAt} is null`),
    index("scim_people_known").on(t.externalId),
    index("scim_people_order").on(t.connectionId, t.createdAt, t.id),
  ],
);

export const scimGroups = pgTable(
  "scim_groups",
  {
    id: id(),
    connectionId: text("connection_id")
      .notNull()
      .references(() => scimConnections.id, { onDelete: "cascade" }),
    displayName: text("display_name").notNull(),
    externalId: text("external_id"),
    version: integer("version").notNull().default(1),
    createdAt: createdAt(),
    updatedAt: moment("updated_at").notNull().defaultNow(),
  },
  (t) => [uniqueIndex("scim_groups_display_name").on(t.connectionId, sql`lower(${t.displayName})`), uniqueIndex("scim_groups_external_id").on(t.connectionId, t.externalId)],
);

export const scimGroupMembers = pgTable(
  "scim_group_members",
  {
    groupId: text("group_id")
      .notNull()
      .references(() => scimGroups.id, { onDelete: "cascade" }),
    personId: text("person_id")
      .notNull()
      .references(() => scimPeople.id, { onDelete: "cascade" }),
  },
  (t) => [primaryKey({ columns: [t.groupId, t.personId] }), index("scim_group_members_person").on(t.personId)],
);

/** The last refusals of each connection, in words. */
export const scimProblems = pgTable(
  "scim_problems",
  {
    id: id(),
    connectionId: text("connection_id")
      .notNull()
      .references(() => scimConnections.id, { onDelete: "cascade" }),
    at: moment("at").notNull(),
    request: text("request").notNull(),
    status: integer("status").notNull(),
    scimType: text("scim_type"),
    detail: text("detail").notNull(),
  },
  (t) => [index("scim_problems_connection").on(t.connectionId, t.at)],
);
