import { boolean, index, integer, json, jsonb, pgTable, primaryKey, text, uniqueIndex } from "drizzle-orm/pg-core";
import { createdAt, id, moment } from "../columns";
import { runs } from "./runs";

export interface ReportRecord {
  status: "succeeded" | "failed";
  summary?: string | undefined;
  cause?: string | undefined;
  nextAction?: string | undefined;
  links: { title: string; url: string }[];
}

export const actions = pgTable(
  "actions",
  {
    id: id(),
    name: text("name").notNull(),
    /** What the editor shows; people run the published version. As json, not jsonb: the questions keep their order. */
    draft: json("draft").$type<Record<string, unknown>>().notNull(),
    /** Null until it is published for the first time. */
    publishedVersion: integer("published_version"),
    isEnabled: boolean("is_enabled").notNull().default(true),
    /** Came with Waymark. */
    isShipped: boolean("is_shipped").notNull().default(false),
    /** Signs what a webhook back end is sent; encrypted. */
    secretSealed: text("secret_sealed"),
    /** Signs beside the new one until `previousSecretUntil`, so that a back end can change over. */
    previousSecretSealed: text("previous_secret_sealed"),
    previousSecretUntil: moment("previous_secret_until"),
    createdBy: text("created_by"),
    createdAt: createdAt(),
    updatedBy: text("updated_by"),
    updatedAt: moment("updated_at").notNull().defaultNow(),
  },
  (t) => [uniqueIndex("actions_name").on(t.name)],
);

/** Immutable once written. */
export const actionVersions = pgTable(
  "action_versions",
  {
    actionId: text("action_id")
      .notNull()
      .references(() => actions.id, { onDelete: "cascade" }),
    version: integer("version").notNull(),
    definition: json("definition").$type<Record<string, unknown>>().notNull(),
    note: text("note").notNull(),
    publishedBy: text("published_by"),
    publishedAt: moment("published_at").notNull(),
  },
  (t) => [primaryKey({ columns: [t.actionId, t.version] })],
);

/** What a run of an action was started with. */
export const actionRuns = pgTable(
  "action_runs",
  {
    runId: text("run_id")
      .primaryKey()
      .references(() => runs.id, { onDelete: "cascade" }),
    actionId: text("action_id")
      .notNull()
      .references(() => actions.id, { onDelete: "cascade" }),
    /** Null for a test call, which runs the draft. */
    version: integer("version"),
    definition: json("definition").$type<Record<string, unknown>>().notNull(),
    /** Answers that are secrets, as one encrypted JSON object. */
    secretsSealed: text("secrets_sealed"),
    createdAt: createdAt(),
  },
  (t) => [index("action_runs_action").on(t.actionId, t.createdAt)],
);

/** One row per attempt that a back end is asked to do: whoever holds its token may report until the attempt is over. */
export const actionCallbacks = pgTable(
  "action_callbacks",
  {
    runId: text("run_id")
      .notNull()
      .references(() => runs.id, { onDelete: "cascade" }),
    attempt: integer("attempt").notNull(),
    /** SHA-256; the token itself is nowhere. */
    tokenHash: text("token_hash").notNull(),
    /** How often the call was sent. */
    deliveries: integer("deliveries").notNull().default(0),
    /** What was seen last of a workflow that is being followed. */
    progress: jsonb("progress").$type<Record<string, unknown>>(),
    reportedLines: integer("reported_lines").notNull().default(0),
    report: jsonb("report").$type<ReportRecord>(),
    reportedAt: moment("reported_at"),
    createdAt: createdAt(),
  },
  (t) => [primaryKey({ columns: [t.runId, t.attempt] })],
);
