import { setTimeout as wait } from "node:timers/promises";
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

/** Waits until the checks of every entity are evaluated, as they are some seconds after an import. */
export async function untilEvaluated(sql: postgres.Sql): Promise<void> {
  for (;;) {
    const [row] = await sql<{ left: number }[]>`
      select (select count(*) from entities e where gone_at is null and kind not in ('user', 'location', 'template')
        and not exists (select 1 from scorecard_facts f where f.entity_ref = e.ref and f.content_hash = e.content_hash and not f.is_dirty))::int as left`;
    if (row?.left === 0) return;
    await wait(500);
  }
}
