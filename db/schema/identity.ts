import { sql } from "drizzle-orm";
import { boolean, index, integer, jsonb, pgTable, primaryKey, text, uniqueIndex } from "drizzle-orm/pg-core";
import { createdAt, id, moment } from "../columns";

export const users = pgTable(
  "users",
  {
    id: id(),
    // Identity is the pair (issuer, subject), never the e-mail address.
    issuer: text("issuer").notNull(),
    subject: text("subject").notNull(),
    /** Short name for the address bar and logs, unique: `ada`. */
    handle: text("handle").notNull().unique(),
    name: text("name").notNull(),
    email: text("email"),
    emailVerified: boolean("email_verified").notNull().default(false),
    role: text("role", { enum: ["engineer", "manager", "platform-admin"] })
      .notNull()
      .default("engineer"),
    /** A role set by hand is not replaced at sign-in. */
    roleSource: text("role_source", { enum: ["idp", "manual"] })
      .notNull()
      .default("idp"),
    isDemo: boolean("is_demo").notNull().default(false),
    disabledAt: moment("disabled_at"),
    /** A connection lifts only what a connection has set. Null = by hand. */
    disabledBy: text("disabled_by", { enum: ["manual", "provisioning"] }),
    /** The claim `oid` of the last sign-in (Entra ID): the directory's own id of the person, where `sub` differs between applications. */
    directoryId: text("directory_id"),
    lastSignInAt: moment("last_sign_in_at"),
    createdAt: createdAt(),
  },
  (t) => [uniqueIndex("users_identity").on(t.issuer, t.subject), index("users_directory_id").on(t.directoryId), index("users_email").on(sql`lower(${t.email})`)],
);

export const teams = pgTable("teams", {
  id: id(),
  /** `group:default/checkout` */
  ref: text("ref").notNull().unique(),
  name: text("name").notNull(),
  title: text("title").notNull(),
  /** The division a team belongs to; managers of a division manage its teams. */
  parentId: text("parent_id"),
  isDemo: boolean("is_demo").notNull().default(false),
  createdAt: createdAt(),
});

export const memberships = pgTable(
  "memberships",
  {
    userId: text("user_id")
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    teamId: text("team_id")
      .notNull()
      .references(() => teams.id, { onDelete: "cascade" }),
    membership: text("membership", { enum: ["member", "owner"] })
      .notNull()
      .default("member"),
    source: text("source", { enum: ["idp", "manual"] }).notNull(),
    createdAt: createdAt(),
  },
  (t) => [primaryKey({ columns: [t.userId, t.teamId] }), index("memberships_team").on(t.teamId)],
);

/** Ordered rules from group claims to teams and roles; evaluated at every sign-in. */
export const roleRules = pgTable("role_rules", {
  id: id(),
  position: integer("position").notNull(),
  match: text("match", { enum: ["exact", "prefix"] }).notNull(),
  value: text("value").notNull(),
  role: text("role", { enum: ["engineer", "manager", "platform-admin"] }),
  teamId: text("team_id").references(() => teams.id, { onDelete: "cascade" }),
  membership: text("membership", { enum: ["member", "owner"] }),
  createdAt: createdAt(),
});

export const sessions = pgTable(
  "sessions",
  {
    /** sha256 of the cookie's value. */
    id: text("id").primaryKey(),
    userId: text("user_id")
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    issuer: text("issuer").notNull(),
    idpSessionId: text("idp_session_id"),
    /** Encrypted; the hint for RP-initiated sign-out. */
    idTokenSealed: text("id_token_sealed"),
    userAgent: text("user_agent"),
    ipPrefix: text("ip_prefix"),
    createdAt: createdAt(),
    lastSeenAt: moment("last_seen_at").notNull().defaultNow(),
    expiresAt: moment("expires_at").notNull(),
    endedAt: moment("ended_at"),
  },
  (t) => [index("sessions_user").on(t.userId), index("sessions_idp").on(t.issuer, t.idpSessionId)],
);

export const apiTokens = pgTable(
  "api_tokens",
  {
    id: id(),
    userId: text("user_id")
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    kind: text("kind", { enum: ["pat", "cli", "svc", "scim", "mcp"] }).notNull(),
    name: text("name").notNull(),
    hash: text("hash").notNull().unique(),
    /** First 12 characters, shown so that a person can tell tokens apart. */
    prefix: text("prefix").notNull(),
    scopes: text("scopes").array().notNull(),
    expiresAt: moment("expires_at").notNull(),
    /** Day resolution. */
    lastUsedOn: text("last_used_on"),
    revokedAt: moment("revoked_at"),
    createdAt: createdAt(),
  },
  (t) => [index("api_tokens_user").on(t.userId)],
);

/** RFC 8628 device authorization grants. */
export const deviceGrants = pgTable("device_grants", {
  id: id(),
  deviceCodeHash: text("device_code_hash").notNull().unique(),
  userCode: text("user_code").notNull().unique(),
  client: text("client").notNull(),
  ipPrefix: text("ip_prefix"),
  scopes: text("scopes").array().notNull(),
  status: text("status", { enum: ["pending", "approved", "denied", "used"] })
    .notNull()
    .default("pending"),
  userId: text("user_id").references(() => users.id, { onDelete: "cascade" }),
  intervalSeconds: integer("interval_seconds").notNull().default(5),
  lastPolledAt: moment("last_polled_at"),
  expiresAt: moment("expires_at").notNull(),
  createdAt: createdAt(),
});

export const rateLimits = pgTable("rate_limits", {
  key: text("key").primaryKey(),
  points: integer("points").notNull(),
  windowEndsAt: moment("window_ends_at").notNull(),
});

/** `jti` of logout tokens already honoured: each works once. */
export const usedLogoutTokens = pgTable("used_logout_tokens", {
  jti: text("jti").primaryKey(),
  expiresAt: moment("expires_at").notNull(),
});

/** State of the demo identity provider (its grants, sessions and codes), so that a restart signs nobody out. */
export const demoIdpState = pgTable("demo_idp_state", {
  key: text("key").primaryKey(),
  payload: jsonb("payload").$type<Record<string, unknown>>().notNull(),
  grantId: text("grant_id"),
  uid: text("uid"),
  expiresAt: moment("expires_at"),
});
