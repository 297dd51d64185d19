import { z } from "zod";

export const RUN_STATUSES = ["queued", "running", "succeeded", "failed", "cancelled"] as const;
export const STEP_STATUSES = ["pending", "running", "succeeded", "failed", "skipped", "cancelled"] as const;
export const LOG_LEVELS = ["info", "warn", "error"] as const;

export type RunStatus = (typeof RUN_STATUSES)[number];
export type StepStatus = (typeof STEP_STATUSES)[number];
export type LogLevel = (typeof LOG_LEVELS)[number];

export const Outcome = z.object({
  summary: z.string(),
  causeCode: z.string().optional(),
  failingStep: z.string().optional(),
  cause: z.string().optional(),
  whoCanFix: z.enum(["you", "team-owner", "platform-team", "provider"]).optional(),
  nextAction: z.string().optional(),
  evidence: z.array(z.object({ title: z.string(), url: z.string() })),
});
export type Outcome = z.infer<typeof Outcome>;

export const RunStep = z.object({
  name: z.string(),
  title: z.string(),
  status: z.enum(STEP_STATUSES),
  attempt: z.number().int(),
  startedAt: z.string().nullable(),
  finishedAt: z.string().nullable(),
  /** Median duration of this step in recent succeeded runs of the same kind; null before there are any. */
  usualMs: z.number().nullable(),
});
export type RunStep = z.infer<typeof RunStep>;

export const Run = z.object({
  id: z.string(),
  kind: z.string(),
  title: z.string(),
  status: z.enum(RUN_STATUSES),
  environmentId: z.string().optional(),
  entityRef: z.string().optional(),
  requestedBy: z.object({ id: z.string(), handle: z.string(), name: z.string() }).nullable(),
  team: z.string().nullable(),
  attempt: z.number().int(),
  createdAt: z.string(),
  startedAt: z.string().nullable(),
  finishedAt: z.string().nullable(),
  deadlineAt: z.string(),
  cancelRequestedAt: z.string().nullable(),
  /** Until when a failed run can be retried; null = at any time. */
  retryUntil: z.string().nullable(),
  steps: z.array(RunStep),
  outcome: Outcome.nullable(),
  logLines: z.number().int(),
  maskedSecrets: z.number().int(),
  isDemo: z.boolean(),
});
export type Run = z.infer<typeof Run>;

export const LogLine = z.object({
  seq: z.number().int(),
  at: z.string(),
  step: z.string().nullable(),
  level: z.enum(LOG_LEVELS),
  text: z.string(),
});
export type LogLine = z.infer<typeof LogLine>;

export const RunId = z.object({ id: z.string().max(64) });

export const RunListInput = z.object({
  status: z.enum(RUN_STATUSES).optional(),
  kind: z.string().max(64).optional(),
  environmentId: z.string().max(64).optional(),
  scope: z.enum(["mine", "team", "all"]).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().max(200).optional(),
});

export const LogInput = z.object({
  id: z.string().max(64),
  after: z.coerce.number().int().min(0).default(0),
  limit: z.coerce.number().int().min(1).max(5000).default(1000),
  step: z.string().max(64).optional(),
});
