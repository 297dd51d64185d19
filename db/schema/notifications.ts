import { sql } from "drizzle-orm";
import { index, integer, pgTable, text, uniqueIndex } from "drizzle-orm/pg-core";
import { createdAt, id, moment } from "../columns";
import { users } from "./identity";

export const notifications = pgTable(
  "notifications",
  {
    id: id(),
    userId: text("user_id")
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    kind: text("kind").notNull(),
    title: text("title").notNull(),
    body: text("body").notNull(),
    href: text("href").notNull(),
    /** The same notice is sent once: for example `expiring:env_…:2026-11-24T16:30`. */
    dedupeKey: text("dedupe_key").notNull(),
    readAt: moment("read_at"),
    createdAt: createdAt(),
  },
  (t) => [uniqueIndex("notifications_once").on(t.userId, t.dedupeKey), index("notifications_user").on(t.userId, t.createdAt)],
);

/** Messages on their way out of the portal. A row is claimed before it is sent, so that nothing is sent twice; what a crash leaves claimed is never repeated. */
export const deliveries = pgTable(
  "deliveries",
  {
    id: id(),
    channel: text("channel", { enum: ["email", "chat"] }).notNull(),
    /** The person it is for; null = the chat channel. */
    userId: text("user_id").references(() => users.id, { onDelete: "cascade" }),
    dedupeKey: text("dedupe_key").notNull(),
    title: text("title").notNull(),
    body: text("body").notNull(),
    /** Path in the portal. */
    href: text("href").notNull(),
    state: text("state", { enum: ["waiting", "sending", "sent", "failed"] })
      .notNull()
      .default("waiting"),
    attempts: integer("attempts").notNull().default(0),
    problem: text("problem"),
    /** Not before; later after a refused attempt. */
    dueAt: moment("due_at").notNull().defaultNow(),
    claimedAt: moment("claimed_at"),
    createdAt: createdAt(),
  },
  (t) => [uniqueIndex("deliveries_once").on(t.channel, sql`coalesce(${t.userId}, '')`, t.dedupeKey), index("deliveries_due").on(t.state, t.dueAt)],
);
