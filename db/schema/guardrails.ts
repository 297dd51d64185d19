import { sql } from "drizzle-orm";
import { boolean, index, integer, jsonb, pgTable, primaryKey, text, uniqueIndex } from "drizzle-orm/pg-core";
import { createdAt, id, moment } from "../columns";

/** What one guardrail said of one request, as it is kept and shown. */
export interface GuardrailResultRecord {
  name: string;
  title: string;
  revision: number;
  effect: "refuse" | "warn";
  verdict: "passes" | "refuses" | "warns" | "excepted";
  /** Why it could not be evaluated. */
  undecided: string | null;
  message: string;
  fix: string;
  field: string | null;
  docs: string | null;
  exception: { id: string; reason: string; until: string } | null;
}

export const guardrails = pgTable(
  "guardrails",
  {
    id: id(),
    /** A slug; part of addresses, commands and refusals. */
    name: text("name").notNull(),
    definition: jsonb("definition").$type<Record<string, unknown>>().notNull(),
    /** Grows with every change; a save that names an older one is refused. */
    revision: integer("revision").notNull().default(1),
    isDemo: boolean("is_demo").notNull().default(false),
    createdBy: text("created_by"),
    createdAt: createdAt(),
    updatedBy: text("updated_by"),
    updatedAt: moment("updated_at").notNull().defaultNow(),
  },
  (t) => [uniqueIndex("guardrails_name").on(t.name)],
);

/** Immutable once written. */
export const guardrailRevisions = pgTable(
  "guardrail_revisions",
  {
    guardrailId: text("guardrail_id")
      .notNull()
      .references(() => guardrails.id, { onDelete: "cascade" }),
    revision: integer("revision").notNull(),
    definition: jsonb("definition").$type<Record<string, unknown>>().notNull(),
    note: text("note").notNull().default(""),
    savedBy: text("saved_by"),
    savedAt: moment("saved_at").notNull(),
  },
  (t) => [primaryKey({ columns: [t.guardrailId, t.revision] })],
);

/** A team that a guardrail lets through for a while, and why. */
export const guardrailExceptions = pgTable(
  "guardrail_exceptions",
  {
    id: id(),
    guardrailId: text("guardrail_id")
      .notNull()
      .references(() => guardrails.id, { onDelete: "cascade" }),
    teamId: text("team_id").notNull(),
    reason: text("reason").notNull(),
    /** It ends by itself. */
    expiresAt: moment("expires_at").notNull(),
    grantedBy: text("granted_by"),
    createdAt: createdAt(),
    /** Taken back before. */
    endedAt: moment("ended_at"),
    endedBy: text("ended_by"),
  },
  (t) => [uniqueIndex("guardrail_exceptions_open").on(t.guardrailId, t.teamId).where(sql`ended_at is null`)],
);

/**
 * Every request that guardrails were asked about, with what they saw and said. Without references to other tables: a refusal is written
 * while the request's own transaction still holds rows of them.
 */
export const guardrailDecisions = pgTable(
  "guardrail_decisions",
  {
    id: id(),
    at: moment("at").notNull(),
    ability: text("ability").notNull(),
    /** `effect`: asked again by the worker, just before something is done. */
    stage: text("stage", { enum: ["submit", "effect"] }).notNull(),
    outcome: text("outcome", { enum: ["allowed", "warned", "refused"] }).notNull(),
    channel: text("channel").notNull(),
    actorId: text("actor_id"),
    actorLabel: text("actor_label").notNull(),
    /** Null for what belongs to no team. */
    teamId: text("team_id"),
    /** What came of it: an environment, a deployment, a run; null for what was refused. */
    subjectId: text("subject_id"),
    runId: text("run_id"),
    runAttempt: integer("run_attempt"),
    /** The facts, without secrets and of bounded size. */
    document: jsonb("document").$type<Record<string, unknown>>().notNull(),
    results: jsonb("results").$type<GuardrailResultRecord[]>().notNull(),
    requestId: text("request_id").notNull(),
    isDemo: boolean("is_demo").notNull().default(false),
  },
  (t) => [
    index("guardrail_decisions_recent").on(t.at, t.id),
    index("guardrail_decisions_ability").on(t.ability, t.at).where(sql`stage = 'submit'`),
    index("guardrail_decisions_subject").on(t.subjectId, t.at).where(sql`subject_id is not null`),
    index("guardrail_decisions_run").on(t.runId).where(sql`run_id is not null`),
  ],
);
