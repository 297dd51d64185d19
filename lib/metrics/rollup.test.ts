import { eq, sql } from "drizzle-orm";
import fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import { db } from "@/db/client";
import { deliveryNodeSums, deliveryServiceDays, deliveryServices, deliveryTree, teams } from "@/db/schema";
import { useOwnDatabase } from "@/tests/setup/own-database";
import { aTeam } from "@/tests/setup/people";
import { readCounters, readHistograms } from "./counters";
import { drainDirty } from "./drain";
import { recordIncidents } from "./incidents";
import { nodeNamed } from "./node";
import { recordCommits, recordDeployments } from "./record";

// The sums against a count over the facts that shares no line with them, on random histories that arrive in pieces.

useOwnDatabase();

const now = new Date("2026-06-01T00:00:00Z");
const START = Date.UTC(2025, 11, 20);
const TEAMS = ["checkout", "search", "payments"];
let run = 0;

beforeAll(async () => {
  await aTeam("commerce");
  for (const team of TEAMS) await aTeam(team, "commerce");
});

const event = fc.record({
  service: fc.integer({ min: 0, max: 4 }),
  team: fc.constantFrom(...TEAMS, null),
  hours: fc.integer({ min: 1, max: 70 }),
  commits: fc.integer({ min: 0, max: 4 }),
  status: fc.constantFrom("success" as const, "success" as const, "success" as const, "failure" as const),
  back: fc.boolean(),
  flag: fc.constantFrom("", "", "hotfix"),
  author: fc.constantFrom("Ada", "renovate[bot]"),
  incident: fc.boolean(),
  source: fc.constantFrom("platform" as const, "github" as const),
  leadHours: fc.integer({ min: -1, max: 400 }),
  drain: fc.boolean(),
});
type Event = typeof event extends fc.Arbitrary<infer T> ? T : never;

async function send(events: Event[]) {
  run += 1;
  const heads = new Map<number, string[]>();
  let at = START;
  let count = 0;
  for (const one of events) {
    at += one.hours * 3_600_000;
    const service = `component:default/s${run}-${one.service}`;
    const repository = `fellside/s${run}-${one.service}`;
    const mine = heads.get(one.service) ?? [];
    const authored = new Date(at - one.leadHours * 3_600_000);
    const commits = Array.from({ length: one.commits }, (_, index) => {
      const sha = (++count).toString(16).padStart(8, "0").repeat(4) + run.toString(16).padStart(8, "0");
      const parents = index === 0 ? mine.slice(-1) : [];
      return { sha, parents, repository, authoredAt: authored, committedAt: authored, author: one.author, message: "m" };
    });
    commits.forEach((commit, index) => {
      if (index > 0) commit.parents = [commits[index - 1]?.sha ?? ""];
      mine.push(commit.sha);
    });
    heads.set(one.service, mine);
    const commit = mine.at(one.back ? -3 : -1) ?? mine.at(-1);
    if (!commit) continue;
    await db().transaction(async (tx) => {
      await recordCommits(tx, commits, now);
      const fact = {
        externalId: `d${++count}`,
        service,
        environment: "production",
        tier: "production" as const,
        status: one.status,
        commit,
        repository,
        teamId: one.team ? `tea_${one.team}` : null,
      };
      await recordDeployments(tx, [{ ...fact, startedAt: new Date(at), finishedAt: new Date(at), flags: one.flag ? [one.flag] : [], source: one.source }], now);
      if (one.incident)
        await recordIncidents(tx, [{ externalId: `i${count}`, service, title: "i", severity: "high", openedAt: new Date(at + 60_000), resolvedAt: null, source: "api" }], now);
    });
    if (one.drain) await drainDirty();
  }
}

/** Weeks of a set of teams straight from deployments and changes; the monday by another way than the sums take. */
const independent = (owners: string[] | null) =>
  db().execute<Record<string, number | string>>(sql`
  with dated as (select *, (finished_at at time zone 'UTC')::date as on_day from delivery_deployments where tier = 'production' and ${owners ? sql`team_id = any(${sql.param(owners)}::text[])` : sql`true`}),
  d as (select *, on_day - (extract(isodow from on_day)::int - 1) as monday from dated),
  c as (select d.monday, count(*) filter (where left_out is null) as n, count(*) filter (where left_out = 'bot') as bots from d join delivery_changes c on c.deployment_id = d.id group by 1)
  select d.monday::text as bucket, (count(*) filter (where status = 'success'))::int as deployments, (count(*) filter (where status = 'failure'))::int as "failedAttempts",
    (count(*) filter (where caused_failure))::int as failures, (count(*) filter (where is_rework))::int as rework, (count(*) filter (where attribution in ('commits-unknown', 'too-many')))::int as unlinked,
    (count(*) filter (where kind = 'baseline'))::int as baselines, coalesce(max(c.n), 0)::int as changes, coalesce(max(c.bots), 0)::int as "botChanges",
    (count(*) filter (where status = 'success' and source = 'platform'))::int as through,
    (count(distinct on_day) filter (where status = 'success'))::int as "deploymentDays"
  from d left join c on c.monday = d.monday group by 1 order by 1`);

async function compare() {
  const nodes: [string, string[] | null][] = [
    ["org", null],
    ["group:default/commerce", ["tea_commerce", "tea_checkout", "tea_search", "tea_payments"]],
    ["group:default/search", ["tea_search"]],
  ];
  const window = { from: "2025-11-03", to: "2026-06-01", timeZone: "UTC" };
  for (const [ref, owners] of nodes) {
    const node = await nodeNamed(db(), ref);
    const expected = [...(await independent(owners))];
    const weeks = await readCounters(db(), node, false, window, "week");
    expect([...weeks].map(([bucket, sums]) => ({ bucket, ...sums })).sort((a, b) => a.bucket.localeCompare(b.bucket))).toEqual(expected);
    const histogram = await readHistograms(db(), node, false, window, "week");
    const sizes = Object.fromEntries([...histogram].map(([bucket, one]) => [bucket, [...one.values()].reduce((a, b) => a + b, 0)]));
    expect(sizes).toEqual(Object.fromEntries(expected.filter((one) => one.changes !== 0).map((one) => [one.bucket, one.changes])));
    // Other grains and windows that cut weeks and months are the same days, added up differently.
    for (const grain of ["day", "week", "month"] as const)
      for (const cut of [window, { ...window, from: "2025-12-24", to: "2026-03-12" }]) {
        const sum = async (by: "day" | "week" | "month") => {
          const all = [...(await readCounters(db(), node, false, cut, by)).values()];
          return all.reduce((n, one) => ({ d: n.d + one.deployments, c: n.c + one.changes, days: n.days + one.deploymentDays }), { d: 0, c: 0, days: 0 });
        };
        expect(await sum(grain)).toEqual(await sum("day"));
      }
  }
}

test("sums of every group are those of an independent count, whatever arrived when", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(event, { minLength: 5, maxLength: 40 }), async (events) => {
      await send(events);
      await drainDirty();
      await compare();
    }),
    { numRuns: 10 },
  );
}, 240_000);

test("a team that moves takes its past along, and a full rebuild gives the same", async () => {
  await db().update(teams).set({ parentId: null }).where(eq(teams.id, "tea_payments"));
  await drainDirty();
  const division = await nodeNamed(db(), "group:default/commerce");
  const window = { from: "2025-11-03", to: "2026-06-01", timeZone: "UTC" };
  const expected = [...(await independent(["tea_commerce", "tea_checkout", "tea_search"]))];
  expect([...(await readCounters(db(), division, false, window, "week")).keys()].sort()).toEqual(expected.map((one) => one.bucket));
  await db().update(teams).set({ parentId: "tea_commerce" }).where(eq(teams.id, "tea_payments"));
  for (const table of [deliveryNodeSums, deliveryTree, deliveryServiceDays, deliveryServices]) await db().delete(table);
  await db().execute(sql`insert into delivery_dirty (service, is_demo, since) select service, is_demo, min(finished_at) from delivery_deployments group by 1, 2`);
  await drainDirty();
  await compare();
});
