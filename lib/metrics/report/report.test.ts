import { beforeAll, expect, test } from "vitest";
import { db } from "@/db/client";
import { env } from "@/lib/core/env";
import { useOwnDatabase } from "@/tests/setup/own-database";
import { aPerson, aTeam, outcome, type SignedIn, signedIn } from "@/tests/setup/people";
import { METRICS } from "../contract";
import { drainDirty } from "../drain";
import { recordCommits, recordDeployments } from "../mutations";
import { getDeliveryReport, getMetric } from "../queries";
import { addDays, bucketOf, dayOf } from "../window";

useOwnDatabase();

let ada: SignedIn;
let bo: SignedIn;
const node = "group:default/checkout";
const sha = (nr: number) => String(nr).padStart(40, "0");

beforeAll(async () => {
  await aTeam("checkout");
  ada = await signedIn(await aPerson("ada", { teams: { checkout: "member" } }));
  bo = await signedIn(await aPerson("bo"));
  const at = (hours: number) => new Date(ada.now.getTime() - hours * 3_600_000);
  const all = Array.from({ length: 60 }, (_, nr) => nr);
  await db().transaction(async (tx) => {
    const commit = (nr: number) => ({
      sha: sha(nr),
      parents: nr ? [sha(nr - 1)] : [],
      repository: "a/till",
      authoredAt: at(1441 - nr * 24 + (nr % 7)),
      committedAt: at(1441 - nr * 24),
      author: `A${nr % 4}`,
      message: "m",
    });
    const deploy = (nr: number) => ({
      externalId: `d${nr}`,
      service: "component:default/till",
      environment: "production",
      tier: "production" as const,
      status: "success" as const,
      commit: sha(nr),
      repository: "a/till",
      startedAt: at(1440 - nr * 24),
      finishedAt: at(1440 - nr * 24),
      teamId: "tea_checkout",
      flags: nr % 9 === 0 ? ["hotfix"] : [],
    });
    await recordCommits(tx, all.map(commit), ada.now);
    await recordDeployments(tx, all.map(deploy), ada.now);
  });
  await drainDirty();
});

test("a report of the last month that is over has the figures of each metric's own address", async () => {
  const report = await getDeliveryReport(ada, { node });
  const last = bucketOf(addDays(bucketOf(dayOf(ada.now, env().timeZone), "month").from, -1), "month");
  expect(report).toMatchObject({ month: last.from.slice(0, 7), isPartial: false, data: "live", lacking: { services: 0, of: 1 } });
  expect(report.metrics.map((one) => one.metric)).toEqual([...METRICS]);
  for (const metric of report.metrics) expect(metric).toEqual(await getMetric(ada, { metric: metric.metric, node, from: last.from, to: last.to, grain: "month" }));
  expect(report.metrics[0]?.summary.n).toBeGreaterThan(20);
  expect(report.year.leadTime.series).toHaveLength(12);
  expect(report.year.leadTime.series.at(-1)?.value).toBe(report.metrics[0]?.summary.value);
});

test("the month in progress reaches up to today; one to come, and another team's, there is none", async () => {
  const today = dayOf(ada.now, env().timeZone);
  const report = await getDeliveryReport(ada, { node, month: today.slice(0, 7) });
  expect(report.isPartial).toBe(addDays(today, 1) < bucketOf(today, "month").to || today < bucketOf(today, "month").to);
  expect(await outcome(getDeliveryReport(ada, { node, month: addDays(bucketOf(today, "month").to, 1).slice(0, 7) }))).toBe("invalid");
  expect(await outcome(getDeliveryReport(ada, { node, month: "2026-13" }))).toBe("invalid");
  expect(await outcome(getDeliveryReport(bo, { node }))).toBe("forbidden");
});
