import { bigserial, boolean, date, index, integer, pgTable, primaryKey, text } from "drizzle-orm/pg-core";
import { bytea, createdAt, id, moment } from "../columns";
import { teams, users } from "./identity";

/** Changes that teams propose to published paths: a draft of their own, which the platform team reviews. */
export const goldenPathProposals = pgTable(
  "golden_path_proposals",
  {
    id: id(),
    /** Not bound to the path's row: what was proposed stays readable when the path is gone. */
    name: text("name").notNull(),
    /** The version it began from, or was last brought up to. */
    baseVersion: text("base_version").notNull(),
    archive: bytea("archive").notNull(),
    revision: integer("revision").notNull().default(1),
    title: text("title").notNull(),
    reason: text("reason").notNull(),
    status: text("status", { enum: ["draft", "submitted", "changes-requested", "accepted", "declined", "withdrawn"] }).notNull(),
    /** The version that it came out with; null before, also while it is part of the platform team's draft. */
    publishedVersion: text("published_version"),
    authorId: text("author_id")
      .notNull()
      .references(() => users.id),
    teamId: text("team_id")
      .notNull()
      .references(() => teams.id),
    submittedAt: moment("submitted_at"),
    isDemo: boolean("is_demo").notNull().default(false),
    updatedBy: text("updated_by").references(() => users.id, { onDelete: "set null" }),
    updatedAt: moment("updated_at").notNull(),
    createdAt: createdAt(),
  },
  (t) => [index("golden_path_proposals_name").on(t.name, t.status), index("golden_path_proposals_team").on(t.teamId)],
);

/** What happened to a proposal and what was said about it. */
export const goldenPathProposalEvents = pgTable(
  "golden_path_proposal_events",
  {
    id: bigserial("id", { mode: "number" }).primaryKey(),
    proposalId: text("proposal_id")
      .notNull()
      .references(() => goldenPathProposals.id, { onDelete: "cascade" }),
    kind: text("kind", {
      enum: ["began", "submitted", "commented", "changes-requested", "accepted", "declined", "withdrawn", "reopened", "updated", "published", "returned"],
    }).notNull(),
    text: text("text").notNull().default(""),
    byId: text("by_id").references(() => users.id, { onDelete: "set null" }),
    at: moment("at").notNull(),
  },
  (t) => [index("golden_path_proposal_events_of").on(t.proposalId, t.id)],
);

/** Trials of unpublished files in an environment that is thrown away. */
export const goldenPathTestRuns = pgTable(
  "golden_path_test_runs",
  {
    id: id(),
    name: text("name").notNull(),
    source: text("source", { enum: ["draft", "proposal", "files"] }).notNull(),
    /** When the draft began: the next draft of the same path is another one. */
    draftCreatedAt: moment("draft_created_at"),
    proposalId: text("proposal_id").references(() => goldenPathProposals.id, { onDelete: "cascade" }),
    /** Of the draft or proposal; null for files that were sent. */
    revision: integer("revision"),
    /** Exactly what is tried; forgotten once the environment is gone. */
    archive: bytea("archive"),
    status: text("status", { enum: ["running", "passed", "failed", "cancelled"] }).notNull(),
    /** Why it did not pass, in one sentence. */
    cause: text("cause"),
    environmentId: text("environment_id").notNull(),
    runId: text("run_id").notNull(),
    requestedBy: text("requested_by").references(() => users.id, { onDelete: "set null" }),
    finishedAt: moment("finished_at"),
    createdAt: createdAt(),
  },
  (t) => [index("golden_path_test_runs_name").on(t.name, t.createdAt), index("golden_path_test_runs_environment").on(t.environmentId)],
);

/** Forms of the last day: a random id of the browser's, no person. After a day a row goes; one that was not sent is counted as abandoned then. */
export const goldenPathOpenForms = pgTable(
  "golden_path_open_forms",
  {
    /** Hash of the browser's id. */
    key: text("key").primaryKey(),
    name: text("name").notNull(),
    version: text("version").notNull(),
    /** Name of the question that was touched last; empty before any was. */
    field: text("field").notNull().default(""),
    openedAt: moment("opened_at").notNull(),
    /** Set when it was sent: a repeat of an older message does not open it again. */
    sentAt: moment("sent_at"),
  },
  (t) => [index("golden_path_open_forms_due").on(t.openedAt)],
);

/** Forms per day on which they were opened (UTC): `field` empty counts openings, and abandoned ones in which nothing was touched. */
export const goldenPathFormDays = pgTable(
  "golden_path_form_days",
  {
    name: text("name").notNull(),
    version: text("version").notNull(),
    day: date("day").notNull(),
    field: text("field").notNull(),
    opened: integer("opened").notNull().default(0),
    sent: integer("sent").notNull().default(0),
    abandoned: integer("abandoned").notNull().default(0),
  },
  (t) => [primaryKey({ columns: [t.name, t.version, t.day, t.field] })],
);
