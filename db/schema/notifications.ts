import { index, pgTable, text, uniqueIndex } from "drizzle-orm/pg-core";
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
