import { sql } from "drizzle-orm";
import { boolean, date, index, integer, jsonb, pgTable, primaryKey, text, uniqueIndex } from "drizzle-orm/pg-core";
import { createdAt, id, moment } from "../columns";
import { entities } from "./catalog";
import { repositories } from "./repositories";

export const scorecards = pgTable(
  "scorecards",
  {
    id: id(),
    /** A slug; part of addresses and commands. */
    name: text("name").notNull(),
    definition: jsonb("definition").$type<Record<string, unknown>>().notNull(),
    /** Grows with every change; a save that names an older one is refused. */
    revision: integer("revision").notNull().default(1),
    isEnabled: boolean("is_enabled").notNull().default(true),
    /** The revision that its results are of; null before the first evaluation. */
    evaluatedRevision: integer("evaluated_revision"),
    evaluatedAt: moment("evaluated_at"),
    isDemo: boolean("is_demo").notNull().default(false),
    createdBy: text("created_by"),
    createdAt: createdAt(),
    updatedBy: text("updated_by"),
    updatedAt: moment("updated_at").notNull().defaultNow(),
  },
  (t) => [uniqueIndex("scorecards_name").on(t.name)],
);

/** Immutable once written. */
export const scorecardRevisions = pgTable(
  "scorecard_revisions",
  {
    scorecardId: text("scorecard_id")
      .notNull()
      .references(() => scorecards.id, { onDelete: "cascade" }),
    revision: integer("revision").notNull(),
    definition: jsonb("definition").$type<Record<string, unknown>>().notNull(),
    note: text("note").notNull().default(""),
    savedBy: text("saved_by"),
    savedAt: moment("saved_at").notNull(),
  },
  (t) => [primaryKey({ columns: [t.scorecardId, t.revision] })],
);

/** What is known of each entity, as conditions see it; gathered again and again, written only when it changes. */
export const scorecardFacts = pgTable(
  "scorecard_facts",
  {
    entityRef: text("entity_ref")
      .primaryKey()
      .references(() => entities.ref, { onDelete: "cascade" }),
    /** Of the entity's document, which is a fact too and is not repeated here. */
    contentHash: text("content_hash").notNull(),
    /** Group → field → value; what is not known is not there, nor are groups that say what is usual. */
    facts: jsonb("facts").$type<Record<string, Record<string, unknown>>>().notNull(),
    /** Group → when its source last said so; the document's time holds for groups that are not there. */
    observed: jsonb("observed").$type<Record<string, string>>().notNull(),
    /** Groups whose sources have answered; null = every one. */
    answered: text("answered").array(),
    changedAt: moment("changed_at").notNull(),
    /** Not evaluated since the change. */
    isDirty: boolean("is_dirty").notNull().default(true),
  },
  (t) => [index("scorecard_facts_dirty").on(t.entityRef).where(sql`is_dirty`)],
);

/** Files of a repository at the head of its default branch that facts are about. */
export const scorecardRepositories = pgTable("scorecard_repositories", {
  repositoryId: text("repository_id")
    .primaryKey()
    .references(() => repositories.id, { onDelete: "cascade" }),
  commit: text("commit").notNull(),
  files: jsonb("files").$type<Record<string, boolean>>().notNull(),
  readAt: moment("read_at").notNull(),
});

/** One check of one entity, as it was last evaluated. */
export const scorecardResults = pgTable(
  "scorecard_results",
  {
    scorecardId: text("scorecard_id")
      .notNull()
      .references(() => scorecards.id, { onDelete: "cascade" }),
    entityRef: text("entity_ref")
      .notNull()
      .references(() => scorecardFacts.entityRef, { onDelete: "cascade" }),
    checkId: text("check_id").notNull(),
    /** What people see: an exception or an ejection stands over a fail. */
    state: text("state", { enum: ["pass", "fail", "unknown", "ejected", "exempt"] }).notNull(),
    /** What the condition said. */
    outcome: text("outcome", { enum: ["pass", "fail", "unknown"] }).notNull(),
    /** Of a source that does not answer, what was last known; null for what never was. */
    lastKnown: text("last_known", { enum: ["pass", "fail"] }),
    lastKnownAt: moment("last_known_at"),
    /** Why it is unknown, or which part of the document is missing. */
    reason: text("reason"),
    /** Path → value of the facts that the condition names. */
    observed: jsonb("observed").$type<Record<string, unknown>>().notNull(),
    observedAt: moment("observed_at").notNull(),
    /** The condition that it was evaluated by. */
    conditionHash: text("condition_hash").notNull(),
    /** Left on purpose together with its golden path. */
    isEjected: boolean("is_ejected").notNull().default(false),
    stateSince: moment("state_since").notNull(),
  },
  (t) => [primaryKey({ columns: [t.entityRef, t.scorecardId, t.checkId] }), index("scorecard_results_check").on(t.scorecardId, t.checkId, t.state)],
);

/** What the checks of one entity add up to. */
export const scorecardLevels = pgTable(
  "scorecard_levels",
  {
    scorecardId: text("scorecard_id")
      .notNull()
      .references(() => scorecards.id, { onDelete: "cascade" }),
    entityRef: text("entity_ref")
      .notNull()
      .references(() => scorecardFacts.entityRef, { onDelete: "cascade" }),
    /** How many levels are reached; 0 = not even the first. */
    level: integer("level").notNull(),
    /** What it was before, since `levelSince`; null = its first evaluation. */
    previousLevel: integer("previous_level"),
    levelSince: moment("level_since").notNull(),
    revision: integer("revision").notNull(),
    evaluatedAt: moment("evaluated_at").notNull(),
  },
  (t) => [primaryKey({ columns: [t.entityRef, t.scorecardId] }), index("scorecard_levels_level").on(t.scorecardId, t.level)],
);

/** How many entities were at each level at the end of a day. */
export const scorecardDays = pgTable(
  "scorecard_days",
  {
    scorecardId: text("scorecard_id")
      .notNull()
      .references(() => scorecards.id, { onDelete: "cascade" }),
    /** In the organisation's time zone. */
    day: date("day").notNull(),
    level: integer("level").notNull(),
    entities: integer("entities").notNull(),
  },
  (t) => [primaryKey({ columns: [t.scorecardId, t.day, t.level] })],
);

/** A check that one entity need not pass for a while, and why. */
export const scorecardExceptions = pgTable(
  "scorecard_exceptions",
  {
    id: id(),
    scorecardId: text("scorecard_id")
      .notNull()
      .references(() => scorecards.id, { onDelete: "cascade" }),
    entityRef: text("entity_ref").notNull(),
    checkId: text("check_id").notNull(),
    reason: text("reason").notNull(),
    /** It ends by itself. */
    expiresAt: moment("expires_at").notNull(),
    grantedBy: text("granted_by"),
    createdAt: createdAt(),
    /** Taken back, or expired and settled. */
    endedAt: moment("ended_at"),
    endedBy: text("ended_by"),
  },
  (t) => [
    uniqueIndex("scorecard_exceptions_open").on(t.scorecardId, t.entityRef, t.checkId).where(sql`ended_at is null`),
    index("scorecard_exceptions_due").on(t.expiresAt).where(sql`ended_at is null`),
  ],
);

/** A push to bring everything that a scorecard is about to a level, or through some of its checks, by a day. */
export const scorecardCampaigns = pgTable(
  "scorecard_campaigns",
  {
    id: id(),
    scorecardId: text("scorecard_id")
      .notNull()
      .references(() => scorecards.id, { onDelete: "cascade" }),
    title: text("title").notNull(),
    why: text("why").notNull(),
    /** The level to reach; null = the checks. */
    level: text("level"),
    checks: text("checks").array().notNull().default(sql`'{}'::text[]`),
    /** Whose entities it is about; empty = everybody's. */
    owners: text("owners").array().notNull().default(sql`'{}'::text[]`),
    /** End of its last day. */
    endsAt: moment("ends_at").notNull(),
    entitiesAtStart: integer("entities_at_start").notNull(),
    doneAtStart: integer("done_at_start").notNull(),
    /** Stages that teams were reminded at. */
    told: text("told").array().notNull().default(sql`'{}'::text[]`),
    createdBy: text("created_by"),
    createdAt: createdAt(),
    endedAt: moment("ended_at"),
    endedBy: text("ended_by"),
  },
  (t) => [index("scorecard_campaigns_scorecard").on(t.scorecardId, t.createdAt)],
);
