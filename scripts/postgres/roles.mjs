import { createRequire } from "node:module";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { ROOT } from "../launcher/paths.mjs";

async function driver() {
  const require = createRequire(path.join(ROOT, "package.json"));
  return (await import(pathToFileURL(require.resolve("postgres")).href)).default;
}

const quote = (text) => `'${text.replaceAll("'", "''")}'`;

/** Makes the roles and the portal's database if they are not there. Needs the installed dependencies. Returns the addresses for the portal. */
export async function ensureRoles({ port, password }, secrets) {
  const postgres = await driver();
  const sql = postgres({ host: "127.0.0.1", port, user: "postgres", password, database: "postgres", max: 1, onnotice: () => {} });
  try {
    const roles = new Set((await sql`select rolname from pg_roles`).map((row) => row.rolname));
    const role = (name, rights, secret) => sql.unsafe(`${roles.has(name) ? "ALTER" : "CREATE"} ROLE ${name} LOGIN ${rights} PASSWORD ${quote(secret)}`);
    await role("waymark", "CREATEROLE", secrets.ownerPassword);
    await role("waymark_sandboxes", "CREATEDB CREATEROLE", secrets.sandboxesPassword);
    const [portal] = await sql`select 1 from pg_database where datname = 'waymark'`;
    if (!portal) await sql.unsafe("CREATE DATABASE waymark OWNER waymark");
    for (const name of ["waymark", "postgres", "template1"]) await sql.unsafe(`REVOKE ALL ON DATABASE ${name} FROM PUBLIC`);
    await sql.unsafe("GRANT CONNECT ON DATABASE postgres TO waymark_sandboxes");
  } finally {
    await sql.end({ timeout: 5 });
  }
  return {
    databaseUrl: `postgres://waymark:${secrets.ownerPassword}@127.0.0.1:${port}/waymark`,
    sandboxDatabaseUrl: `postgres://waymark_sandboxes:${secrets.sandboxesPassword}@127.0.0.1:${port}/postgres`,
  };
}
