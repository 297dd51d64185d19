import { createHash, createHmac } from "node:crypto";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { drizzle } from "drizzle-orm/postgres-js";
import { migrate } from "drizzle-orm/postgres-js/migrator";
import { Logger, runMigrations } from "graphile-worker";
import postgres from "postgres";

const LOCK = 7_201_944;
const MINIMUM_VERSION = 140_000;

export interface MigrationResult {
  /** Address for the portal's own role, which may not change the audit log; the owner's where roles cannot be made. */
  appUrl: string;
  /** Why the portal works with the owner's role, or null. */
  appRoleMissing: string | null;
}

/**
 * Brings the schema, the queue and the portal's role up to date, behind an advisory lock so that replicas wait for each other.
 * Throws when the server is older than PostgreSQL 14 or the role may not create tables.
 */
export async function migrateDatabase(ownerUrl: string, secret: string, root = "."): Promise<MigrationResult> {
  const sql = postgres(ownerUrl, { max: 1, onnotice: () => {}, connect_timeout: 10 });
  try {
    const [server] = await sql<{ version: string }[]>`select current_setting('server_version_num') as version`;
    if (Number(server?.version) < MINIMUM_VERSION) throw new Error("DATABASE_URL points to a PostgreSQL older than 14; use 14 or later.");
    await sql`select pg_advisory_lock(${LOCK})`;
    await runMigrations({ connectionString: ownerUrl, noHandleSignals: true, logger: new Logger(() => () => {}) });
    await migrate(drizzle(sql), { migrationsFolder: path.join(/*turbopackIgnore: true*/ root, "db/migrations") });
    return await ensureAppRole(sql, ownerUrl, secret);
  } finally {
    await sql.end({ timeout: 5 });
  }
}

async function ensureAppRole(sql: postgres.Sql, ownerUrl: string, secret: string): Promise<MigrationResult> {
  const [me] = await sql<{ database: string; may: boolean; owner: string }[]>`
    select current_database() as database, (rolcreaterole or rolsuper) as may, current_user as owner from pg_roles where rolname = current_user`;
  if (!me?.may) return { appUrl: ownerUrl, appRoleMissing: "The role of DATABASE_URL may not create roles (CREATEROLE)." };
  // A role belongs to the whole server, so its name carries the database's.
  const role = me.database === "waymark" ? "waymark_app" : `waymark_app_${createHash("sha256").update(me.database).digest("hex").slice(0, 8)}`;
  const password = createHmac("sha256", secret).update(`app-role|${role}`).digest("base64url");
  const [exists] = await sql`select 1 from pg_roles where rolname = ${role}`;
  await sql.unsafe(`${exists ? "ALTER" : "CREATE"} ROLE "${role}" LOGIN PASSWORD '${password}'`);
  await sql.unsafe(`
    GRANT CONNECT ON DATABASE "${me.database}" TO "${role}";
    GRANT USAGE ON SCHEMA public TO "${role}";
    GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO "${role}";
    GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO "${role}";
    REVOKE UPDATE, DELETE, TRUNCATE ON audit_events FROM "${role}";
    REVOKE EXECUTE ON FUNCTION enqueue_job(text, json, text, timestamptz, int) FROM PUBLIC;
    GRANT EXECUTE ON FUNCTION enqueue_job(text, json, text, timestamptz, int) TO "${role}";`);
  const url = new URL(ownerUrl);
  url.username = role;
  url.password = password;
  try {
    const probe = postgres(url.href, { max: 1, onnotice: () => {}, connect_timeout: 10 });
    await probe`select 1`;
    await probe.end();
  } catch {
    return { appUrl: ownerUrl, appRoleMissing: `The server refuses connections of the role ${role} (pg_hba.conf or a connection pooler).` };
  }
  return { appUrl: url.href, appRoleMissing: null };
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const { DATABASE_URL, WAYMARK_SECRET } = process.env;
  if (!DATABASE_URL || !WAYMARK_SECRET) {
    console.error("DATABASE_URL and WAYMARK_SECRET must be set to migrate.");
    process.exit(2);
  }
  const result = await migrateDatabase(DATABASE_URL, WAYMARK_SECRET);
  console.log(result.appRoleMissing ? `Migrated. ${result.appRoleMissing}` : "Migrated.");
}
