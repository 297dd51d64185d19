import { sql } from "drizzle-orm";
import { beforeAll, expect, test } from "vitest";
import { db } from "@/db/client";
import { deliveryChanges, deliveryCommits, deliveryDeployments, deliveryMissing, deliveryNodeSums, deliveryServiceDays, incidents as incidentTable } from "@/db/schema";
import { useOwnDatabase } from "@/tests/setup/own-database";
import type { MetricName } from "./contract";
import { drainDirty } from "./drain";
import { readMetric } from "./figures";
import { recordIncidents } from "./incidents";
import { nodeNamed } from "./node";
import { recordCommits, recordDeployments } from "./record";
import { windowOf } from "./window";

// A week of one service with everything that peers get wrong: baseline, staging, failed try, merge, rollback, redeploy, clock skew.

useOwnDatabase();

const SERVICE = "component:default/golden";
const REPOSITORY = "fellside/golden";
const at = (text: string) => new Date(`2026-03-${text}:00Z`);
const sha = (name: string) => Buffer.from(name).toString("hex").padEnd(40, "0");
const NAMES = ["c1", "c2", "c3", "m1", "c4", "c5", "c6", "c7"];
const nameOf = (hash: string) => NAMES.find((name) => sha(name) === hash) ?? hash;

const commit = (name: string, time: string, ...parents: string[]) => ({
  sha: sha(name),
  parents: parents.map(sha),
  repository: REPOSITORY,
  authoredAt: at(time),
  committedAt: at(time),
  author: "Ada Lind",
  message: name,
});
const COMMITS = [
  commit("c1", "02T08:00"),
  commit("c2", "02T09:00", "c1"),
  commit("c3", "03T10:00", "c2"),
  commit("m1", "03T12:00", "c2", "c3"),
  commit("c4", "04T07:00", "m1"),
  commit("c5", "05T09:00", "c4"),
  commit("c6", "05T15:00", "c5"),
  commit("c7", "06T08:10", "c6"),
];
const deployment = (externalId: string, tier: "production" | "staging", name: string, status: "success" | "failure", time: string, flags: string[] = []) => ({
  externalId,
  service: SERVICE,
  environment: tier,
  tier,
  status,
  commit: sha(name),
  repository: REPOSITORY,
  startedAt: at(time),
  finishedAt: at(time),
  flags,
});
const DEPLOYMENTS = [
  deployment("D1", "production", "c2", "success", "02T10:00"),
  deployment("D2", "staging", "m1", "success", "03T12:30"),
  deployment("D3", "production", "c4", "failure", "04T08:00"),
  deployment("D4", "production", "c4", "success", "04T09:00"),
  deployment("D5", "production", "c5", "success", "05T10:00"),
  deployment("D6", "production", "c4", "success", "05T10:45"),
  deployment("D7", "production", "c6", "success", "05T16:00", ["hotfix"]),
  deployment("D8", "production", "c6", "success", "05T16:30"),
  deployment("D9", "production", "c7", "success", "06T08:00"),
];
const incident = (externalId: string, opened: string, resolved?: string) => ({
  externalId,
  service: SERVICE,
  title: externalId,
  severity: "high" as const,
  openedAt: at(opened),
  resolvedAt: resolved ? at(resolved) : null,
  source: "api" as const,
});
const INCIDENTS = [incident("I1", "05T10:20", "05T11:05"), incident("I2", "16T09:00")];
const now = new Date("2026-03-20T00:00:00Z");

/** Every fact in a transaction of its own, and the figures worked out after each: the worst order of arrival. */
async function send(order: (list: (() => Promise<void>)[]) => (() => Promise<void>)[]) {
  const sendings = [
    ...COMMITS.map((one) => () => db().transaction((tx) => recordCommits(tx, [one], now))),
    ...DEPLOYMENTS.map((one) => () => db().transaction((tx) => recordDeployments(tx, [one], now))),
    ...INCIDENTS.map((one) => () => db().transaction((tx) => recordIncidents(tx, [one], now))),
  ];
  for (const sending of order(sendings)) {
    await sending();
    await drainDirty();
  }
}

async function forgetEverything() {
  for (const table of [deliveryDeployments, deliveryCommits, deliveryChanges, deliveryMissing, deliveryServiceDays, deliveryNodeSums, incidentTable]) await db().delete(table);
}

/** Everything derived, in words, so that two ways to it can be compared. */
async function derived() {
  const deployments = await db().execute<{
    external_id: string;
    kind: string;
    attribution: string;
    changes: number;
    caused_failure: boolean;
    recovered_at: string | null;
    is_rework: boolean;
  }>(sql`select external_id, kind, attribution, changes, caused_failure, recovered_at, is_rework from delivery_deployments order by external_id`);
  const changes = await db().execute<{ sha: string; external_id: string; lead_seconds: number; raw_lead_seconds: number }>(
    sql`select c.sha, d.external_id, lead_seconds, raw_lead_seconds from delivery_changes c join delivery_deployments d on d.id = c.deployment_id where counted order by lead_seconds desc, d.external_id, c.sha`,
  );
  const incidents = await db().execute(
    sql`select i.external_id, d.external_id as deployment, link from incidents i left join delivery_deployments d on d.id = i.deployment_id order by 1`,
  );
  const serviceDays = await db().execute(sql`select * from delivery_service_days order by day`);
  const nodeDays = await db().execute(sql`select * from delivery_node_sums order by node, grain, start`);
  return { deployments: [...deployments], changes: [...changes], incidents: [...incidents], serviceDays: [...serviceDays], nodeDays: [...nodeDays] };
}

beforeAll(() => send((list) => list));

test("every deployment is of the right kind", async () => {
  const { deployments } = await derived();
  expect(Object.fromEntries(deployments.map((one) => [one.external_id, one.kind]))).toEqual({
    D1: "baseline",
    D2: null,
    D3: null,
    D4: "forward",
    D5: "forward",
    D6: "rollback",
    D7: "forward",
    D8: "redeploy",
    D9: "forward",
  });
});

test("a change counts at its first production deployment; what the baseline brought and merge commits do not", async () => {
  const { changes } = await derived();
  expect(changes.map((one) => [nameOf(one.sha), one.external_id, one.lead_seconds])).toEqual([
    ["c3", "D4", 23 * 3600],
    ["c4", "D4", 2 * 3600],
    expect.arrayContaining(["D5"]),
    expect.arrayContaining(["D7"]),
    ["c7", "D9", 0],
  ]);
  expect(changes.find((one) => nameOf(one.sha) === "c7")?.raw_lead_seconds).toBe(-600);
});

test("the rolled back deployment failed until its incident was resolved; the late incident hangs on nothing", async () => {
  const { deployments, incidents } = await derived();
  expect(deployments.filter((one) => one.caused_failure).map((one) => [one.external_id, new Date(one.recovered_at ?? 0).toISOString()])).toEqual([
    ["D5", "2026-03-05T11:05:00.000Z"],
  ]);
  expect(deployments.filter((one) => one.is_rework).map((one) => one.external_id)).toEqual(["D6", "D7"]);
  expect(incidents).toMatchObject([
    { external_id: "I1", deployment: "D5", link: "window" },
    { external_id: "I2", deployment: null, link: "none" },
  ]);
});

const figure = async (metric: MetricName) => {
  const window = windowOf({ from: "2026-03-02", to: "2026-03-09" }, now, "UTC");
  const { summary, series } = await readMetric(db(), metric, {
    node: await nodeNamed(db(), SERVICE),
    data: "live",
    window,
    grain: "day",
    now,
    actor: { type: "system", name: "test" },
  });
  return { summary, values: series.map((point) => point.value) };
};

test("the week's figures are those worked out by hand", async () => {
  const lead = await figure("lead-time");
  expect(lead.summary).toMatchObject({ value: 3600, n: 5, median: 3600, p75: 2 * 3600 });
  expect(lead.summary.p90).toBeCloseTo(14.6 * 3600, 3);
  expect(lead.values).toEqual([null, null, 12.5 * 3600, 3600, 0, null, null]);
  const frequency = await figure("deployment-frequency");
  expect(frequency.summary).toMatchObject({ value: 1, count: 7, deploymentDays: 4, failedAttempts: 1 });
  expect(frequency.values).toEqual([1, 0, 1, 4, 1, 0, 0]);
  expect((await figure("change-fail-rate")).summary.value).toBeCloseTo(1 / 7, 6);
  expect((await figure("rework-rate")).summary.value).toBeCloseTo(2 / 7, 6);
  expect((await figure("recovery-time")).summary).toMatchObject({ value: 65 * 60, n: 1 });
});

test("the order of arrival and repeats change nothing", async () => {
  const before = await derived();
  await send((list) => list);
  expect(await derived()).toEqual(before);
  await forgetEverything();
  await send((list) => [...list].reverse());
  expect(await derived()).toEqual(before);
  await forgetEverything();
  await send((list) => list.flatMap((_, index) => [list[(index * 7) % list.length], list[(index * 5) % list.length]]).flatMap((one) => one ?? []));
  expect(await derived()).toEqual(before);
});
