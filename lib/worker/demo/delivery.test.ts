import { sql } from "drizzle-orm";
import { expect, test } from "vitest";
import { db } from "@/db/client";
import { seedDemoPeople } from "@/db/seed/demo-people";
import { drainDirty } from "@/lib/metrics/jobs";
import { removeDemoDelivery } from "@/lib/metrics/mutations";
import { useOwnDatabase } from "@/tests/setup/own-database";
import { seedDemoDelivery } from "./delivery";

useOwnDatabase();
const now = new Date("2026-11-23T14:38:00Z");

const seed = () =>
  db().transaction(async (tx) => {
    await seedDemoPeople(tx);
    await seedDemoDelivery(tx, now);
  });

test("the demo year is written once, is all marked as demo, owned, and lies in the past", async () => {
  await seed();
  await drainDirty();
  const count = () =>
    db().execute(
      sql`select count(*)::int as n, bool_and(is_demo) as demo, bool_and(team_id is not null) as owned, bool_and(finished_at < ${now.toISOString()}) as past from delivery_deployments`,
    );
  const [first] = await count();
  expect(first).toMatchObject({ demo: true, owned: true, past: true });
  await seed();
  expect(await count()).toEqual([first]);
});

test("it has what a real year has: faster changes, rollbacks, incidents, and a gap where commits were not sent", async () => {
  const [year] = await db().execute<{ weeks: number; early: number; late: number }>(sql`
    select count(distinct date_trunc('week', day))::int as weeks, percentile_cont(0.5) within group (order by lead_seconds) filter (where day < '2025-06-01') as early,
      percentile_cont(0.5) within group (order by lead_seconds) filter (where day >= '2026-08-24') as late from delivery_changes where counted`);
  expect(year?.weeks).toBe(107);
  expect(year?.late).toBeLessThan((year?.early ?? 0) * 0.9);
  const [kinds] = await db().execute(sql`
    select count(*) filter (where kind = 'rollback') > 10 as rollbacks, count(*) filter (where attribution = 'commits-unknown') between 5 and 30 as unlinked,
      count(*) filter (where caused_failure) > 10 as failures, count(*) filter (where kind = 'baseline')::int as baselines from delivery_deployments`);
  expect(kinds).toEqual({ rollbacks: true, unlinked: true, failures: true, baselines: 12 });
});

test("removing the demo leaves nothing of it, and it does not come back", async () => {
  await db().transaction(removeDemoDelivery);
  await seed();
  const [left] = await db().execute(sql`
    select (select count(*) from delivery_deployments) + (select count(*) from delivery_commits) + (select count(*) from delivery_changes) + (select count(*) from incidents)
      + (select count(*) from delivery_service_days) + (select count(*) from delivery_node_sums) + (select count(*) from delivery_services) + (select count(*) from delivery_dirty_days) + (select count(*) from delivery_missing) + (select count(*) from delivery_dirty) as n`);
  expect(Number(left?.n)).toBe(0);
});
