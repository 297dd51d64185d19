import { customType, text, timestamp } from "drizzle-orm/pg-core";

/** A prefixed text id (`env_…`), see lib/core/id.ts. */
export const id = () => text("id").primaryKey();

/** A moment in UTC; read and written as Date. */
export const moment = (name: string) => timestamp(name, { withTimezone: true, mode: "date", precision: 3 });

export const createdAt = () => moment("created_at").notNull().defaultNow();

export const bytea = customType<{ data: Buffer }>({ dataType: () => "bytea" });
