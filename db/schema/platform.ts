import { integer, jsonb, pgTable, primaryKey, text } from "drizzle-orm/pg-core";
import { createdAt, moment } from "../columns";

/** One row per setting that an admin changed; defaults live in lib/platform/contract.ts. */
export const settings = pgTable("settings", {
  key: text("key").primaryKey(),
  value: jsonb("value").$type<unknown>().notNull(),
  updatedAt: moment("updated_at").notNull().defaultNow(),
  updatedBy: text("updated_by"),
});

/** A connection to an outside system that an admin entered; environment variables win over it. */
export const integrations = pgTable("integrations", {
  name: text("name").primaryKey(),
  config: jsonb("config").$type<Record<string, unknown>>().notNull(),
  /** Sealed JSON of what must never be shown again (lib/core/secrets.ts). */
  secrets: text("secrets").notNull(),
  updatedAt: moment("updated_at").notNull().defaultNow(),
  updatedBy: text("updated_by"),
});

/** The answer that a POST with an Idempotency-Key got; written in the transaction of the change itself. */
export const idempotencyKeys = pgTable(
  "idempotency_keys",
  {
    actorId: text("actor_id").notNull(),
    key: text("key").notNull(),
    requestHash: text("request_hash").notNull(),
    status: integer("status"),
    body: jsonb("body").$type<unknown>(),
    createdAt: createdAt(),
  },
  (t) => [primaryKey({ columns: [t.actorId, t.key] })],
);
