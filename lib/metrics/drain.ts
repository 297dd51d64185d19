import { sql } from "drizzle-orm";
import { db, type Tx } from "@/db/client";
import { env } from "@/lib/core/env";
import { adoptUnowned } from "./owner";
import { recomputeService } from "./recompute";
import { rollUpDays, rollUpService } from "./rollup";
import { markAllOnChange, readRules } from "./rules";
import { followTree, markDays } from "./tree";

const BATCH = 25;

/** Works out all marked services, a few per transaction; one process at a time, since the organisation's sums are shared. */
export async function drainDirty(): Promise<number> {
  await db().transaction(adoptUnowned);
  let done = 0;
  for (;;) {
    const batch = await db().transaction(drainBatch);
    done += batch;
    if (batch < BATCH) break;
  }
  // Sums of groups come after all services: each day is summed once, however many services touched it.
  while ((await db().transaction(sumBatch)) > 0);
  return done;
}

async function sumBatch(tx: Tx): Promise<number> {
  await lockSums(tx);
  return rollUpDays(tx);
}

/** One process at a time works on what is derived. */
async function lockSums(tx: Tx): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock(hashtext('waymark.metrics'))`);
  await tx.execute(sql`set local statement_timeout = '120s'`);
}

/** Works out marked services and the sums in the caller's transaction, up to a number of services. Returns how many, and how many were marked. */
export async function workOutInside(tx: Tx, limit: number): Promise<{ services: number; of: number }> {
  let services = 0;
  for (let done = BATCH; done === BATCH && services < limit; services += done) done = await drainBatch(tx);
  while ((await sumBatch(tx)) > 0);
  const [left] = await tx.execute<{ n: number }>(sql`select count(*)::int as n from delivery_dirty`);
  return { services, of: services + (left?.n ?? 0) };
}

/** Returns how many services were worked out. */
async function drainBatch(tx: Tx): Promise<number> {
  await lockSums(tx);
  const { timeZone } = env();
  const { version, rules } = await readRules(tx);
  // Days depend on the organisation's time zone.
  await markAllOnChange(tx, "time-zone", timeZone);
  await markAllOnChange(tx, "rules", String(version));
  await followTree(tx);
  const dirty = await tx.execute<{ service: string; is_demo: boolean; since: string }>(sql`
    delete from delivery_dirty where (service, is_demo) in (select service, is_demo from delivery_dirty order by is_demo, service limit ${BATCH} for update skip locked)
    returning service, is_demo, since`);
  for (const row of dirty) {
    const key = { service: row.service, isDemo: row.is_demo };
    const first = await recomputeService(tx, key, new Date(row.since), timeZone, rules);
    await markDays(tx, row.is_demo, await rollUpService(tx, key, first));
  }
  return dirty.length;
}
