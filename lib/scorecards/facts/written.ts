import { sql } from "drizzle-orm";
import { db } from "@/db/client";

// Postgres counts what is written to each table (pg_stat_user_tables). Asking for the counts costs a millisecond, asking every
// source for its facts a second in a large company: where nothing was written, nothing is asked. The counts come some seconds late.

const AT_LEAST_EVERY_MS = 3_600_000;
/** More rows than these between two passes are an import, of which more may come. */
const IMPORT_ROWS = 500;
const LONGEST_WAIT_MS = 60_000;

export interface News {
  /** Whether there may be something new for the reader: something was written, the day is another, or an hour went by. */
  mayHave(reader: string, tables: string[]): boolean;
  /** The reader has seen everything that was written before the counts were read. */
  taken(reader: string, tables: string[]): void;
  /** Whether so much has come into the table since the pass before that waiting saves doing it twice; not for longer than a minute. */
  isFilling(table: string): boolean;
}

const seen = new Map<string, { mark: string; at: number }>();
const last = { written: new Map<string, number>(), fillingSince: new Map<string, number>() };

/** What was written since each reader of this process looked last. `day`: today, for facts that age. */
export async function readNews({ now, day }: { now: Date; day: string }): Promise<News> {
  const rows = await db().execute<{ table: string; written: string }>(
    sql`select relname as table, (n_tup_ins + n_tup_upd + n_tup_del)::text as written from pg_stat_user_tables where schemaname = current_schema()`,
  );
  const counts = new Map(rows.map(({ table, written }) => [table, Number(written)]));
  const filling = new Set([...counts].flatMap(([table, written]) => (isFilling(table, written, now.getTime()) ? [table] : [])));
  last.written = counts;
  const markOf = (tables: string[]) => [day, ...tables.map((table) => counts.get(table) ?? "")].join(" ");
  return {
    mayHave(reader, tables) {
      const before = seen.get(reader);
      return before?.mark !== markOf(tables) || now.getTime() - before.at >= AT_LEAST_EVERY_MS;
    },
    isFilling: (table) => filling.has(table),
    taken: (reader, tables) => void seen.set(reader, { mark: markOf(tables), at: now.getTime() }),
  };
}

function isFilling(table: string, written: number, now: number): boolean {
  const isGrowing = written - (last.written.get(table) ?? written) > IMPORT_ROWS;
  const since = isGrowing ? (last.fillingSince.get(table) ?? now) : null;
  if (since === null) last.fillingSince.delete(table);
  else last.fillingSince.set(table, since);
  return since !== null && now - since < LONGEST_WAIT_MS;
}
