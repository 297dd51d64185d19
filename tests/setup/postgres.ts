import postgres from "postgres";
import type { TestProject } from "vitest/node";
import { migrateDatabase } from "../../db/migrate";
import { buildCli, cliIsStale } from "../../scripts/launcher/install.mjs";
import { ensureRoles } from "../../scripts/postgres/roles.mjs";
import { throwAwayCluster } from "./throw-away-cluster";
import { bundleWorkerPrograms } from "./worker-programs";

export const TEST_SECRET = "test-secret-0123456789abcdef-0123456789";
export const TEMPLATE = "waymark_template";

const OWNER_PASSWORD = "owner";

/** Address of a test database for the role that owns its schema, as the portal is given it. */
export const ownerUrl = (port: number, database: string) => `postgres://waymark:${OWNER_PASSWORD}@127.0.0.1:${port}/${database}`;

declare module "vitest" {
  interface ProvidedContext {
    /** The folder of the programs that tests start and kill. */
    workerPrograms: string;
    postgres: { port: number; password: string; socketDir: string; sandboxAdminUrl: string };
  }
}

/** One throw-away server for the whole run, with a migrated database that each test file gets a copy of, and the programs that tests start or kill. */
export default async function setup(project: TestProject) {
  const [programs, removeCluster] = await Promise.all([bundleWorkerPrograms(), migratedCluster(project), cliIsStale() && buildCli()]);
  project.provide("workerPrograms", programs.dir);
  return () => Promise.all([programs.remove(), removeCluster()]);
}

async function migratedCluster(project: TestProject): Promise<() => Promise<void>> {
  const cluster = await throwAwayCluster([["/^waymark_t", "waymark,/^waymark_app_"]]);
  const { port, password, socketDir } = cluster;
  const { sandboxDatabaseUrl } = await ensureRoles(cluster, { ownerPassword: OWNER_PASSWORD, sandboxesPassword: "sandboxes" });
  const admin = postgres({ host: "127.0.0.1", port, user: "postgres", password, database: "postgres", max: 1, onnotice: () => {} });
  await admin.unsafe(`CREATE DATABASE ${TEMPLATE} OWNER waymark`);
  await migrateDatabase(ownerUrl(port, TEMPLATE), TEST_SECRET);
  await admin.unsafe(`ALTER DATABASE ${TEMPLATE} IS_TEMPLATE true`);
  await admin.end();
  project.provide("postgres", { port, password, socketDir, sandboxAdminUrl: sandboxDatabaseUrl });
  return () => cluster.remove();
}
