import { sql } from "drizzle-orm";
import { boolean, index, integer, jsonb, pgTable, primaryKey, text, uniqueIndex } from "drizzle-orm/pg-core";
import { createdAt, id, moment } from "../columns";
import { teams, users } from "./identity";

export interface HealthRecord {
  state: "healthy" | "degraded" | "unhealthy" | "unknown";
  checkedAt: string | null;
  reason?: string;
}

export interface IsolationRecord {
  /** What separates the environment from the host. */
  level: "bubblewrap" | "own-user" | "process" | "container" | "cluster";
  network: "own" | "shared";
  limits: "cgroup-v2" | "cgroup-v1" | "none";
  /** What the level does not protect against, in words for the page. */
  gaps: string[];
}

export interface ReceiptItem {
  kind: string;
  name: string;
  /** What people call it, where its name is one for machines. */
  title?: string;
  /** How its absence was verified. */
  verified: string;
  removedAt: string;
}

export const environments = pgTable(
  "environments",
  {
    id: id(),
    name: text("name").notNull(),
    lifetime: text("lifetime", { enum: ["ephemeral", "permanent"] }).notNull(),
    tier: text("tier", { enum: ["sandbox", "development", "staging", "production"] }).notNull(),
    status: text("status", { enum: ["queued", "provisioning", "ready", "failed", "deleting", "deleted", "leaked"] }).notNull(),
    statusReason: text("status_reason"),
    goldenPath: text("golden_path"),
    goldenPathVersion: text("golden_path_version"),
    values: jsonb("values").$type<Record<string, unknown>>().notNull().default(sql`'{}'::jsonb`),
    /** Answers that are secrets, sealed; forgotten with the environment. */
    secretsSealed: text("secrets_sealed"),
    entityRef: text("entity_ref"),
    /** Where its sources come from; null = rendered from the golden path. */
    repositoryId: text("repository_id"),
    /** The trial of unpublished files that it was made for; such an environment names no golden path and counts as no use of one. */
    testRunId: text("test_run_id"),
    /** The branch, tag or commit that was asked for last. */
    ref: text("ref"),
    /** What is serving now. */
    commit: text("commit"),
    ownerId: text("owner_id")
      .notNull()
      .references(() => users.id),
    teamId: text("team_id")
      .notNull()
      .references(() => teams.id),
    driver: text("driver").notNull(),
    isolation: jsonb("isolation").$type<IsolationRecord>(),
    url: text("url"),
    health: jsonb("health").$type<HealthRecord>().notNull().default(sql`'{"state":"unknown","checkedAt":null}'::jsonb`),
    memoryMib: integer("memory_mib").notNull().default(256),
    ttlMinutes: integer("ttl_minutes"),
    expiresAt: moment("expires_at"),
    /** After a failed create, what was made is kept until then for a retry. */
    keptUntil: moment("kept_until"),
    readyAt: moment("ready_at"),
    deletedAt: moment("deleted_at"),
    provisioning: jsonb("provisioning").$type<{ totalMs: number; phases: { name: string; ms: number }[] }>(),
    /** What the driver needs to find the world again (pid, folder, database); free of secrets. */
    handle: jsonb("handle").$type<Record<string, unknown>>(),
    receipt: jsonb("receipt").$type<{ completedAt: string; items: ReceiptItem[] }>(),
    drift: text("drift"),
    isDemo: boolean("is_demo").notNull().default(false),
    createdAt: createdAt(),
  },
  (t) => [
    uniqueIndex("environments_name").on(t.name).where(sql`status <> 'deleted'`),
    index("environments_team").on(t.teamId, t.createdAt),
    index("environments_owner").on(t.ownerId, t.createdAt),
    index("environments_due").on(t.expiresAt).where(sql`status not in ('deleted', 'deleting')`),
    index("environments_status").on(t.status),
    index("environments_entity").on(t.entityRef).where(sql`entity_ref is not null`),
    uniqueIndex("environments_stage").on(t.entityRef, t.tier).where(sql`lifetime = 'permanent' and status <> 'deleted' and entity_ref is not null`),
  ],
);

/** One row per commit that somebody, or a push, asked to run in an environment. */
export const deployments = pgTable(
  "deployments",
  {
    id: id(),
    environmentId: text("environment_id")
      .notNull()
      .references(() => environments.id, { onDelete: "cascade" }),
    /** Counts up per environment; names the files and the process of this version. 0 = made together with the environment. */
    version: integer("version").notNull(),
    kind: text("kind", { enum: ["deploy", "rollback", "promotion"] }).notNull(),
    /** `waiting`: pushed while another one was under way. `superseded`: a newer push came before its turn. */
    status: text("status", { enum: ["waiting", "running", "succeeded", "failed", "cancelled", "superseded"] }).notNull(),
    ref: text("ref").notNull(),
    commit: text("commit").notNull(),
    /** First line of the commit's message. */
    subject: text("subject"),
    previousCommit: text("previous_commit"),
    /** The environment it was promoted from. */
    promotedFrom: text("promoted_from"),
    requestedBy: text("requested_by").references(() => users.id, { onDelete: "set null" }),
    runId: text("run_id"),
    /** Why it did not succeed, in one sentence. */
    reason: text("reason"),
    startedAt: moment("started_at"),
    finishedAt: moment("finished_at"),
    isDemo: boolean("is_demo").notNull().default(false),
    createdAt: createdAt(),
  },
  (t) => [
    uniqueIndex("deployments_version").on(t.environmentId, t.version),
    uniqueIndex("deployments_waiting").on(t.environmentId).where(sql`status = 'waiting'`),
    index("deployments_recent").on(t.environmentId, t.createdAt),
    index("deployments_run").on(t.runId),
  ],
);

/** Credentials the platform made (database password) and variables the team set; values are encrypted. */
export const environmentVariables = pgTable(
  "environment_variables",
  {
    environmentId: text("environment_id")
      .notNull()
      .references(() => environments.id, { onDelete: "cascade" }),
    name: text("name").notNull(),
    valueSealed: text("value_sealed").notNull(),
    isSecret: boolean("is_secret").notNull().default(false),
    /** `platform`: made by Waymark, not editable. */
    source: text("source", { enum: ["platform", "team"] })
      .notNull()
      .default("team"),
    updatedAt: moment("updated_at").notNull().defaultNow(),
    updatedBy: text("updated_by"),
  },
  (t) => [primaryKey({ columns: [t.environmentId, t.name] })],
);

/** Databases of an environment that somebody did something with: added ones, and the golden path's own (`main`) once its password was changed. */
export const environmentDatabases = pgTable(
  "environment_databases",
  {
    environmentId: text("environment_id")
      .notNull()
      .references(() => environments.id, { onDelete: "cascade" }),
    name: text("name").notNull(),
    /** Variable that holds its address. */
    variable: text("variable").notNull(),
    /** A password on its way: stored here before the server learns it, in the variable afterwards. */
    nextPasswordSealed: text("next_password_sealed"),
    /** The run that makes it, or made it. */
    runId: text("run_id"),
    readyAt: moment("ready_at"),
    passwordChangedAt: moment("password_changed_at"),
    createdAt: createdAt(),
  },
  (t) => [primaryKey({ columns: [t.environmentId, t.name] })],
);

/** Requests through the sandbox address, per minute; latency counted in fixed bucket bounds. */
export const environmentTraffic = pgTable(
  "environment_traffic",
  {
    environmentId: text("environment_id")
      .notNull()
      .references(() => environments.id, { onDelete: "cascade" }),
    minute: moment("minute").notNull(),
    requests: integer("requests").notNull(),
    errors: integer("errors").notNull(),
    buckets: integer("buckets").array().notNull(),
  },
  (t) => [primaryKey({ columns: [t.environmentId, t.minute] })],
);
