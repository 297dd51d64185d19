/** How a question is answered. `choices` takes several options; `bucket` is a choice of number ranges; `rotating` stands for the month's question. */
export const KINDS = ["nps", "rating", "choice", "choices", "bucket", "text", "rotating"] as const;
export type Kind = (typeof KINDS)[number];
export const KIND_WORDS: Record<Kind, string> = {
  nps: "Score, 0–10",
  rating: "Rating",
  choice: "One choice",
  choices: "Several choices",
  bucket: "Number range",
  text: "Short text",
  rotating: "Changes each month",
};

export interface Option {
  value: string;
  label: string;
  /** The number that stands for a range, in the question's own unit; a range that does not apply has none. */
  worth?: number;
}

export interface Question {
  /** Stays the same over wordings; the series of results is the item with its version. */
  item: string;
  /** Rises with every changed wording, kind or option. */
  version: number;
  kind: Kind;
  text: string;
  help?: string;
  required: boolean;
  options: Option[];
  /** The share of answers that stand for more than this is a figure of its own: above 2 hours, above 7 concepts. */
  limit?: number;
  /** Words at the two ends of a scale. */
  ends?: [string, string];
  /** A choice that also takes words keeps them under this name. */
  words?: string;
  /** It was asked because it was its month. */
  ofMonth?: true;
}

/** A question of the form with whether it is asked. */
export interface FormItem {
  question: Question;
  on: boolean;
}

/** The developer NPS; every form asks it. */
export const SCORE = "score";
/** Questions besides the score whose numbers are followed from month to month. */
export const FOLLOWED_ITEMS = ["hours", "concepts", "outcome"];
export const ROTATING = "rotating";

const option = (value: string, label: string, worth?: number): Option => ({ value, label, ...(worth === undefined ? {} : { worth }) });
const SCALE = Array.from({ length: 11 }, (_, n) => option(String(n), String(n)));
const AGREE = [
  option("1", "Not at all", 1),
  option("2", "A little", 2),
  option("3", "Partly", 3),
  option("4", "Mostly", 4),
  option("5", "Fully", 5),
  option("none", "Does not apply"),
];

const question = (item: string, kind: Kind, text: string, more: Partial<Question> = {}): Question => ({ item, version: 1, kind, text, required: false, options: [], ...more });
/** Above the middle of a rating: those who agree. */
const AGREEMENT = 3;
const rating = (item: string, text: string) => question(item, "rating", text, { options: AGREE, limit: AGREEMENT });

export const SCORE_QUESTION = question(SCORE, "nps", "How likely are you to recommend Waymark to a colleague who builds software here?", {
  required: true,
  options: SCALE,
  ends: ["0, not at all likely", "10, extremely likely"],
});

const REASON = question("reason", "choice", "What is the main reason?", {
  help: "Name no people: your words are shown as written, without your name.",
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
  words: "comment",
});

const HOURS = question("hours", "bucket", "On a typical working day last month, how many hours went to infrastructure and tooling instead of product code?", {
  help: "Environments, pipelines, permissions, and waiting for them.",
  limit: 2,
  options: [
    option("under-half", "Under ½", 0.25),
    option("half-1", "½–1", 0.75),
    option("1-2", "1–2", 1.5),
    option("2-3", "2–3", 2.5),
    option("3-4", "3–4", 3.5),
    option("over-4", "Over 4", 5),
    option("none", "Does not apply"),
  ],
});

const CONCEPTS = question("concepts", "bucket", "To get one change safely to production, how many different tools or concepts do you have to keep in mind?", {
  limit: 7,
  options: [option("1-3", "1–3", 2), option("4-7", "4–7", 5.5), option("8-12", "8–12", 10), option("over-13", "13 or more", 15)],
});

const OUTCOME = question("outcome", "rating", "The platform gives me clear feedback on the outcome of what I do.", {
  limit: AGREEMENT,
  options: [option("1", "Never", 1), option("2", "Rarely", 2), option("3", "Sometimes", 3), option("4", "Mostly", 4), option("5", "Always", 5), option("none", "Nothing run")],
});

const ROTATING_SLOT = question(ROTATING, "rotating", "One question that changes each month");

/** The question of each month, January first. Own wording after the DORA and DevEx themes; each comes once a year. */
export const CALENDAR: Question[] = [
  rating("easy-to-use", "The platform is easy to use."),
  rating("independence", "I can do my work without waiting for another team."),
  rating("documentation", "The documentation answers my questions."),
  rating("calm-deploys", "Deploying is low-stress."),
  rating("focus", "I could work without being interrupted for long enough at a time."),
  rating("friction", "Friction in our tools held up my work."),
  rating("platform-listens", "The platform team acts on feedback."),
  rating("review-time", "Reviews of my changes come back soon enough."),
  rating("local-environment", "What I need runs on my own machine without trouble."),
  question("ai-time", "choice", "Did AI tools save or cost you time last month?", {
    options: [
      option("saved-much", "Saved much"),
      option("saved-some", "Saved some"),
      option("neither", "Neither"),
      option("cost-some", "Cost some"),
      option("not-used", "Not used"),
    ],
  }),
  rating("on-call", "What on-call asks of me is bearable."),
  rating("security-steps", "What security asks of me is clear."),
];

/** The survey as it is asked until the platform team changes it: six questions, about 80 seconds. */
export const DEFAULT_ITEMS: FormItem[] = [SCORE_QUESTION, REASON, HOURS, CONCEPTS, OUTCOME, ROTATING_SLOT].map((one) => ({ question: one, on: true }));

/** Further questions ready to be added, with those of the calendar. */
export const LIBRARY: Question[] = [
  question("slowed-by", "choices", "What slowed you down last month?", {
    options: [
      option("builds", "Slow builds"),
      option("tests", "Flaky tests"),
      option("environments", "Environments"),
      option("permissions", "Permissions"),
      option("reviews", "Waiting for reviews"),
      option("unclear-work", "Unclear work"),
    ],
  }),
  question("one-wish", "text", "If you could change one thing about the platform, what would it be?", {
    help: "Name no people: your words are shown as written, without your name.",
  }),
  ...CALENDAR,
];

/** The one-tap question after a run. */
export const ONE_TAP = question("clear-outcome", "choice", "Was this outcome clear?", {
  required: true,
  options: [option("yes", "Yes"), option("partly", "Partly"), option("no", "No")],
});

/** The questions of a form in the month (`2026-11`): those that are on, with the month's own in the place of the rotating one. */
export function questionsIn(items: FormItem[], period: string, calendar = CALENDAR): Question[] {
  const ofMonth = calendar[Number(period.slice(5, 7)) - 1];
  const asked = items.filter(({ on }) => on).map(({ question: one }) => (one.kind === "rotating" ? ofMonth && { ...ofMonth, ofMonth: true as const } : one));
  // A question that the form asks anyhow is not asked twice in the month whose turn it is.
  return asked.filter((one, place): one is Question => one !== undefined && asked.findIndex((other) => other?.item === one.item) === place);
}

/** True for the question of a month's turn; the first surveys did not note it. */
export const isOfMonth = ({ item, ofMonth }: Question): boolean => ofMonth === true || CALENDAR.some((one) => one.item === item);

/** Names under which a question's answers are counted: each option of a multiple choice is a yes-or-no question of its own. */
export function cellsOfQuestion({ item, kind, options }: Question): string[] {
  if (kind === "text" || kind === "rotating") return [];
  return kind === "choices" ? options.map(({ value }) => `${item}:${value}`) : [item];
}

/** Names under which a question's words are kept. */
export function wordsOfQuestion({ item, kind, words }: Question): string[] {
  return kind === "text" ? [item] : words ? [words] : [];
}

const SECONDS = { nps: 10, rating: 10, choice: 12, choices: 15, bucket: 12, text: 25, rotating: 10 } as const;
/** Words that go with a choice are optional and often left out. */
const SECONDS_OF_WORDS = 20;

/** How long the questions take, by rule of thumb: `under a minute`, `about 80 seconds`, `about 3 minutes`. */
export function duration(questions: Question[]): string {
  const seconds = questions.reduce((sum, one) => sum + SECONDS[one.kind] + (one.words ? SECONDS_OF_WORDS : 0), 0);
  if (seconds < 60) return "under a minute";
  return seconds <= 100 ? `about ${Math.round(seconds / 10) * 10} seconds` : `about ${Math.round(seconds / 60)} minutes`;
}
