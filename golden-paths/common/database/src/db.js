import pg from "pg";

/** A small pool of connections to the service's own database. */
export function createPool(databaseUrl, log, options = {}) {
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 5, connectionTimeoutMillis: 3_000, statement_timeout: 10_000, ...options });
  // An idle connection that breaks is replaced by the pool; without a listener it would end the process.
  pool.on("error", (error) => log.warn("An idle database connection broke.", { error }));
  return pool;
}

/** What the index page says about the database. */
export async function describeDatabase(pool) {
  const { rows } = await pool.query(
    `select current_database() as name, current_user as role, split_part(current_setting('server_version'), ' ', 1) as version,
            pg_size_pretty(pg_database_size(current_database())) as size`,
  );
  return rows[0];
}

/** True for errors that say the database cannot be reached right now. */
export function isUnreachable(error) {
  const codes = ["ECONNREFUSED", "ECONNRESET", "ENOENT", "ETIMEDOUT", "EAI_AGAIN", "57P01", "57P03", "53300"];
  return codes.includes(error.code) || /timeout exceeded when trying to connect|Connection terminated/.test(error.message);
}
