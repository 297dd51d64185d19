import { z } from "zod";
import type { Question } from "./contract-items";
import type { Translations } from "./contract-languages";

export * from "./contract-form";
export * from "./contract-items";
export * from "./contract-languages";

/** Smallest group whose results may be shown; an organisation can only raise it, and each survey keeps the one it was answered under. */
export const K = 5;
/** A team's score is shown from this many answers; below, its three bands. */
export const TEAM_SCORE_ANSWERS = 20;
/** Comments of a division are shown from this many on, or from k where that is more. */
export const wordsFrom = (k: number): number => Math.max(10, k);
/** Below this share of answers a result says little. */
export const THIN_RESPONSE = 0.3;
export const OPEN_DAYS = 7;
export const REMINDER_DAYS = [3, 6] as const;
/** Days between two questions after a run to the same person. */
export const ONE_TAP_REST_DAYS = 14;
export const MAX_COMMENT = 280;
const MAX_FEEDBACK = 4_000;

export const BANDS = ["promoters", "passives", "detractors"] as const;
export type Band = (typeof BANDS)[number];
export const BAND_WORDS: Record<Band, string> = { promoters: "Promoters, 9–10", passives: "Passives, 7–8", detractors: "Detractors, 0–6" };

// Postgres takes no NUL and no half of a character, and nobody means to send the other control characters.
export const plain = (text: string) =>
  text
    .replace(/[\u0000-\u0008\u000b-\u001f\u007f]/g, "")
    .replace(/\p{Surrogate}/gu, "\ufffd")
    .trim();

/** By item: a number from 0 to 10, a chosen value, several chosen values, or words. Checked against the questions of the survey itself. */
export const Answers = z.record(z.string().max(60), z.union([z.number(), z.string().transform(plain), z.array(z.string())], "Give a number, a text or a list of texts."));
export type Answers = z.output<typeof Answers>;

const SurveyId = z.string().max(64);
export const OfSurvey = z.strictObject({ id: SurveyId });

const Attempt = z.string().regex(/^[\x21-\x7e]{8,200}$/, "8 to 200 visible ASCII characters.");

export const AnswerInput = z.strictObject({
  id: SurveyId,
  answers: Answers,
  /** Random text of the sender: the repeat of a lost request carries the same one and changes nothing. */
  attempt: Attempt.optional(),
});

export const OneTapInput = z.strictObject({
  /** Null = not now: it is put away for 14 days. */
  answer: z.enum(["yes", "partly", "no"], "Choose yes, partly or no.").nullable(),
  attempt: Attempt.optional(),
});

/** One month of the question after a run, for one group. */
export interface OneTapMonth {
  survey: string;
  /** `November 2026` */
  title: string;
  cell: Cell | null;
}

/** What a person says about being asked. What is left out stays. */
export const PreferencesInput = z.strictObject({
  /** No survey asks them, until they say otherwise. */
  isOptedOut: z.boolean().optional(),
  /** No reminder of the open survey before this day; null = no snooze. */
  snoozedUntil: z.iso.date("Give a day such as 2026-11-24.").nullable().optional(),
});

export interface Preferences {
  isOptedOut: boolean;
  snoozedUntil: string | null;
}

export interface Received {
  survey: string;
  received: true;
  /** True when the same attempt had arrived before; its first answers count. */
  repeated: boolean;
}

export interface Survey {
  id: string;
  period: string;
  /** `November 2026` */
  title: string;
  state: "scheduled" | "open" | "closed";
  opensAt: string;
  closesAt: string;
  closedAt: string | null;
  questions: Question[];
  translations: Translations;
  /** Whom it asks: `Everybody`. */
  audience: string;
  /** Smallest group of it that is shown. */
  k: number;
  isDemo: boolean;
  /** Whole organisation only; never per team while it is open. */
  asked: number;
  answered: number;
  /** About the person who asks. */
  mine: "answered" | "invited" | "not-invited";
  /** True when it waits for them: invited, not answered, neither put off nor opted out. */
  isDue: boolean;
}

/** Why a cell shows less than everything. */
export type CellState = "shown" | "mostly" | "few" | "complement";

export interface Cell {
  node: string;
  /** The item of a question, or `item:option` of one that takes several choices. */
  item: string;
  state: CellState;
  /** Smallest group that its survey shows. */
  k: number;
  asked: number;
  /** Answers to this item; only where the cell is shown. */
  n: number | null;
  counts: Record<string, number> | null;
  /** The answer that nearly everybody gave, where exact counts would tell what each person said. */
  mostly: string | null;
}

/** A score with its 95 % interval, −100 to 100. */
export interface Nps {
  value: number;
  low: number;
  high: number;
  n: number;
}

/** What the shown answers to a question come to, where its options stand for numbers. */
export interface ItemFigure {
  /** Wording of the question; another one is another series. */
  version: number;
  mean: number | null;
  /** Range in which the middle answer lies. */
  bucket: string | null;
  /** Share of answers above the question's limit, 0–1. */
  above: number | null;
  n: number;
}

/** One closed survey of one group: what its numbers came to, by item. Withheld figures are left out. */
export interface FiguresOfMonth {
  survey: string;
  /** `November 2026` */
  title: string;
  k: number;
  figures: Record<string, ItemFigure>;
}

export interface GroupResult {
  node: { id: string; ref: string | null; title: string; depth: number };
  asked: number;
  cells: Record<string, Cell> & { score: Cell };
  figures: Record<string, ItemFigure>;
  /** Null where hidden, or where a team has fewer than 20 answers. */
  nps: Nps | null;
  /** Where there is no score: the three bands of the quarter so far, the sum of the months that were shown; null without any. */
  quarter: { counts: Record<string, number>; n: number; months: number } | null;
}

export interface Comments {
  /** Name under which a question's words are kept. */
  item: string;
  node: string;
  title: string;
  comments: string[];
  /** Themes that the platform team gave to each of them, in the same order. */
  tags: string[][];
}

export interface Results {
  survey: Survey;
  groups: GroupResult[];
  comments: Comments[];
}

/** What is left out stays. */
export const ScheduleInput = z.strictObject({
  day: z
    .int("Give a day from 1 to 28, or 0 for no monthly survey.")
    .min(0, "Give a day from 1 to 28, or 0 for no monthly survey.")
    .max(28, "Give a day from 1 to 28: every month has those.")
    .optional(),
  k: z.int("Give a whole number from 5 to 100.").min(K, `At least ${K}: in a smaller group people could be recognised.`).max(100, "Give a whole number from 5 to 100.").optional(),
});

export const ChangeInput = z.strictObject({
  title: z.string().transform(plain).pipe(z.string().min(3, "Say in a few words what changed.").max(80, "Keep it to 80 characters.")),
  detail: z.string().transform(plain).pipe(z.string().max(200, "Keep it to 200 characters.")).default(""),
  /** A page of this portal, such as that of a deployment, a run or a golden path, or a web address. */
  href: z.string().trim().max(500, "Keep it to 500 characters.").optional(),
  /** Left out, the day of what it is linked to, else today. */
  changedOn: z.iso.date("Give a day such as 2026-11-24.").optional(),
});

/** Something that a change can be linked to. */
export interface ChangeTarget {
  kind: "deployment" | "golden-path" | "run";
  href: string;
  label: string;
}

export interface Change {
  id: string;
  title: string;
  detail: string;
  changedOn: string;
  isDemo: boolean;
  /** Where it can be seen; without an address for those who may not open it. */
  link: { href: string | null; label: string } | null;
}

const MAX_TAGS = 5;

export const TagInput = z.strictObject({
  id: SurveyId,
  item: z.string().max(60),
  node: z.string().max(64),
  /** Place in the published list, from 0. */
  place: z.int().min(0).max(100_000),
  tags: z
    .array(
      z
        .string()
        .transform((text) => plain(text).toLowerCase())
        .pipe(z.string().min(2, "A theme has at least 2 characters.").max(30, "Keep a theme to 30 characters.")),
    )
    .max(MAX_TAGS, `At most ${MAX_TAGS} themes.`)
    .transform((tags) => [...new Set(tags)]),
});

export const FeedbackInput = z.strictObject({
  text: z
    .string({ error: "Write what you want to tell." })
    .max(MAX_FEEDBACK, `Keep it to ${MAX_FEEDBACK.toLocaleString("en")} characters.`)
    .transform(plain)
    .pipe(z.string().min(3, "Write at least a few words.")),
  page: z
    .string()
    .max(300)
    .regex(/^\/(?!\/)[^\s\\]*$/, "A path of this portal.")
    .optional(),
});

export const FeedbackAnswerInput = z.strictObject({
  id: z.string().max(64),
  answer: z
    .string({ error: "Write an answer." })
    .max(MAX_FEEDBACK, `Keep it to ${MAX_FEEDBACK.toLocaleString("en")} characters.`)
    .transform(plain)
    .pipe(z.string().min(2, "Write an answer.")),
});

export const FEEDBACK_STATES = ["open", "answered"] as const;

export const FeedbackListInput = z.strictObject({
  state: z.enum(FEEDBACK_STATES).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().max(200).optional(),
});

export interface Feedback {
  id: string;
  text: string;
  page: string | null;
  from: { handle: string; name: string };
  createdAt: string;
  answer: { text: string; by: string; at: string } | null;
  isDemo: boolean;
}
