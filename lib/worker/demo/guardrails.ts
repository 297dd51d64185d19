import type { GuardrailDefinition } from "@/lib/guardrails/contract";
import { STARTERS } from "@/lib/guardrails/contract";

const starter = (name: string): GuardrailDefinition => {
  const found = STARTERS.find((one) => one.name === name);
  if (!found) throw new Error(`no starter ${name}`);
  const { name: _name, ...definition } = found;
  return { teams: [], ...definition };
};

/** What the demo company's platform team minds. */
export const DEMO_GUARDRAILS: { name: string; definition: GuardrailDefinition }[] = [
  {
    name: "sandbox-lifetime",
    definition: {
      title: "Sandboxes begin with three days at most",
      why: "In May every second sandbox had been forgotten, and nobody could create one on a Monday. A sandbox that is still in use is extended with one click.",
      abilities: ["environment.create"],
      teams: [],
      condition: 'request.tier != "sandbox" || request.ttlHours <= 72',
      effect: "refuse",
      message: "A sandbox begins with 72 hours at most.",
      fix: "Ask for 72h or less now, and extend it when you still need it.",
      field: "ttl",
      examples: [
        { title: "Two days", expect: "pass", facts: { "request.tier": "sandbox", "request.ttlHours": 48 } },
        { title: "A week", expect: "fail", facts: { "request.tier": "sandbox", "request.ttlHours": 168 } },
        { title: "Staging does not end", expect: "pass", facts: { "request.tier": "staging" } },
      ],
    },
  },
  { name: "friday-evening", definition: starter("friday-evening") },
  {
    name: "production-paths",
    definition: {
      ...starter("production-paths"),
      condition: 'request.tier != "production" ||\n  request.goldenPath in ["node-express", "nextjs-web", "worker-queue"]',
    },
  },
];

/** A team that is let through for now. */
export const DEMO_EXCEPTION = {
  guardrail: "production-paths",
  team: "payments",
  reason: "The settlement gateway is older than our golden paths. It moves to node-express after the year-end audit.",
  days: 58,
  grantedBy: "pat",
};

/** Requests of the days before the first start: most are fine, and who was refused asked for less a minute later. */
export const DEMO_REQUESTS: { hoursAgo: number; actor: string; team: string; name: string; path: string; ttlHours: number; channel: "web" | "cli" | "api" }[] = [
  { hoursAgo: 4, actor: "ada", team: "checkout", name: "basket-vouchers", path: "node-express", ttlHours: 24, channel: "web" },
  { hoursAgo: 9, actor: "bo", team: "search", name: "ranking-trial", path: "node-express", ttlHours: 48, channel: "cli" },
  { hoursAgo: 26, actor: "olga", team: "checkout", name: "gift-wrap", path: "nextjs-web", ttlHours: 72, channel: "web" },
  { hoursAgo: 26.1, actor: "olga", team: "checkout", name: "gift-wrap", path: "nextjs-web", ttlHours: 168, channel: "web" },
  { hoursAgo: 51, actor: "ada", team: "checkout", name: "tax-rounding", path: "node-express", ttlHours: 4, channel: "cli" },
  { hoursAgo: 74, actor: "bo", team: "search", name: "synonyms", path: "worker-queue", ttlHours: 48, channel: "api" },
  { hoursAgo: 98, actor: "bo", team: "search", name: "index-rebuild", path: "worker-queue", ttlHours: 72, channel: "cli" },
  { hoursAgo: 98.1, actor: "bo", team: "search", name: "index-rebuild", path: "worker-queue", ttlHours: 96, channel: "cli" },
  { hoursAgo: 122, actor: "ada", team: "checkout", name: "refund-flow", path: "node-express", ttlHours: 48, channel: "web" },
  { hoursAgo: 150, actor: "olga", team: "checkout", name: "coupon-codes", path: "node-express", ttlHours: 48, channel: "web" },
];
