import fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import { db } from "@/db/client";
import { useOwnDatabase } from "@/tests/setup/own-database";
import { aPerson, aTeam, outcome, type SignedIn, signedIn } from "@/tests/setup/people";
import { drainDirty } from "../drain";
import { recordCommits, recordDeployments, setDeliveryRules } from "../mutations";
import { recordPullRequests } from "../pull-requests";
import { getAiSignals } from "../queries";
import { DEFAULT_RULES } from "../rules-shape";
import { rateRatio } from "../statistics";
import { aiClassifier } from "./classify";
import { DEFAULT_AI_SIGNALS } from "./signals";

useOwnDatabase();

const classify = aiClassifier(DEFAULT_AI_SIGNALS);
const sha = (nr: number) => String(nr).padStart(40, "0");
const SERVICE = "component:default/shop";
let max: SignedIn;
let pat: SignedIn;
let bo: SignedIn;

beforeAll(async () => {
  await aTeam("commerce");
  await aTeam("checkout", "commerce");
  max = await signedIn(await aPerson("max", { role: "manager", teams: { commerce: "member" } }));
  pat = await signedIn(await aPerson("pat", { role: "platform-admin" }));
  bo = await signedIn(await aPerson("bo"));
});

test("commits say of themselves what they are; who reviews, updates or only has such a name says nothing", () => {
  const told = (author: string, message = "Fix") => classify(author, message);
  expect(told("Ada", "Fix\n\nCo-Authored-By: Claude Opus 4 <noreply@anthropic.com>")).toBe("assisted");
  expect(told("Ada", "Fix\r\n\r\nco-authored-by: Copilot <223556219+Copilot@users.noreply.github.com>\r\n")).toBe("assisted");
  expect(told("Ada", "Fix\n\nCo-authored-by: Cursor <cursoragent@cursor.com>")).toBe("assisted");
  expect(told("Ada", "Fix\n\nAssisted-by: agent:model")).toBe("assisted");
  expect(told("Ada (aider)")).toBe("assisted");
  expect(told("claude[bot]")).toBe("authored");
  expect(told("copilot-swe-agent[bot]", "Fix\n\nAssisted-by: x")).toBe("authored");
  for (const [author, message] of [
    ["Ada", "Explain how Co-Authored-By: Claude <noreply@anthropic.com> is written"],
    ["Ada", "Fix\n\nCo-authored-by: Bo <bo@example.com>"],
    ["Ada", "Fix\n\nCo-authored-by: Copilot <copilot@github.com>"],
    ["dependabot[bot]", "Bump"],
    ["gemini-code-assist[bot]", "Review"],
    ["Claude Monet", "Paint"],
  ] as const)
    expect(classify(author, message)).toBeNull();
});

test("a ratio's interval holds the ratio, is the inverse the other way round, and the two examples of the literature come out", () => {
  const round = (one: ReturnType<typeof rateRatio>) => one && [one.value, one.low, one.high].map((value) => Number(value.toFixed(2)));
  expect(round(rateRatio({ count: 6, of: 200 }, { count: 10, of: 800 }))).toEqual([2.4, 0.87, 6.6]);
  expect(round(rateRatio({ count: 60, of: 2_000 }, { count: 100, of: 8_000 }))).toEqual([2.4, 1.74, 3.31]);
  const group = fc.record({ count: fc.integer({ min: 1, max: 500 }), of: fc.integer({ min: 500, max: 10_000 }) });
  fc.assert(
    fc.property(group, group, (a, b) => {
      const [one, other] = [rateRatio(a, b), rateRatio(b, a)];
      if (!one || !other) throw new Error("both happened");
      expect(one.low).toBeLessThan(one.value);
      expect(one.high).toBeGreaterThan(one.value);
      expect(one.value * other.value).toBeCloseTo(1, 9);
      expect(one.low * other.high).toBeCloseTo(1, 9);
    }),
  );
  expect(rateRatio({ count: 0, of: 10 }, { count: 3, of: 10 })).toBeNull();
});

/** A deployment every four hours with two commits: every fourth is by an agent, others with or without help; every fifth deployment fails. */
async function deliver(first: number, last: number, helped: (nr: number) => string | null) {
  const at = (hours: number) => new Date(pat.now.getTime() - hours * 3_600_000);
  const commits: Parameters<typeof recordCommits>[1] = [];
  const deployments: Parameters<typeof recordDeployments>[1] = [];
  for (let nr = first; nr <= last; nr++) {
    const hours = 4 * (1_000 - nr);
    for (const part of [0, 1]) {
      const who = part === 1 && nr % 4 === 0 ? "copilot-swe-agent[bot]" : `P${nr % 4}`;
      const trailer = part === 1 && nr % 4 !== 0 ? helped(nr) : null;
      const number = 2 * nr + part;
      commits.push({
        sha: sha(number),
        parents: number > 2 * first || first > 0 ? [sha(number - 1)] : [],
        repository: "a/shop",
        authoredAt: at(hours + 2 + part),
        committedAt: at(hours + 2),
        author: who,
        message: trailer ? `Change\n\n${trailer}` : "Change",
      });
    }
    deployments.push({
      externalId: `d${nr}`,
      service: SERVICE,
      environment: "production",
      tier: "production" as const,
      status: "success" as const,
      commit: sha(2 * nr + 1),
      repository: "a/shop",
      startedAt: at(hours),
      finishedAt: at(hours),
      teamId: "tea_checkout",
      ...(nr % 5 === 1 && nr > 0 ? { remediates: `d${nr - 1}` } : {}),
    });
  }
  await db().transaction(async (tx) => {
    await recordCommits(tx, commits, pat.now);
    await recordDeployments(tx, deployments, pat.now);
  });
  await drainDirty();
}
const TRAILER = "Co-Authored-By: Claude <noreply@anthropic.com>";

test("with few failures the classes are told and not compared; a class of one person tells its number alone", async () => {
  await deliver(0, 40, (nr) => (nr % 4 === 1 ? TRAILER : null));
  const view = await getAiSignals(max, { node: SERVICE });
  expect(view.rows.map((row) => [row.class, row.changes])).toEqual([
    ["authored", 10],
    ["assisted", 10],
    ["none", 60],
  ]);
  expect(view.rows[0]).toMatchObject({ share: 10 / 80, leadTime: 3 * 3600, ratio: null });
  expect(view.rows[1]).toMatchObject({ share: null, leadTime: null, failuresPer100: null, withheld: expect.stringContaining("Fewer than three people") });
  expect(view.rows[2]?.leadTime).toBeLessThan(3 * 3600);
  // What the baseline brought is no change, so its failure is not among these.
  expect(view.failures).toBe(7);
  expect(view.months.every((one) => one.share === null)).toBe(true);
  expect(view.limits.length).toBeGreaterThan(3);
});

test("with enough of them the ratio is that of the counts, with its interval", async () => {
  await deliver(41, 240, (nr) => (nr % 3 === 1 ? TRAILER : null));
  const { rows, failures } = await getAiSignals(max, { node: "group:default/checkout" });
  const [authored, assisted, none] = rows;
  expect(failures).toBeGreaterThan(40);
  expect((authored?.changes ?? 0) + (assisted?.changes ?? 0) + (none?.changes ?? 0)).toBe(480);
  for (const row of [authored, assisted]) {
    expect(row?.ratio?.value).toBeCloseTo((row?.failuresPer100 ?? 0) / (none?.failuresPer100 ?? 1), 9);
    expect(row?.ratio?.low).toBeLessThan(row?.ratio?.value ?? 0);
  }
  // Failures are split and none is lost: together they are the failed deployments.
  const sum = rows.reduce((all, row) => all + ((row.failuresPer100 ?? 0) * row.changes) / 100, 0);
  expect(Math.round(sum)).toBe(failures);
});

test("changes that came by a pull request are told by it: its class is the strongest of them, and none is told twice", async () => {
  expect((await getAiSignals(max, { node: SERVICE })).pullRequests).toBeNull();
  const request = (nr: number, mergeCommit: string) => ({
    repository: "a/shop",
    number: nr,
    title: `Change ${nr}`,
    state: "merged" as const,
    author: `p${nr}`,
    openedAt: new Date(pat.now.getTime() - 90 * 86_400_000),
    mergedAt: pat.now,
    mergeCommit,
  });
  // Squashed: the merge commit is the change. Deployments 100 to 119 brought two each: an agent's, a helped or a plain one, and a plain one.
  const squashed = Array.from({ length: 20 }, (_, i) => [request(2 * i + 1, sha(200 + 2 * i)), request(2 * i + 2, sha(201 + 2 * i))]).flat();
  await db().transaction((tx) => recordPullRequests(tx, squashed, pat.now));
  const { pullRequests, rows } = await getAiSignals(max, { node: SERVICE });
  expect(pullRequests?.changes).toBe(40);
  const classes = Object.fromEntries((pullRequests?.rows ?? []).map((row) => [row.class, row.changes]));
  expect(classes).toEqual({ authored: 5, assisted: 5, none: 30 });
  expect(rows.reduce((sum, row) => sum + row.changes, 0)).toBeGreaterThan(40);
  // Open and closed ones brought nothing.
  await db().transaction((tx) => recordPullRequests(tx, [{ ...request(99, sha(300)), state: "open" as const }], pat.now));
  expect((await getAiSignals(max, { node: SERVICE })).pullRequests?.changes).toBe(40);
});

test("the commits of a merged branch count as one pull request", async () => {
  const at = (minutes: number) => new Date(pat.now.getTime() - minutes * 60_000);
  const commit = (name: number, parents: number[], message: string, minutes: number) => ({
    sha: sha(name),
    parents: parents.map(sha),
    repository: "a/branchy",
    authoredAt: at(minutes),
    committedAt: at(minutes),
    author: `P${name % 4}`,
    message,
  });
  const deployment = (nr: number, head: number, minutes: number) => ({
    externalId: `b${nr}`,
    service: "component:default/branchy",
    environment: "production",
    tier: "production" as const,
    status: "success" as const,
    commit: sha(head),
    repository: "a/branchy",
    startedAt: at(minutes),
    finishedAt: at(minutes),
    teamId: "tea_checkout",
  });
  await db().transaction(async (tx) => {
    const commits = [commit(1, [], "Begin", 90), commit(2, [1], "Work", 80), commit(3, [2], `More\n\n${TRAILER}`, 70), commit(4, [3], "Last", 60), commit(5, [1, 4], "Merge", 50)];
    await recordCommits(tx, commits, pat.now);
    await recordDeployments(tx, [deployment(1, 1, 85), deployment(2, 5, 40)], pat.now);
    const merged = { number: 7, title: "Work", state: "merged" as const, author: "ada", openedAt: at(80), mergedAt: at(50), mergeCommit: sha(5) };
    await recordPullRequests(tx, [{ ...merged, repository: "a/branchy" }], pat.now);
  });
  await drainDirty();
  const { pullRequests, rows } = await getAiSignals(pat, { node: "component:default/branchy" });
  expect(rows.map((row) => [row.class, row.changes])).toEqual([
    ["authored", 0],
    ["assisted", 1],
    ["none", 2],
  ]);
  expect(pullRequests?.changes).toBe(3);
  expect(pullRequests?.rows.map((row) => [row.class, row.changes])).toEqual([
    ["authored", 0],
    ["assisted", 1],
    ["none", 0],
  ]);
});

test("who may not see the team's figures sees none of this; other signals hold for what arrives after them", async () => {
  expect(await outcome(getAiSignals(bo, { node: SERVICE }))).toBe("forbidden");
  expect(
    await outcome(setDeliveryRules(pat, { rules: { ...DEFAULT_RULES, aiSignals: [{ field: "else" as "line", pattern: "x", class: "assisted", tool: "T" }] }, note: "n" })),
  ).toBe("invalid");
  await setDeliveryRules(pat, { rules: { ...DEFAULT_RULES, aiSignals: [] }, note: "None" });
  const before = (await getAiSignals(max, { node: SERVICE })).rows[0]?.changes;
  await deliver(241, 244, () => TRAILER);
  const { rows, signals } = await getAiSignals(max, { node: SERVICE });
  expect(signals).toEqual([]);
  expect(rows[0]?.changes).toBe(before);
});
