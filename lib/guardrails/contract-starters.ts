import type { Ability } from "./contract-facts";

interface Starter {
  name: string;
  title: string;
  why: string;
  abilities: Ability[];
  condition: string;
  effect: "refuse" | "warn";
  message: string;
  fix: string;
  field?: string;
  examples: { title: string; expect: "pass" | "fail"; ability?: Ability; facts: Record<string, string | number | boolean> }[];
}

/** Guardrails to begin with. */
export const STARTERS: Starter[] = [
  {
    name: "sandbox-lifetime",
    title: "Sandboxes end within three days",
    why: "What nobody looks at any more holds memory that a colleague waits for. A sandbox that is still in use is extended with one click.",
    abilities: ["environment.create", "environment.extend"],
    condition: 'request.tier != "sandbox" || request.ttlHours <= 72',
    effect: "refuse",
    message: "A sandbox lives 72 hours at most.",
    fix: "Ask for 72h or less now, and extend it when you still need it.",
    field: "ttl",
    examples: [
      { title: "Two days", expect: "pass", facts: { "request.tier": "sandbox", "request.ttlHours": 48 } },
      { title: "A week", expect: "fail", facts: { "request.tier": "sandbox", "request.ttlHours": 168 } },
      { title: "Extended by a week", expect: "fail", ability: "environment.extend", facts: { "request.tier": "sandbox", "request.ttlHours": 168 } },
    ],
  },
  {
    name: "friday-evening",
    title: "Production is quiet on Friday evening",
    why: "What breaks on Friday evening is found on Saturday, by the one person who is on call.",
    abilities: ["environment.deploy"],
    condition: 'request.tier != "production" || request.kind == "rollback" || now.weekday != "friday" || now.hour < 16',
    effect: "warn",
    message: "It is Friday evening: few people are there if this goes wrong.",
    fix: "If it can wait, deploy on Monday. If not, tell whoever is on call, and know how you would roll back.",
    examples: [
      { title: "Friday morning", expect: "pass", facts: { "request.tier": "production", "request.kind": "deploy", "now.weekday": "friday", "now.hour": 10 } },
      { title: "Friday at six", expect: "fail", facts: { "request.tier": "production", "request.kind": "promotion", "now.weekday": "friday", "now.hour": 18 } },
      { title: "A roll-back is always fine", expect: "pass", facts: { "request.tier": "production", "request.kind": "rollback", "now.weekday": "friday", "now.hour": 22 } },
    ],
  },
  {
    name: "production-paths",
    title: "Production runs services from supported golden paths",
    why: "Health checks, logs and upgrades come with a golden path. Without them nobody can help you at night.",
    abilities: ["environment.create"],
    condition: 'request.tier != "production" || request.goldenPath in ["node-express"]',
    effect: "refuse",
    message: "This service comes from no golden path that is supported in production.",
    fix: "Create the service from a supported golden path, or ask the platform team to support the one that you have.",
    field: "tier",
    examples: [
      { title: "From a supported path", expect: "pass", facts: { "request.tier": "production", "request.goldenPath": "node-express" } },
      { title: "From none", expect: "fail", facts: { "request.tier": "production", "request.goldenPath": "" } },
      { title: "Staging is free", expect: "pass", facts: { "request.tier": "staging", "request.goldenPath": "" } },
    ],
  },
  {
    name: "production-from-default-branch",
    title: "Production runs the default branch",
    why: "What runs in production has been reviewed, and the next deployment does not take it away again.",
    abilities: ["environment.deploy", "environment.create"],
    condition: 'request.tier != "production" || request.isDefaultBranch',
    effect: "refuse",
    message: "Only the default branch goes to production.",
    fix: "Merge the branch first, then deploy the default branch or promote it from staging.",
    field: "ref",
    examples: [
      { title: "The default branch", expect: "pass", facts: { "request.tier": "production", "request.isDefaultBranch": true } },
      { title: "A branch", expect: "fail", facts: { "request.tier": "production", "request.isDefaultBranch": false } },
      { title: "A branch in development", expect: "pass", facts: { "request.tier": "development", "request.isDefaultBranch": false } },
    ],
  },
  {
    name: "agents-stop-at-five",
    title: "Agents stop at five sandboxes",
    why: "An agent that repeats itself fills the quota of a team before anybody notices.",
    abilities: ["environment.create"],
    condition: 'channel != "mcp" || team.sandboxes < 5',
    effect: "warn",
    message: "The team has five sandboxes already, and this one is asked for by an agent.",
    fix: "Delete the ones that are not needed any more.",
    examples: [
      { title: "A person", expect: "pass", facts: { channel: "web", "team.sandboxes": 9 } },
      { title: "An agent, the sixth", expect: "fail", facts: { channel: "mcp", "team.sandboxes": 5 } },
    ],
  },
];
