// How the demo company answered twelve monthly surveys. Shares move when something changed, not by themselves.

interface Mood {
  promoters: number;
  detractors: number;
  /** Weights of the hours question, in its order. */
  hours: number[];
  /** Weights of the outcome question, in its order. */
  outcome: number[];
  /** Weights of the concepts question, in its order. */
  concepts: number[];
  /** Weights of the question that changes each month, in the order of its options. */
  rotating: number[];
  /** Weights of yes, partly and no to the question after a run. */
  clear: number[];
}

/** How they began. */
export const FIRST_MOOD: Mood = {
  promoters: 0.33,
  detractors: 0.31,
  hours: [4, 8, 18, 24, 22, 20, 4],
  outcome: [10, 22, 30, 24, 8, 6],
  concepts: [6, 26, 44, 24],
  rotating: [12, 24, 32, 22, 6, 4],
  clear: [34, 38, 28],
};

/** Months ago at which each mood began. */
export const MOODS: { from: number; mood: Mood }[] = [
  { from: 12, mood: FIRST_MOOD },
  {
    from: 7,
    mood: {
      promoters: 0.44,
      detractors: 0.23,
      hours: [8, 16, 28, 22, 14, 8, 4],
      outcome: [8, 20, 30, 28, 10, 4],
      concepts: [12, 38, 36, 14],
      rotating: [8, 18, 32, 28, 10, 4],
      clear: [40, 36, 24],
    },
  },
  {
    from: 2,
    mood: {
      promoters: 0.52,
      detractors: 0.2,
      hours: [12, 20, 30, 18, 10, 6, 4],
      outcome: [3, 8, 20, 42, 24, 3],
      concepts: [18, 48, 26, 8],
      rotating: [4, 12, 28, 36, 16, 4],
      clear: [64, 24, 12],
    },
  },
];

/** Share of a team's people who answer; growth is too busy, so its results are withheld. */
export const RESPONSE: Record<string, number> = { growth: 0.12, search: 0.7, payments: 0.72 };
export const USUAL_RESPONSE = 0.8;

export const CHANGES = [
  { monthsAgo: 7, title: "Sandboxes for every branch", detail: "Asked for in 31 comments.", href: "/environments/new", linkLabel: "Create environment" },
  { monthsAgo: 2, title: "Outcome on every run", detail: "A cause and a next step; asked for in 22 comments.", href: "/runs", linkLabel: "Runs" },
  { monthsAgo: 11, title: "Staging data refreshed nightly", detail: "14 comments." },
];

export const REASONS = { promoters: [6, 8, 4, 6, 2, 1, 3, 1], passives: [3, 3, 3, 2, 4, 3, 3, 2], detractors: [3, 1, 3, 3, 4, 6, 5, 2] };

/** Weights of the question whether AI tools save or cost time. */
export const AI_TIME = [14, 40, 24, 10, 12];

export const COMMENT_THEMES = [
  { theme: "waiting for access", words: /access|Permissions|Secrets/ },
  { theme: "environments", words: /Sandboxes|Previews|sandbox|try something/ },
  { theme: "deploying", words: /Rolling back|Deploying|pipeline/ },
  { theme: "finding things", words: /owns|Search|dashboards|One page/ },
  { theme: "test data", words: /Staging data/ },
];

export const COMMENTS = [
  "Sandboxes are up before my coffee is.",
  "Staging data is still stale on Mondays.",
  "Finally a failed run that says what to do next.",
  "I never know who owns the shared queue.",
  "Rolling back took one click and two seconds. Thank you.",
  "Waiting two days for database access is too long.",
  "The logs page is what I use most.",
  "More golden paths, please; we write Python.",
  "Deploying on a Friday no longer scares me.",
  "Search finds the service but not its docs.",
  "Previews per branch changed how we review.",
  "Our pipeline is green locally and red in CI far too often.",
  "Expiry notices come at the right time.",
  "Secrets rotation is still by hand.",
  "I can try something without asking anybody.",
  "Too many dashboards outside of this one.",
  "The command line does everything I need.",
  "Onboarding a new colleague took an hour, not a week.",
  "Alerts should link to the deployment that caused them.",
  "One page for what runs where. Perfect.",
  "Quota messages are clear, but eight sandboxes are few.",
  "I would like to see what a sandbox costs.",
  "It is fast.",
  "Permissions for the data warehouse take forever.",
];

export const FEEDBACK = [
  { from: "bo", hoursAgo: 5, page: "/environments", text: "Could a sandbox sleep at night instead of ending? I lose my test data on Fridays." },
  {
    from: "ada",
    hoursAgo: 30,
    page: "/golden-paths",
    text: "The node-express path needs a worker process besides the server.",
    answer: "Good point, it comes with the next version of the path. Until then start it from src/server.js.",
  },
  { from: "olga", hoursAgo: 76, page: "/runs", text: "The cause on failed runs is a big step. The next action could be a button." },
];
