import { drizzle, type PostgresJsDatabase } from "drizzle-orm/postgres-js";
import postgres from "postgres";
import * as schema from "./schema";

export type Database = PostgresJsDatabase<typeof schema>;
export type Tx = Parameters<Parameters<Database["transaction"]>[0]>[0];
/** A database or an open transaction in it. */
export type Connection = Database | Tx;

interface Handle {
  db: Database;
  /** Plain client for LISTEN and hand-written SQL; drizzle changes the serialisers of its own client. */
  sql: postgres.Sql;
  url: string;
  close(): Promise<void>;
}

const store = globalThis as typeof globalThis & { __waymarkDatabase?: Handle };

const SESSION_LIMITS = { statement_timeout: 15_000, lock_timeout: 5_000, idle_in_transaction_session_timeout: 30_000 };
/** How near a known word must be to one that nothing holds; the defaults (0.6 and 0.3) miss one wrong letter in a short word. */
const SEARCH = { "pg_trgm.word_similarity_threshold": "0.4", "pg_trgm.similarity_threshold": "0.2" };
/** A plan for every value of a filter at once is a bad one for most of them: a kind may be of a tenth of the catalog, or of half of it. */
const PLANS = { plan_cache_mode: "force_custom_plan" };

/** Opens the process-wide database; the one place where connections are made. Replaces (and does not close) an earlier one. */
export function openDatabase(url: string, options: { max?: number } = {}): Handle {
  const common = { onnotice: () => {}, connect_timeout: 10, connection: { application_name: "waymark", ...SESSION_LIMITS, ...SEARCH, ...PLANS } };
  const client = postgres(url, { ...common, max: options.max ?? 10, idle_timeout: 60 });
  const sql = postgres(url, { ...common, max: 3, idle_timeout: 60 });
  const handle: Handle = {
    db: drizzle(client, { schema }),
    sql,
    url,
    close: async () => {
      await Promise.all([client.end({ timeout: 5 }), sql.end({ timeout: 5 })]);
    },
  };
  store.__waymarkDatabase = handle;
  return handle;
}

function handle(): Handle {
  if (!store.__waymarkDatabase) throw new Error("The database is not open yet: call openDatabase at start.");
  return store.__waymarkDatabase;
}

/** The drizzle database of this process. */
export const db = (): Database => handle().db;

/** The plain postgres.js client of this process. */
export const sqlClient = (): postgres.Sql => handle().sql;

/** Closes the database of this process, if one is open. */
export async function closeDatabase(): Promise<void> {
  const open = store.__waymarkDatabase;
  delete store.__waymarkDatabase;
  await open?.close();
}
