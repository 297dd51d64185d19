import postgres from "postgres";
import { hostEnv } from "../../scripts/launcher/host-env.mjs";
import type { BenchPortal } from "./portal";

/** A connection to the database of a bench's portal. */
export function openDatabase(portal: BenchPortal): postgres.Sql {
  const { DATABASE_URL: url } = hostEnv(portal.dataDir) as { DATABASE_URL?: string };
  if (!url) throw new Error("the portal of the bench has no database of its own");
  return postgres(url, { max: 1, onnotice: () => {} });
}

/** Its size on disk in MiB. */
export async function databaseMiB(sql: postgres.Sql): Promise<number> {
  const [size] = await sql<{ bytes: string }[]>`select pg_database_size(current_database()) as bytes`;
  return Number(size?.bytes ?? 0) / 1024 / 1024;
}
