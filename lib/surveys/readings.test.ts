import { beforeAll, describe, expect, test } from "vitest";
import { db } from "@/db/client";
import { type SurveyNode, surveyAnswers, surveys } from "@/db/schema";
import { newId } from "@/lib/core/id";
import { useOwnDatabase } from "@/tests/setup/own-database";
import { aPerson, aTeam, outcome, type SignedIn, signedIn } from "@/tests/setup/people";
import { DEFAULT_ITEMS, questionsIn } from "./contract-items";
import { publishResults } from "./jobs";
import { tagAnswer } from "./mutations";
import { getResults, npsMetric } from "./queries";

// What readers see of several closed months: quarters, series of one wording, themes of words.

useOwnDatabase();
let pat: SignedIn;
let max: SignedIn;
let dev: SignedIn;
const tree: SurveyNode[] = [
  { id: "org", ref: null, name: "org", title: "Waymark", parentId: null, asked: 40 },
  { id: "tea_commerce", ref: "group:default/commerce", name: "commerce", title: "commerce", parentId: "org", asked: 40 },
  { id: "tea_checkout", ref: "group:default/checkout", name: "checkout", title: "checkout", parentId: "tea_commerce", asked: 12 },
  { id: "tea_search", ref: "group:default/search", name: "search", title: "search", parentId: "tea_commerce", asked: 28 },
];
const SCORES = { checkout: [10, 9, 8, 7, 3, 2, 9, 8], search: [10, 9, 9, 8, 7, 6, 5, 10, 9, 8, 8, 7, 2, 1, 9, 10, 8, 9, 7, 6, 4, 9] };

async function past(period: string, edit: { checkout?: number[]; version?: number; words?: string[] } = {}): Promise<string> {
  const id = newId("survey");
  const opensAt = new Date(`${period}-20T09:00:00Z`);
  const questions = questionsIn(DEFAULT_ITEMS, period).map((one) => (one.item === "score" ? { ...one, version: edit.version ?? 1 } : one));
  await db().insert(surveys).values({ id, period, state: "closed", opensAt, closesAt: opensAt, closedAt: opensAt, questions, tree });
  const scores = { ...SCORES, checkout: edit.checkout ?? SCORES.checkout };
  const rows = Object.entries(scores).flatMap(([team, values]) => values.map((value) => ({ surveyId: id, node: `tea_${team}`, item: "score", value: String(value) })));
  const words = (edit.words ?? []).map((value) => ({ surveyId: id, node: "tea_commerce", item: "comment", value }));
  await db()
    .insert(surveyAnswers)
    .values([...rows, ...words]);
  await db().transaction((tx) => publishResults(tx, { id, questions, tree, k: 5, isDemo: false }));
  return id;
}

const groupOf = async (who: SignedIn, id: string, name: string) => (await getResults(who, { id })).groups.find(({ node }) => node.title === name);

beforeAll(async () => {
  await aTeam("commerce");
  await aTeam("checkout", "commerce");
  await aTeam("search", "commerce");
  pat = await signedIn(await aPerson("pat", { role: "platform-admin" }));
  max = await signedIn(await aPerson("max", { role: "manager", teams: { commerce: "member" } }));
  dev = await signedIn(await aPerson("dev", { teams: { checkout: "member" } }));
});

describe("a small team", () => {
  let [october, november, january] = ["", "", ""];

  test("has bands of the quarter so far, out of the published months only", async () => {
    october = await past("2026-10");
    november = await past("2026-11", { checkout: [10, 9, 8, 7, 3, 2] });
    const december = await past("2026-12", { checkout: [10, 3] });
    january = await past("2027-01");
    expect(await groupOf(max, october, "checkout")).toMatchObject({ nps: null, quarter: { n: 8, months: 1 } });
    expect(await groupOf(max, november, "checkout")).toMatchObject({ nps: null, quarter: { n: 14, months: 2, counts: { promoters: 5, passives: 5, detractors: 4 } } });
    // December hides the team; the quarter says no more than October and November did.
    expect(await groupOf(max, december, "checkout")).toMatchObject({ cells: { score: { state: "few", counts: null } }, quarter: { n: 14, months: 2 } });
    expect(await groupOf(max, january, "checkout")).toMatchObject({ quarter: { n: 8, months: 1 } });
  });

  test("and a team with a score needs none", async () => {
    expect(await groupOf(max, november, "search")).toMatchObject({ nps: { n: 22 }, quarter: null });
  });
});

test("another wording begins a new series, and an earlier window still has its own", async () => {
  await past("2027-02", { version: 2 });
  const figures = (from: string, to: string) => npsMetric(pat, { node: "org", from, to });
  expect((await figures("2026-09-01", "2027-03-01")).series).toHaveLength(1);
  expect((await figures("2026-09-01", "2027-02-01")).series).toHaveLength(4);
  expect((await figures("2026-09-01", "2027-03-01")).summary.previous).toBeUndefined();
});

describe("themes", () => {
  let id = "";
  const words = Array.from({ length: 12 }, (_, n) => `words ${n}`);

  test("are given by the platform team to published words, and seen with them", async () => {
    id = await past("2027-03", { words });
    const { comments } = await getResults(pat, { id });
    expect(comments).toMatchObject([{ item: "comment", title: "commerce", tags: words.map(() => []) }]);
    const place = comments[0]?.comments.indexOf("words 3") ?? -1;
    const at = { id, item: "comment", node: "tea_commerce", place };
    expect(await tagAnswer(pat, { ...at, tags: ["CI", " ci ", "Flaky tests"] })).toEqual({ tags: ["ci", "flaky tests"] });
    await tagAnswer(pat, { ...at, tags: ["ci"] });
    expect((await getResults(max, { id })).comments[0]?.tags[place]).toEqual(["ci"]);
    expect((await getResults(dev, { id })).comments).toEqual([]);
  });

  test.each([
    [{ place: 12 }, "not_found"],
    [{ node: "tea_search" }, "not_found"],
    [{ item: "score" }, "not_found"],
    [{ id: "svy_missing" }, "not_found"],
    [{ place: -1 }, "invalid"],
    [{ tags: ["x"] }, "invalid"],
    [{ tags: Array.from({ length: 6 }, (_, n) => `theme ${n}`) }, "invalid"],
    [{ tags: ["x".repeat(31)] }, "invalid"],
  ])("%j is %s", async (wrong, code) => {
    expect(await outcome(tagAnswer(pat, { id, item: "comment", node: "tea_commerce", place: 0, tags: ["ci"], ...wrong }))).toBe(code);
  });

  test("are not for others to give", async () => {
    expect(await outcome(tagAnswer(max, { id, item: "comment", node: "tea_commerce", place: 0, tags: ["ci"] }))).toBe("forbidden");
  });
});
