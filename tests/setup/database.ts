import { randomBytes } from "node:crypto";
import postgres from "postgres";
import { inject } from "vitest";
import { migrateDatabase } from "@/db/migrate";
import { ownerUrl, TEMPLATE, TEST_SECRET } from "./postgres";

export interface TestDatabase {
  /** Owner of the schema and the queue. */
  url: string;
  /** The portal's role, which may not change the audit log. */
  appUrl: string;
  sandboxAdminUrl: string;
  socketDir: string;
  drop(): Promise<void>;
}

/** A migrated database of its own, copied from the template. */
export async function testDatabase(): Promise<TestDatabase> {
  const { port, password, socketDir, sandboxAdminUrl } = inject("postgres");
  const name = `waymark_t_${randomBytes(5).toString("hex")}`;
  const admin = postgres({ host: "127.0.0.1", port, user: "postgres", password, database: "postgres", max: 1, onnotice: () => {} });
  await admin.unsafe(`CREATE DATABASE ${name} OWNER waymark TEMPLATE ${TEMPLATE} STRATEGY file_copy`);
  // As in the cluster that Waymark starts: the portal's role makes no temporary tables.
  await admin.unsafe(`REVOKE TEMPORARY ON DATABASE ${name} FROM PUBLIC`);
  const url = ownerUrl(port, name);
  const { appUrl, appRoleMissing } = await migrateDatabase(url, TEST_SECRET);
  if (appRoleMissing) throw new Error(appRoleMissing);
  return {
    url,
    appUrl,
    sandboxAdminUrl,
    socketDir,
    async drop() {
      await admin.unsafe(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
      await admin.end();
    },
  };
}
