import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import type postgres from "postgres";

/** What is left in the world, looked at from outside: process list, server catalogs, folders. */
export async function leftovers(superuser: postgres.Sql, dataDir: string): Promise<string[]> {
  const databases = await superuser<{ name: string }[]>`select datname as name from pg_database where datname like 'wm\\_%'`;
  const roles = await superuser<{ name: string }[]>`select rolname as name from pg_roles where rolname like 'wm\\_%'`;
  const folder = path.join(dataDir, "sandboxes");
  const folders = existsSync(folder) ? readdirSync(folder).filter((name) => name.startsWith("env_")) : [];
  return [
    ...databases.map((row) => `database ${row.name}`),
    ...roles.map((row) => `role ${row.name}`),
    ...folders.map((name) => `folder ${name}`),
    ...labelled().map((pid) => `process ${pid}`),
  ];
}

/** Living processes that carry an environment's label and were started below this campaign's data directory. */
function labelled(): string[] {
  return readdirSync("/proc").filter((name) => {
    if (!/^\d+$/.test(name)) return false;
    try {
      const { WAYMARK_ENVIRONMENT_ID } = Object.fromEntries(
        readFileSync(`/proc/${name}/environ`, "latin1")
          .split("\0")
          .map((pair) => [pair.slice(0, pair.indexOf("=")), pair.slice(pair.indexOf("=") + 1)]),
      );
      return WAYMARK_ENVIRONMENT_ID !== undefined && known.has(WAYMARK_ENVIRONMENT_ID);
    } catch {
      return false;
    }
  });
}

/** The versions of an environment that have living processes, by their label. */
export function livingVersions(environmentId: string): string[] {
  const versions = readdirSync("/proc").flatMap((name) => {
    if (!/^\d+$/.test(name)) return [];
    try {
      const variables = readFileSync(`/proc/${name}/environ`, "latin1").split("\0");
      return variables.includes(`WAYMARK_ENVIRONMENT_ID=${environmentId}`) ? [variables.find((pair) => pair.startsWith("WAYMARK_ENVIRONMENT_VERSION=")) ?? "none"] : [];
    } catch {
      return [];
    }
  });
  return [...new Set(versions)];
}

const known = new Set<string>();

/** Tells the oracle which environments were accepted in this campaign. */
export const remember = (environmentId: string) => known.add(environmentId);
