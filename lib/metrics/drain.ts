import { sql } from "drizzle-orm";
import { db, type Tx } from "@/db/client";
import { env } from "@/lib/core/env";
import { adoptUnowned } from "./owner";
import { recomputeService } from "./recompute";
import { rollUpDays, rollUpService } from "./rollup";
import { markAllOnChange, readRules } from "./rules";
import { followTree, markDays } from "./tree";

const BATCH = 25;
/** A correction of a deployment that is worked out just then waits for the end of the batch. */
const BATCH_MS = 1_000;

/** Works out all marked services, a few per transaction; one process at a time, since the organisation's sums are shared. */
export async function drainDirty(): Promise<number> {
  await db().transaction(adoptUnowned);
  let done = 0;
  for (;;) {
    const batch = await db().transaction(drainBatch);
    done += batch;
    if (batch === 0) break;
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
  for (let done = 1; done > 0 && services < limit; services += done) done = await drainBatch(tx);
  while ((await sumBatch(tx)) > 0);
  const [left] = await tx.execute<{ n: number }>(sql`select count(distinct (service, is_demo))::int as n from delivery_dirty`);
  return { services, of: services + (left?.n ?? 0) };
}

/** Returns how many services were worked out; at least one where one is marked. */
async function drainBatch(tx: Tx): Promise<number> {
  await lockSums(tx);
  const { timeZone } = env();
  const { version, rules } = await readRules(tx);
  // Days depend on the organisation's time zone.
  await markAllOnChange(tx, "time-zone", timeZone);
  await markAllOnChange(tx, "rules", String(version));
  await followTree(tx);
  const begun = performance.now();
  let done = 0;
  for (; done < BATCH && performance.now() - begun < BATCH_MS; done++) {
    const mark = await takeMark(tx);
    if (!mark) break;
    const key = { service: mark.service, isDemo: mark.is_demo };
    const first = await recomputeService(tx, key, new Date(mark.since), timeZone, rules);
    await markDays(tx, mark.is_demo, await rollUpService(tx, key, first));
  }
  return done;
}

/** Takes all marks of one service together; one that is set meanwhile stays for the next time. */
async function takeMark(tx: Tx): Promise<{ service: string; is_demo: boolean; since: string } | undefined> {
  const [mark] = await tx.execute<{ service: string; is_demo: boolean; since: string }>(sql`
    with taken as (
      delete from delivery_dirty where (is_demo, service) = (select is_demo, service from delivery_dirty order by is_demo, service limit 1) returning service, is_demo, since
    ) select service, is_demo, min(since) as since from taken group by 1, 2`);
  return mark;
}
