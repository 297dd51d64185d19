import type { Environment } from "@/lib/environments/contract";
import type { Run, RunStep } from "@/lib/runs/contract";

// Made-up data for the gallery only: one, many, very long, missing.

export const NOW = "2026-11-23T14:38:00.000Z";
export const LONG = "a-name-of-sixty-characters-that-somebody-really-chose-for-it";

const step = (name: string, title: string, status: RunStep["status"], tookMs: number | null): RunStep => ({
  name,
  title,
  status,
  attempt: 1,
  startedAt: status === "pending" || status === "skipped" ? null : "2026-11-23T14:37:00.000Z",
  finishedAt: tookMs === null ? null : new Date(Date.parse("2026-11-23T14:37:00.000Z") + tookMs).toISOString(),
  usualMs: 1_800,
});

const STEPS = {
  running: [step("check", "Check guardrails", "succeeded", 40), step("sources", "Write the sources", "running", null), step("start", "Start the process", "pending", null)],
  failed: [step("check", "Check guardrails", "succeeded", 40), step("sources", "Write the sources", "failed", 900), step("start", "Start the process", "skipped", null)],
  succeeded: [step("check", "Check guardrails", "succeeded", 40), step("sources", "Write the sources", "succeeded", 900), step("start", "Start the process", "succeeded", 700)],
} as const;

/** A run in the given state, with steps and outcome to match. */
export function sampleRun(status: "running" | "failed" | "succeeded"): Run {
  return {
    id: `run_${status}`,
    kind: "environment.create",
    title: "Create environment checkout-returns",
    status,
    environmentId: "env_sample",
    requestedBy: { id: "usr_ada", handle: "ada", name: "Ada Lind" },
    team: "group:default/checkout",
    attempt: 1,
    createdAt: "2026-11-23T14:37:00.000Z",
    startedAt: "2026-11-23T14:37:00.000Z",
    finishedAt: status === "running" ? null : "2026-11-23T14:37:09.000Z",
    deadlineAt: "2026-11-23T14:47:00.000Z",
    cancelRequestedAt: null,
    retryUntil: null,
    steps: [...STEPS[status]],
    outcome:
      status === "failed"
        ? {
            summary: "Create environment checkout-returns failed",
            failingStep: "sources",
            cause: "src/server.js, line 12: a template expression is not closed.",
            whoCanFix: "platform-team",
            nextAction: "Close the expression in the golden path and publish it, then retry.",
            evidence: [{ title: "Log of the failing step", url: "/gallery#log" }],
          }
        : status === "succeeded"
          ? { summary: "checkout-returns is ready after 1.7 s", evidence: [{ title: "Open checkout-returns", url: "/gallery" }] }
          : null,
    logLines: 3,
    maskedSecrets: 0,
    isDemo: false,
  };
}

/** An environment in the given state. */
export function sampleEnvironment(change: Partial<Environment>): Environment {
  return {
    id: "env_sample",
    name: "checkout-returns",
    lifetime: "ephemeral",
    tier: "sandbox",
    status: "ready",
    statusReason: null,
    goldenPath: { name: "node-express", version: "1.4.0" },
    testOf: null,
    entityRef: null,
    owner: "user:default/ada",
    ownerName: "Ada Lind",
    team: "group:default/checkout",
    driver: "local",
    isolation: null,
    url: "http://checkout-returns.localhost:3001",
    health: { state: "healthy", checkedAt: NOW },
    memoryMiB: 256,
    database: "by-answer",
    ttl: "48h",
    createdAt: "2026-11-21T14:38:00.000Z",
    readyAt: "2026-11-21T14:38:03.000Z",
    expiresAt: "2026-11-24T14:38:00.000Z",
    keptUntil: null,
    deletedAt: null,
    commit: null,
    provisioning: { totalMs: 1_700, phases: [] },
    drift: null,
    isDemo: true,
    ...change,
  } as Environment;
}
