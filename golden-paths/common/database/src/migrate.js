import { readdir, readFile } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";
import { isUnreachable } from "./db.js";

const FOLDER = new URL("../migrations/", import.meta.url);
/** Any number that nothing else in this database uses for its advisory locks. */
const LOCK = 7_300_126;
const DATABASE_WAIT_MS = 30_000;

/** Applies the files of migrations/ that are not applied yet, in order, each in a transaction. Returns their names. Safe to run in several processes at once. */
export async function migrate(pool) {
  const client = await pool.connect();
  try {
    await client.query("select pg_advisory_lock($1)", [LOCK]);
    try {
      return await applyMissing(client);
    } finally {
      await client.query("select pg_advisory_unlock($1)", [LOCK]);
    }
  } finally {
    client.release();
  }
}

async function applyMissing(client) {
  await client.query("create table if not exists migrations (name text primary key, applied_at timestamptz not null default now())");
  const { rows } = await client.query("select name from migrations");
  const applied = new Set(rows.map((row) => row.name));
  const missing = (await readdir(FOLDER)).filter((name) => name.endsWith(".sql") && !applied.has(name)).sort();
  for (const name of missing) await apply(client, name);
  return missing;
}

async function apply(client, name) {
  const sql = await readFile(new URL(name, FOLDER), "utf8");
  try {
    await client.query("begin");
    await client.query(sql);
    await client.query("insert into migrations (name) values ($1)", [name]);
    await client.query("commit");
  } catch (error) {
    await client.query("rollback");
    throw new Error(`Migration ${name} failed: ${error.message}`, { cause: error });
  }
}

/** The same as soon as the database can be reached, which may take as long as it starts itself. Throws an Error when that takes too long. */
export async function migrateWhenReachable(pool, log) {
  const giveUpAt = performance.now() + DATABASE_WAIT_MS;
  for (;;) {
    try {
      return await migrate(pool);
    } catch (error) {
      if (!isUnreachable(error) || performance.now() > giveUpAt) throw new Error(`The database cannot be used: ${error.message}`, { cause: error });
      log.warn("The database cannot be reached yet.", { error });
      await delay(500);
    }
  }
}
