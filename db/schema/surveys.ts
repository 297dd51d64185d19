import { sql } from "drizzle-orm";
import { boolean, index, integer, jsonb, pgTable, primaryKey, text, uniqueIndex, uuid } from "drizzle-orm/pg-core";
import { createdAt, id, moment } from "../columns";
import { users } from "./identity";

export interface SurveyNode {
  /** A team's id, or `org`. */
  id: string;
  ref: string | null;
  name: string;
  title: string;
  parentId: string | null;
  /** People asked in it and below it. */
  asked: number;
}

export const surveys = pgTable(
  "surveys",
  {
    id: id(),
    /** `one-tap`: the question after a run, one survey a month that opens and closes by itself. */
    kind: text("kind", { enum: ["monthly", "one-tap"] })
      .notNull()
      .default("monthly"),
    /** `2026-11` */
    period: text("period").notNull(),
    /** Second and later surveys that an admin opened in the same month. */
    round: integer("round").notNull().default(1),
    state: text("state", { enum: ["scheduled", "open", "closed"] }).notNull(),
    opensAt: moment("opens_at").notNull(),
    closesAt: moment("closes_at").notNull(),
    closedAt: moment("closed_at"),
    /** Null = by the schedule. */
    openedBy: text("opened_by"),
    closedBy: text("closed_by"),
    /** As they were asked: a later wording changes no past survey. */
    questions: jsonb("questions").$type<unknown[]>().notNull().default([]),
    /** Language → original text → its translation, as they were when it opened. */
    translations: jsonb("translations").$type<Record<string, Record<string, string>>>().notNull().default({}),
    /** Organisation → division → team as it stood when the survey opened. */
    tree: jsonb("tree").$type<SurveyNode[]>().notNull().default([]),
    /** Whom it asked, in words: `Everybody`. */
    audience: text("audience").notNull().default("Everybody"),
    /** Smallest group that is shown, as it was promised when the survey opened. */
    k: integer("k").notNull().default(5),
    /** Day of the last reminder that was sent: 0, 3 or 6. */
    remindedDay: integer("reminded_day").notNull().default(0),
    settledAt: moment("settled_at"),
    isDemo: boolean("is_demo").notNull().default(false),
    createdAt: createdAt(),
  },
  (t) => [
    uniqueIndex("surveys_period").on(t.kind, t.period, t.round, t.isDemo),
    uniqueIndex("surveys_one_open").on(t.kind, t.state).where(sql`state in ('open', 'scheduled') and not is_demo`),
    index("surveys_closed").on(t.isDemo, t.closedAt),
  ],
);

/** Who was asked and on which day they answered. Nothing here leads to an answer: docs/surveys.md. */
export const surveyParticipation = pgTable(
  "survey_participation",
  {
    surveyId: text("survey_id")
      .notNull()
      .references(() => surveys.id, { onDelete: "cascade" }),
    userId: text("user_id")
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    node: text("node").notNull(),
    /** `2026-11-24`, never a time. */
    answeredOn: text("answered_on"),
    /** Random; tells the repeat of a lost request from a second answer. Gone when the survey closes. */
    attempt: text("attempt"),
  },
  (t) => [primaryKey({ columns: [t.surveyId, t.userId] })],
);

/** Answers on their way: sealed and padded to one length, so that the table itself tells nothing while it waits to be shuffled. */
export const surveyBox = pgTable(
  "survey_box",
  {
    id: uuid("id").primaryKey().defaultRandom(),
    surveyId: text("survey_id")
      .notNull()
      .references(() => surveys.id, { onDelete: "cascade" }),
    sealed: text("sealed").notNull(),
  },
  (t) => [index("survey_box_survey").on(t.surveyId)],
);

/** One row per item, not per person: without key, time or order that joins them to people or to each other. */
export const surveyAnswers = pgTable(
  "survey_answers",
  {
    id: uuid("id").primaryKey().defaultRandom(),
    surveyId: text("survey_id")
      .notNull()
      .references(() => surveys.id, { onDelete: "cascade" }),
    node: text("node").notNull(),
    item: text("item").notNull(),
    value: text("value").notNull(),
  },
  (t) => [index("survey_answers_survey").on(t.surveyId)],
);

/** What was published at closing, cell by cell. A trigger refuses every change. */
export const surveyResults = pgTable(
  "survey_results",
  {
    surveyId: text("survey_id")
      .notNull()
      .references(() => surveys.id, { onDelete: "cascade" }),
    item: text("item").notNull(),
    node: text("node").notNull(),
    cell: jsonb("cell").$type<Record<string, unknown>>().notNull(),
    isDemo: boolean("is_demo").notNull().default(false),
  },
  (t) => [primaryKey({ columns: [t.surveyId, t.item, t.node] })],
);

/** Versions of the monthly survey: every saving adds one, the highest is what the next survey asks. */
export const surveyForms = pgTable("survey_forms", {
  version: integer("version").primaryKey(),
  form: jsonb("form").$type<unknown>().notNull(),
  createdBy: text("created_by"),
  createdAt: createdAt(),
});

/** What a person said about being asked; no row = ask. Days, never times. */
export const surveyPreferences = pgTable("survey_preferences", {
  userId: text("user_id")
    .primaryKey()
    .references(() => users.id, { onDelete: "cascade" }),
  isOptedOut: boolean("is_opted_out").notNull().default(false),
  /** No reminder before this day. */
  snoozedUntil: text("snoozed_until"),
  /** The last day on which the question after a run was answered or put away. */
  oneTapOn: text("one_tap_on"),
});

/** Themes that the platform team gave to published words, by their place in the published list. */
export const surveyTags = pgTable(
  "survey_tags",
  {
    surveyId: text("survey_id")
      .notNull()
      .references(() => surveys.id, { onDelete: "cascade" }),
    item: text("item").notNull(),
    node: text("node").notNull(),
    place: integer("place").notNull(),
    tag: text("tag").notNull(),
  },
  (t) => [primaryKey({ columns: [t.surveyId, t.item, t.node, t.place, t.tag] })],
);

/** What the platform team changed because of a survey. */
export const surveyChanges = pgTable("survey_changes", {
  id: id(),
  title: text("title").notNull(),
  detail: text("detail").notNull(),
  /** `2026-04-02` */
  changedOn: text("changed_on").notNull(),
  /** Where it can be seen: a page of this portal or an address, with the words of the link. */
  href: text("href"),
  linkLabel: text("link_label"),
  isDemo: boolean("is_demo").notNull().default(false),
  createdBy: text("created_by"),
  createdAt: createdAt(),
});

/** What somebody told the platform team, under their name, and what they were told. */
export const feedback = pgTable(
  "feedback",
  {
    id: id(),
    userId: text("user_id")
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    text: text("text").notNull(),
    /** Path of the page it was written on. */
    page: text("page"),
    answer: text("answer"),
    answeredBy: text("answered_by"),
    answeredAt: moment("answered_at"),
    isDemo: boolean("is_demo").notNull().default(false),
    createdAt: createdAt(),
  },
  (t) => [index("feedback_user").on(t.userId, t.createdAt), index("feedback_created").on(t.createdAt)],
);
