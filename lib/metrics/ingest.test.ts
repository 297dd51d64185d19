import { eq, sql } from "drizzle-orm";
import { beforeAll, expect, test } from "vitest";
import { db } from "@/db/client";
import { auditEvents, deliveryDeployments, entities } from "@/db/schema";
import { aService } from "@/tests/setup/action-world";
import { useOwnDatabase } from "@/tests/setup/own-database";
import { aPerson, aTeam, outcome, type SignedIn, signedIn } from "@/tests/setup/people";
import { drainDirty, workOutInside } from "./drain";
import { declareIncident, ingestCommits, ingestDeployments, ingestIncidents, ingestPullRequests, linkIncident, recordDeployments, resolveIncident } from "./mutations";
import { getMetric, listDeployments, listIncidents } from "./queries";

useOwnDatabase();

let ada: SignedIn;
let bo: SignedIn;
let max: SignedIn;
let pat: SignedIn;
const SERVICE = "component:default/shop";
const sha = (digit: string) => digit.repeat(40);

beforeAll(async () => {
  for (const [team, parent] of [["commerce"], ["checkout", "commerce"], ["search", "commerce"]] as const) await aTeam(team as string, parent);
  ada = await signedIn(await aPerson("ada", { teams: { checkout: "member" } }));
  bo = await signedIn(await aPerson("bo", { teams: { search: "member" } }));
  max = await signedIn(await aPerson("max", { role: "manager", teams: { commerce: "member" } }));
  pat = await signedIn(await aPerson("pat", { role: "platform-admin" }));
  // The service is known to belong to checkout from an earlier event.
  const at = new Date(ada.now.getTime() - 40 * 86_400_000);
  const fact = {
    externalId: "first",
    service: SERVICE,
    environment: "production",
    tier: "production" as const,
    status: "success" as const,
    commit: sha("a"),
    repository: "fellside/shop",
  };
  await db().transaction((tx) => recordDeployments(tx, [{ ...fact, startedAt: at, finishedAt: at, teamId: "tea_checkout" }], ada.now));
});

// One moment for the whole file: rows are compared by their times.
const NOW = Date.now();
const ago = (days: number) => new Date(NOW - days * 86_400_000).toISOString();
const row = (over: Record<string, unknown> = {}) => ({
  external_id: "d1",
  service: SERVICE,
  environment: "production",
  status: "success",
  commit: sha("b"),
  repository: "https://github.com/Fellside/Shop.git",
  started_at: ago(2),
  finished_at: ago(2),
  ...over,
});
const deploy = (who: SignedIn, over: Record<string, unknown> = {}) => ingestDeployments(who, { items: [row(over)] } as never);

test("a team reports on its own service, a repeat adds nothing, a correction replaces, each time with an audit row", async () => {
  expect(await deploy(ada)).toEqual({ accepted: 1 });
  expect(await deploy(ada)).toEqual({ accepted: 1 });
  await deploy(ada, { flags: ["hotfix"] });
  const { items } = await listDeployments(ada, { service: SERVICE });
  expect(items.map((one) => [one.external_id, one.repository, one.tier, one.flags])).toEqual([
    ["d1", "fellside/shop", "production", ["hotfix"]],
    ["first", "fellside/shop", "production", []],
  ]);
  const audited = await db().select().from(auditEvents).where(eq(auditEvents.name, "event.ingest"));
  expect(audited.map((event) => [event.result, event.targetId])).toEqual([
    ["done", "d1"],
    ["done", "d1"],
    ["done", "d1"],
  ]);
});

test("another team's service is refused, also when hidden behind an own one; the platform team may", async () => {
  expect(await outcome(deploy(bo, { external_id: "d2" }))).toBe("forbidden");
  const mixed = { items: [row({ external_id: "d3", service: "component:default/bos-own" }), row({ external_id: "d3" })] } as never;
  expect(await outcome(ingestDeployments(bo, mixed))).toBe("forbidden");
  expect(await db().select().from(deliveryDeployments).where(eq(deliveryDeployments.externalId, "d3"))).toEqual([]);
  expect(await deploy(pat, { external_id: "d4", environment: "staging" })).toEqual({ accepted: 1 });
});

test("a service that nobody knows is kept and shown, and belongs to nobody", async () => {
  await deploy(bo, { external_id: "u1", service: "mystery", repository: "elsewhere/mystery" });
  const { items } = await listDeployments(ada, { service: "component:default/mystery" });
  expect(items).toHaveLength(1);
  expect((await db().select().from(deliveryDeployments).where(eq(deliveryDeployments.externalId, "u1")))[0]?.teamId).toBeNull();
});

test.each([
  ["no time", { finished_at: "NaN" }],
  ["a time without zone", { finished_at: "2026-03-02T08:00:00" }],
  ["an impossible day", { finished_at: "2026-02-30T08:00:00Z" }],
  ["an absurd past", { started_at: "0001-01-01T00:00:00Z", finished_at: "0001-01-01T00:00:00Z" }],
  ["a far future", { started_at: "2199-01-01T00:00:00Z", finished_at: "2199-01-01T00:00:00Z" }],
  ["an end before the start", { finished_at: ago(3) }],
  ["a number for a time", { finished_at: Number.NaN }],
  ["no hash", { commit: "-rf" }],
  ["script for a hash", { commit: "<script>alert(1)</script>" }],
  ["a path for a service", { service: "../../etc/passwd" }],
  ["a path for a repository", { repository: "../x" }],
  ["an endless name", { external_id: "x".repeat(10_000) }],
  ["an unknown outcome", { status: "perhaps" }],
  ["an unknown field", { surprise: 1 }],
  ["a NUL", { environment: "prod\u0000" }],
  ["no name", { environment: "  " }],
])("%s is refused as a whole", async (_what, over) => {
  expect(await outcome(ingestDeployments(ada, { items: [row({ external_id: "good" }), row({ external_id: "bad", ...over })] } as never))).toBe("invalid");
  expect(await db().select().from(deliveryDeployments).where(eq(deliveryDeployments.externalId, "good"))).toEqual([]);
});

test("commits and pull requests: bad ones refused, good ones kept; a squash merge starts where its oldest commit was authored", async () => {
  const commit = {
    sha: sha("b"),
    parents: [sha("a")],
    repository: "fellside/shop",
    service: SERVICE,
    authored_at: ago(3),
    committed_at: ago(3),
    author: "=cmd|' /C calc'!A0",
    message: "Ask\n\nmore",
  };
  for (const bad of [{ parents: "a" }, { parents: [".."] }, { author: "" }, { authored_at: "2199-01-01T00:00:00Z" }])
    expect(await outcome(ingestCommits(ada, { items: [{ ...commit, ...bad }] } as never))).toBe("invalid");
  await ingestCommits(ada, { items: [commit] });
  await drainDirty();
  const lead = async () => (await getMetric(ada, { metric: "lead-time", node: SERVICE })).summary;
  expect(await lead()).toMatchObject({ value: 86_400, n: 1 });
  const request = {
    repository: "fellside/shop",
    number: 7,
    title: "Ask",
    state: "merged",
    author: "ada",
    opened_at: ago(6),
    merged_at: ago(3),
    merge_commit: sha("b"),
    first_authored_at: ago(7),
  } as const;
  expect(await outcome(ingestPullRequests(ada, { items: [{ ...request, number: 0 }] }))).toBe("invalid");
  await ingestPullRequests(ada, { items: [request] });
  await drainDirty();
  expect(await lead()).toMatchObject({ value: 5 * 86_400, n: 1 });
});

test("what is missing is named: nothing deployed, only the baseline, commits unknown", async () => {
  const why = async (node: string) => (await getMetric(pat, { metric: "lead-time", node })).summary.insufficient;
  expect(await why("component:default/mystery")).toMatch(/^Only the baseline/);
  await deploy(bo, { external_id: "u2", service: "mystery", repository: "elsewhere/mystery", commit: sha("d"), started_at: ago(1), finished_at: ago(1) });
  await drainDirty();
  expect(await why("component:default/mystery")).toMatch(/^Commits unknown: for 1 deployment/);
  // Where there is a figure all the same, it says what it lacks.
  expect((await getMetric(pat, { metric: "lead-time", node: "org" })).summary).toMatchObject({ n: 1, leftOut: [{ what: "deployment with unknown commits", n: 1 }] });
  expect(await why("group:default/search")).toMatch(/^No production deployment has been reported/);
  expect(await outcome(getMetric(pat, { metric: "lead-time", node: "component:default/never-heard-of" }))).toBe("not_found");
  expect(await outcome(getMetric(pat, { metric: "happiness", node: "org" }))).toBe("not_found");
});

test("team figures are for the team and its manager; the organisation's are everybody's", async () => {
  const ask = (who: SignedIn, node: string) => outcome(getMetric(who, { metric: "deployment-frequency", node }));
  expect(await ask(bo, "org")).toBe("done");
  expect(await ask(ada, "group:default/checkout")).toBe("done");
  expect(await ask(bo, "group:default/checkout")).toBe("forbidden");
  expect(await ask(bo, SERVICE)).toBe("forbidden");
  expect(await ask(max, "group:default/commerce")).toBe("done");
  expect(await ask(max, SERVICE)).toBe("done");
  expect((await getMetric(max, { metric: "deployment-frequency", node: "commerce" })).summary.count).toBe(2);
});

test("no incident is declared on a service that has ended; what was reported of it from outside is taken", async () => {
  const ref = await aService("ended", "checkout");
  const gone = { service: ref, title: "It is down", severity: "low" } as const;
  await declareIncident(bo, gone);
  await db().update(entities).set({ goneAt: bo.now }).where(eq(entities.ref, ref));
  await expect(declareIncident(bo, gone)).rejects.toMatchObject({ code: "conflict", message: expect.stringContaining("has ended") });
  await ingestIncidents(ada, { items: [{ external_id: "late-1", service: ref, severity: "low", opened_at: ago(1) }] });
  expect((await listIncidents(ada, { service: ref })).total).toBe(2);
});

test("an incident is declared by anybody, resolved and linked by the team, and never un-resolved by a late report", async () => {
  const incident = await declareIncident(bo, { service: SERVICE, title: "<b>Checkout is down</b>", severity: "critical" });
  expect(incident).toMatchObject({ title: "<b>Checkout is down</b>", resolved_at: null, declaredBy: bo.actor.id });
  expect(await outcome(resolveIncident(bo, { id: incident.id }))).toBe("forbidden");
  expect(await outcome(declareIncident(bo, { service: SERVICE, title: " ", severity: "critical" }))).toBe("invalid");
  expect(await outcome(declareIncident(bo, { service: SERVICE, title: "x", severity: "critical", causedBy: "no-such" }))).toBe("invalid");
  expect(await outcome(linkIncident(ada, { id: incident.id, causedBy: "no-such" }))).toBe("invalid");
  expect(await linkIncident(ada, { id: incident.id, causedBy: "d1" })).toMatchObject({ caused_by: "d1" });
  const later = { ...ada, now: new Date(bo.now.getTime() + 60_000) };
  const resolved = await resolveIncident(later, { id: incident.id });
  expect(resolved.resolved_at).not.toBeNull();
  expect((await resolveIncident(later, { id: incident.id })).resolved_at).toBe(resolved.resolved_at);
  await drainDirty();
  expect((await getMetric(ada, { metric: "change-fail-rate", node: SERVICE })).summary).toMatchObject({ count: 1, n: 2 });
  const open = { external_id: "pager-1", service: SERVICE, severity: "high", opened_at: ago(1) } as const;
  await ingestIncidents(ada, { items: [{ ...open, resolved_at: ago(0.5) }] });
  await ingestIncidents(ada, { items: [open] });
  expect(await outcome(ingestIncidents(bo, { items: [{ ...open, severity: "low" }] }))).toBe("forbidden");
  expect(await outcome(ingestIncidents(ada, { items: [{ ...open, resolved_at: ago(2) }] }))).toBe("invalid");
  const { items } = await listIncidents(ada, { service: SERVICE, state: "open" });
  expect(items).toEqual([]);
});

test("what arrives while its service is worked out does not wait for that, and is worked out afterwards", async () => {
  const at = new Date(ada.now.getTime() - 3_600_000);
  const fact = {
    service: "component:default/busy",
    environment: "production",
    tier: "production" as const,
    status: "success" as const,
    commit: "a".repeat(40),
    repository: "acme/busy",
  };
  const arrive = async (externalId: string) =>
    db().transaction(async (tx) => {
      await tx.execute("set local lock_timeout = '300ms'");
      await recordDeployments(tx, [{ ...fact, externalId, startedAt: at, finishedAt: at }], ada.now);
    });
  const deployments = async () =>
    (await db().execute<{ n: number }>(sql`select coalesce(sum(deployments), 0)::int as n from delivery_service_days where service = ${fact.service}`))[0]?.n;
  await arrive("first");
  await db().transaction(async (tx) => {
    await workOutInside(tx, 100);
    await arrive("second");
  });
  await drainDirty();
  expect(await deployments()).toBe(2);
  expect(await db().execute("select 1 from delivery_dirty")).toHaveLength(0);
});
