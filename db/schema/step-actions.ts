import { boolean, index, integer, json, pgTable, primaryKey, text } from "drizzle-orm/pg-core";
import { createdAt, moment } from "../columns";
import { runs } from "./runs";

/** Actions for steps of golden paths that the platform team declares beside the built-in ones. */
export const stepActions = pgTable("step_actions", {
  /** As templates name it, such as `acme:ticket:create`. */
  id: text("id").primaryKey(),
  /** As json, not jsonb: the inputs keep their order. */
  definition: json("definition").$type<Record<string, unknown>>().notNull(),
  isEnabled: boolean("is_enabled").notNull().default(true),
  /** Grows with every save; a save that names an older one is refused. */
  revision: integer("revision").notNull().default(1),
  /** Signs what an HTTP action is sent; encrypted. */
  secretSealed: text("secret_sealed").notNull(),
  /** Signs beside the new one until `previousSecretUntil`, so that the other side can change over. */
  previousSecretSealed: text("previous_secret_sealed"),
  previousSecretUntil: moment("previous_secret_until"),
  createdBy: text("created_by"),
  createdAt: createdAt(),
  updatedBy: text("updated_by"),
  updatedAt: moment("updated_at").notNull().defaultNow(),
});

/** One row per call of an HTTP action: its step, and the item of an `each`. */
export const stepCalls = pgTable(
  "step_calls",
  {
    runId: text("run_id")
      .notNull()
      .references(() => runs.id, { onDelete: "cascade" }),
    /** `<step>.<item>`. */
    key: text("key").notNull(),
    /** The run's attempt that it belongs to: a retry calls anew. */
    attempt: integer("attempt").notNull(),
    action: text("action").notNull(),
    /** How often it was sent. */
    deliveries: integer("deliveries").notNull().default(0),
    /** The other side took it and will report. */
    takenAt: moment("taken_at"),
    deadlineAt: moment("deadline_at").notNull(),
    /** What the other side said at the end, encrypted: it may repeat what it was told. */
    reportSealed: text("report_sealed"),
    createdAt: createdAt(),
  },
  (t) => [primaryKey({ columns: [t.runId, t.key, t.attempt] }), index("step_calls_action").on(t.action, t.createdAt)],
);
