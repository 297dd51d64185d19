import { randomBytes } from "node:crypto";
import { createPool } from "../../src/db.js";
import { createLog } from "../../src/log.js";

export const log = createLog({ level: "error" });

/** A pool whose tables live in a schema of their own, and what removes it. */
export async function scratchPool() {
  const { DATABASE_URL } = process.env;
  if (!DATABASE_URL) throw new Error("DATABASE_URL is not set. These tests need a Postgres database; `npm test` needs none.");
  const schema = `test_${randomBytes(6).toString("hex")}`;
  const pool = createPool(DATABASE_URL, log, { options: `-c search_path=${schema}` });
  await pool.query(`create schema ${schema}`);
  const remove = async () => {
    await pool.query(`drop schema ${schema} cascade`);
    await pool.end();
  };
  return { pool, schema, remove };
}
