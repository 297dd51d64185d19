import { sql } from "drizzle-orm";
import type { Tx } from "@/db/client";
import type { Reading } from "./otlp/metrics";

const MINUTE_MS = 60_000;

/** Keeps of each figure the newest one of every minute, in whatever order they come. */
export async function storeReadings(tx: Tx, sourceId: number, readings: Reading[]): Promise<void> {
  const newest = new Map<string, Reading>();
  for (const reading of readings) {
    const key = `${reading.name} ${Math.floor(reading.atMs / MINUTE_MS)}`;
    const known = newest.get(key);
    if (!known || known.atMs < reading.atMs) newest.set(key, reading);
  }
  if (newest.size === 0) return;
  const rows = [...newest]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, { name, atMs, value }]) => ({ name, minute: new Date(Math.floor(atMs / MINUTE_MS) * MINUTE_MS).toISOString(), at: new Date(atMs).toISOString(), value }));
  await tx.execute(sql`
    insert into telemetry_readings as t (source_id, name, minute, at, value)
    select ${sourceId}, r.* from jsonb_to_recordset(${JSON.stringify(rows)}::text::jsonb) as r(name text, minute timestamptz, at timestamptz, value double precision)
    on conflict (source_id, name, minute) do update set at = excluded.at, value = excluded.value where excluded.at > t.at`);
}
