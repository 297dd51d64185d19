import { sql } from "drizzle-orm";
import { bigint, boolean, index, integer, jsonb, pgTable, primaryKey, text, uniqueIndex } from "drizzle-orm/pg-core";
import { createdAt, id, moment } from "../columns";
import { users } from "./identity";

export interface OutcomeRecord {
  summary: string;
  /** Stable word for code and reports, for example `process-exited`; people read `cause`. */
  causeCode?: string;
  failingStep?: string;
  cause?: string;
  whoCanFix?: "you" | "team-owner" | "platform-team" | "provider";
  nextAction?: string;
  evidence: { title: string; url: string }[];
}

export const runs = pgTable(
  "runs",
  {
    id: id(),
    kind: text("kind").notNull(),
    title: text("title").notNull(),
    status: text("status", { enum: ["queued", "running", "succeeded", "failed", "cancelled"] })
      .notNull()
      .default("queued"),
    /** Without secrets: those are encrypted in their own tables. */
    input: jsonb("input").$type<Record<string, unknown>>().notNull(),
    teamId: text("team_id"),
    requestedBy: text("requested_by").references(() => users.id, { onDelete: "set null" }),
    environmentId: text("environment_id"),
    entityRef: text("entity_ref"),
    /** At most one queued or running run per key, for example the environment's id. */
    exclusiveKey: text("exclusive_key"),
    attempt: integer("attempt").notNull().default(1),
    /** Grows with every claim; a write by an older claim changes nothing. */
    fence: integer("fence").notNull().default(0),
    /** How often it waited for the outside without a worker; such a wait ends with a claim that is no takeover. */
    setAside: integer("set_aside").notNull().default(0),
    workerId: text("worker_id"),
    cancelRequestedAt: moment("cancel_requested_at"),
    cancelReason: text("cancel_reason"),
    startedAt: moment("started_at"),
    finishedAt: moment("finished_at"),
    deadlineAt: moment("deadline_at").notNull(),
    deadlineMs: integer("deadline_ms").notNull(),
    /** A failed run can be retried until then; null = at any time. */
    retryUntil: moment("retry_until"),
    outcome: jsonb("outcome").$type<OutcomeRecord>(),
    maskedSecrets: integer("masked_secrets").notNull().default(0),
    lastSeq: bigint("last_seq", { mode: "number" }).notNull().default(0),
    isDemo: boolean("is_demo").notNull().default(false),
    createdAt: createdAt(),
  },
  (t) => [
    uniqueIndex("runs_exclusive").on(t.exclusiveKey).where(sql`status in ('queued', 'running')`),
    index("runs_environment").on(t.environmentId, t.createdAt),
    index("runs_team").on(t.teamId, t.createdAt),
    index("runs_open").on(t.deadlineAt).where(sql`status in ('queued', 'running')`),
    index("runs_recent").on(t.createdAt, t.id),
  ],
);

export const runSteps = pgTable(
  "run_steps",
  {
    runId: text("run_id")
      .notNull()
      .references(() => runs.id, { onDelete: "cascade" }),
    name: text("name").notNull(),
    title: text("title").notNull(),
    position: integer("position").notNull(),
    status: text("status", { enum: ["pending", "running", "succeeded", "failed", "skipped", "cancelled"] })
      .notNull()
      .default("pending"),
    attempt: integer("attempt").notNull().default(0),
    /** What a finished step hands to later ones and to a repeat after a crash; small and free of secrets. */
    checkpoint: jsonb("checkpoint").$type<unknown>(),
    startedAt: moment("started_at"),
    finishedAt: moment("finished_at"),
  },
  (t) => [primaryKey({ columns: [t.runId, t.name] })],
);

export const runLogLines = pgTable(
  "run_log_lines",
  {
    runId: text("run_id")
      .notNull()
      .references(() => runs.id, { onDelete: "cascade" }),
    seq: bigint("seq", { mode: "number" }).notNull(),
    at: moment("at").notNull(),
    step: text("step"),
    level: text("level", { enum: ["info", "warn", "error"] })
      .notNull()
      .default("info"),
    text: text("text").notNull(),
  },
  (t) => [primaryKey({ columns: [t.runId, t.seq] })],
);

/** One row per worker process; a silent one is dead and its runs are taken over. */
export const workers = pgTable("workers", {
  id: id(),
  host: text("host").notNull(),
  pid: integer("pid").notNull(),
  startedAt: moment("started_at").notNull().defaultNow(),
  heartbeatAt: moment("heartbeat_at").notNull().defaultNow(),
  draining: boolean("draining").notNull().default(false),
  /** The names under which this process locks jobs in the queue; a lock under any other name is a dead worker's. */
  queueIds: text("queue_ids").array().notNull().default(sql`'{}'::text[]`),
});
