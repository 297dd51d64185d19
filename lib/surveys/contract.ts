import { z } from "zod";

/** Smallest group whose results are shown. */
export const K = 5;
/** A team's score is shown from this many answers; below, its three bands. */
export const TEAM_SCORE_ANSWERS = 20;
/** Comments of a division are shown from this many on. */
export const COMMENTS_SHOWN_FROM = 10;
/** Below this share of answers a result says little. */
export const THIN_RESPONSE = 0.3;
export const OPEN_DAYS = 7;
export const REMINDER_DAYS = [3, 6] as const;
export const MAX_COMMENT = 280;
const MAX_FEEDBACK = 4_000;

export const ITEMS = ["score", "reason", "hours", "outcome"] as const;
export type Item = (typeof ITEMS)[number];

export const BANDS = ["promoters", "passives", "detractors"] as const;
export type Band = (typeof BANDS)[number];
export const BAND_WORDS: Record<Band, string> = { promoters: "Promoters, 9–10", passives: "Passives, 7–8", detractors: "Detractors, 0–6" };

interface Option {
  value: string;
  label: string;
}

export interface Question {
  item: Item;
  kind: "scale" | "choice";
  text: string;
  help?: string;
  required: boolean;
  options: Option[];
  /** Words at the two ends of a scale. */
  ends?: [string, string];
}

const option = (value: string, label: string): Option => ({ value, label });

/** The questions of every survey from now on. Each survey keeps the ones it asked; a changed wording begins a new series. */
export const QUESTIONS: Question[] = [
  {
    item: "score",
    kind: "scale",
    text: "How likely are you to recommend Waymark to a colleague who builds software here?",
    required: true,
    options: Array.from({ length: 11 }, (_, n) => option(String(n), String(n))),
    ends: ["0, not at all likely", "10, extremely likely"],
  },
  {
    item: "reason",
    kind: "choice",
    text: "What is the main reason?",
    help: "Name no people: your words are shown as written, without your name.",
    required: false,
    options: [
      option("speed", "Speed"),
      option("environments", "Environments"),
      option("deploying", "Deploying"),
      option("outcomes", "Clear outcomes"),
      option("docs", "Finding things"),
      option("access", "Access"),
      option("reliability", "Reliability"),
      option("other", "Something else"),
    ],
  },
  {
    item: "hours",
    kind: "choice",
    text: "On a typical working day last month, how many hours went to infrastructure and tooling instead of product code?",
    help: "Environments, pipelines, permissions, and waiting for them.",
    required: false,
    options: [
      option("under-half", "Under ½"),
      option("half-1", "½–1"),
      option("1-2", "1–2"),
      option("2-3", "2–3"),
      option("3-4", "3–4"),
      option("over-4", "Over 4"),
      option("none", "Does not apply"),
    ],
  },
  {
    item: "outcome",
    kind: "choice",
    text: "The platform gives me clear feedback on the outcome of what I do.",
    required: false,
    options: [option("1", "Never"), option("2", "Rarely"), option("3", "Sometimes"), option("4", "Mostly"), option("5", "Always"), option("none", "Nothing run")],
  },
];

/** Hours per day that stand for each answer of the hours question; the one that does not apply stands for none. */
export const HOURS_MIDPOINTS: Record<string, number> = { "under-half": 0.25, "half-1": 0.75, "1-2": 1.5, "2-3": 2.5, "3-4": 3.5, "over-4": 5 };

const values = (item: Item) => QUESTIONS.find((question) => question.item === item)?.options.map(({ value }) => value) ?? [];
const choiceOf = (item: Item) => z.enum(values(item) as [string, ...string[]], `Choose one of ${values(item).join(", ")}, or leave it out.`);
// Postgres takes no NUL, and nobody means to send the other control characters.
const plain = (text: string) => text.replace(/[\u0000-\u0008\u000b-\u001f\u007f]/g, "").trim();

export const Answers = z.strictObject({
  score: z.int("Choose a number from 0 to 10.").min(0, "Choose a number from 0 to 10.").max(10, "Choose a number from 0 to 10."),
  reason: choiceOf("reason").optional(),
  comment: z.string().max(MAX_COMMENT, `Keep it to ${MAX_COMMENT} characters.`).transform(plain).optional(),
  hours: choiceOf("hours").optional(),
  outcome: choiceOf("outcome").optional(),
});
export type Answers = z.output<typeof Answers>;

const SurveyId = z.string().max(64);
export const OfSurvey = z.strictObject({ id: SurveyId });

export const AnswerInput = z.strictObject({
  id: SurveyId,
  answers: Answers,
  /** Random text of the sender: the repeat of a lost request carries the same one and changes nothing. */
  attempt: z
    .string()
    .regex(/^[\x21-\x7e]{8,200}$/, "8 to 200 visible ASCII characters.")
    .optional(),
});

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
  isDemo: boolean;
  /** Whole organisation only; never per team while it is open. */
  asked: number;
  answered: number;
  /** About the person who asks. */
  mine: "answered" | "invited" | "not-invited";
}

/** Why a cell shows less than everything. */
export type CellState = "shown" | "mostly" | "few" | "complement";

export interface Cell {
  node: string;
  item: Item;
  state: CellState;
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

export interface GroupResult {
  node: { id: string; ref: string | null; title: string; depth: number };
  asked: number;
  cells: Record<Item, Cell>;
  /** Null where hidden, or where a team has fewer than 20 answers. */
  nps: Nps | null;
}

export interface Comments {
  node: string;
  title: string;
  comments: string[];
}

export interface Results {
  survey: Survey;
  groups: GroupResult[];
  comments: Comments[];
}

export const ScheduleInput = z.strictObject({
  day: z
    .int("Give a day from 1 to 28, or 0 for no monthly survey.")
    .min(0, "Give a day from 1 to 28, or 0 for no monthly survey.")
    .max(28, "Give a day from 1 to 28: every month has those."),
});

export const ChangeInput = z.strictObject({
  title: z.string().transform(plain).pipe(z.string().min(3, "Say in a few words what changed.").max(80, "Keep it to 80 characters.")),
  detail: z.string().transform(plain).pipe(z.string().max(200, "Keep it to 200 characters.")).default(""),
});

export interface Change {
  id: string;
  title: string;
  detail: string;
  changedOn: string;
  isDemo: boolean;
}

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
