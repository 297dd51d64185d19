// What the demo company delivered in the two years before the portal was first started: how often, how fast, and about what.

export interface DemoService {
  name: string;
  team: string;
  /** Production deployments per week at the beginning and at the end. */
  perWeek: [number, number];
  /** Median hours from commit to production, likewise. */
  leadHours: [number, number];
  subjects: string[];
}

export const DEMO_SERVICES: DemoService[] = [
  {
    name: "checkout-api",
    team: "checkout",
    perWeek: [3.5, 7],
    leadHours: [27, 15],
    subjects: [
      "Ask for the tax number only where it is needed",
      "Retry capture once after a timeout",
      "Keep the basket when the session ends",
      "Show the delivery date before payment",
    ],
  },
  {
    name: "cart-worker",
    team: "checkout",
    perWeek: [2, 4],
    leadHours: [24, 17],
    subjects: ["Merge baskets after sign-in", "Release stock of baskets left for a day", "Count gift cards once"],
  },
  { name: "receipts", team: "checkout", perWeek: [1, 2], leadHours: [30, 19], subjects: ["Receipts in the language of the order", "Send receipts again on request"] },
  {
    name: "catalog-search",
    team: "search",
    perWeek: [3, 5],
    leadHours: [29, 20],
    subjects: ["Index synonyms nightly", "Rank what is in stock first", "Spell-check the query before it is run", "Facets for the size of shoes"],
  },
  { name: "ranking-model", team: "search", perWeek: [1, 2.5], leadHours: [38, 26], subjects: ["Train on the last four weeks", "Fall back to sales when the model is late"] },
  {
    name: "ledger",
    team: "payments",
    perWeek: [1.5, 2.5],
    leadHours: [33, 22],
    subjects: ["Close the day at the bank's midnight", "Book fees on their own account", "Refuse a booking without a counterpart"],
  },
  {
    name: "refunds",
    team: "payments",
    perWeek: [1.5, 3],
    leadHours: [28, 18],
    subjects: ["Refund to the card that paid", "Refund part of an order", "Say when the money arrives"],
  },
  {
    name: "fraud-score",
    team: "payments",
    perWeek: [2, 4],
    leadHours: [22, 12],
    subjects: ["Score wallets like cards", "Ask twice for orders above the limit", "Explain a refused order to support"],
  },
  {
    name: "promo-engine",
    team: "growth",
    perWeek: [2, 4.5],
    leadHours: [20, 13],
    subjects: ["Bundle price rounding", "One voucher per order", "Start promotions at local midnight"],
  },
  { name: "newsletter", team: "growth", perWeek: [1, 1.5], leadHours: [26, 24], subjects: ["Unsubscribe with one click", "Send in the morning of the reader"] },
  { name: "event-bus-bridge", team: "platform", perWeek: [1, 2], leadHours: [25, 16], subjects: ["Keep order per key", "Retry with growing pauses"] },
  {
    name: "identity-gateway",
    team: "identity",
    perWeek: [1.5, 2.5],
    leadHours: [31, 21],
    subjects: ["Sign out everywhere", "Short-lived tokens for machines", "Tell an expired session from a wrong one"],
  },
];

/** Work that every service sees. */
export const COMMON_SUBJECTS = [
  "Time out calls to other services after two seconds",
  "Update dependencies",
  "Log the order's number, not its content",
  "Remove the old code path",
  "Index for the slowest query",
  "Fix a flaky test",
  "Health check asks the database",
  "Smaller container image",
  "Answer 409 instead of 500 for a repeated request",
  "Name the limit in the error message",
  "Read settings once at start",
  "Test for the change to summer time",
  "Round amounts half up",
  "Dashboard of the error budget",
  "Drop a column that nobody reads",
];

/** Weeks ago in which nobody sent the commits of team search: what a gap looks like. */
export const UNLINKED = { team: "search", weeksAgo: [30, 31] };
