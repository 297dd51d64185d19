import type { OutcomeRecord } from "@/db/schema/runs";

interface PastStep {
  name: string;
  title: string;
  ms: number;
  status?: "failed" | "skipped";
}

export interface PastRun {
  environment: string;
  team: string;
  owner: string;
  kind: "environment.create" | "environment.delete";
  /** How long before the first start of the portal it happened. */
  hoursAgo: number;
  status: "succeeded" | "failed";
  steps: PastStep[];
  outcome: OutcomeRecord;
  log: [step: string, text: string, level?: "warn" | "error"][];
}

const create = (ready: number): PastStep[] => [
  { name: "check", title: "Check guardrails", ms: 11 },
  { name: "render", title: "Render golden path", ms: 64 },
  { name: "dependencies", title: "Restore dependencies", ms: 18 },
  { name: "database", title: "Create database", ms: 71 },
  { name: "start", title: "Start process", ms: 39 },
  { name: "ready", title: "Wait until ready", ms: ready },
  { name: "address", title: "Publish address", ms: 8 },
];

const remove: PastStep[] = [
  { name: "stop-runs", title: "Stop other runs", ms: 6 },
  { name: "process", title: "Stop process", ms: 124 },
  { name: "database", title: "Drop database and role", ms: 88 },
  { name: "files", title: "Remove files and sockets", ms: 21 },
];

function succeeded(environment: string, team: string, owner: string, hoursAgo: number, lifeHours: number): PastRun[] {
  const base = { environment, team, owner, status: "succeeded" as const };
  return [
    {
      ...base,
      kind: "environment.create",
      hoursAgo,
      steps: create(540),
      outcome: { summary: `${environment} is ready after 0.8 s`, evidence: [] },
      log: [
        ["check", "Driver local, memory limit 256 MiB."],
        ["render", "Rendered 19 files of node-express 1.0.0."],
        ["ready", "Health and readiness passed."],
      ],
    },
    {
      ...base,
      kind: "environment.delete",
      hoursAgo: hoursAgo - lifeHours,
      steps: remove,
      outcome: { summary: `${environment} was deleted, 5 things removed and verified`, evidence: [] },
      log: [
        ["process", "Process ended."],
        ["database", "Database and role are gone."],
        ["files", "Folder is gone."],
      ],
    },
  ];
}

const failedSteps = create(312).map((step, index): PastStep => (index === 5 ? { ...step, status: "failed" } : index === 6 ? { ...step, status: "skipped" } : step));

/** What happened in the demo company before the portal was first started. Every row made from it is marked as demo. */
export const PAST_RUNS: PastRun[] = [
  ...succeeded("checkout-returns", "checkout", "ada", 170, 48),
  ...succeeded("checkout-vouchers", "checkout", "ada", 96, 24),
  ...succeeded("search-synonyms", "search", "bo", 75, 48),
  ...succeeded("payments-3ds", "payments", "olga", 51, 8),
  {
    environment: "checkout-fx",
    team: "checkout",
    owner: "ada",
    kind: "environment.create",
    hoursAgo: 3,
    status: "failed",
    steps: failedSteps,
    outcome: {
      summary: "The environment was not created: the service stopped 0.3 s after it started",
      causeCode: "process-exited",
      failingStep: "ready",
      cause: 'The process ended with code 1 after 0.3 s. Its last error: "LOG_LEVEL must be one of debug, info, warn, error".',
      whoCanFix: "you",
      nextAction: "Correct LOG_LEVEL, then create the environment again. What the failed try had made is removed.",
      evidence: [],
    },
    log: [
      ["check", "Driver local, memory limit 256 MiB."],
      ["render", "Rendered 19 files of node-express 1.0.0."],
      ["start", "Process started."],
      ["ready", "LOG_LEVEL must be one of debug, info, warn, error", "error"],
      ["ready", "The process ended with code 1 after 0.3 s.", "error"],
    ],
  },
];
