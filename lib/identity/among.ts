import { type SQL, sql } from "drizzle-orm";
import type { PgColumn } from "drizzle-orm/pg-core";

/** The column holds one of the texts, which travel as one array: there is no limit to how many. */
export function among(column: PgColumn, texts: string[]): SQL {
  return sql`${column} = any(${sql.param(texts)}::text[])`;
}
