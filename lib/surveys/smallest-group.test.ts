import { beforeAll, expect, test } from "vitest";
import { useOwnDatabase } from "@/tests/setup/own-database";
import { aPerson, aTeam, outcome, type SignedIn, signedIn } from "@/tests/setup/people";
import { answerSurvey, closeSurvey, openSurvey, scheduleSurveys } from "./mutations";
import { getResults, itemHistory, npsMetric, surveyRules, surveySchedule } from "./queries";

// The smallest group that is shown rises while a survey is open: what was promised to those who answered holds for them.

useOwnDatabase();
let pat: SignedIn;
const people: SignedIn[] = [];
const answered = async (survey: string, who: SignedIn[]) => {
  for (const [i, one] of who.entries())
    await answerSurvey(one, { id: survey, answers: { score: [9, 3, 8, 10, 7, 2, 9][i % 7] ?? 0, hours: ["1-2", "over-4", "half-1"][i % 3] ?? "", comment: `words ${i}` } });
};

beforeAll(async () => {
  await aTeam("commerce");
  for (const team of ["checkout", "search"]) await aTeam(team, "commerce");
  pat = await signedIn(await aPerson("pat", { role: "platform-admin" }));
  for (let i = 0; i < 24; i++) people.push(await signedIn(await aPerson(`dev${i}`, { teams: { [i < 12 ? "checkout" : "search"]: "member" } })));
});

test("only the platform team raises it, nobody lowers it, and each refusal says why", async () => {
  expect(await outcome(scheduleSurveys(people[0] as SignedIn, { k: 6 }))).toBe("forbidden");
  for (const k of [4, 0, -1, 5.5, 101, Number.NaN, "6"]) expect(await outcome(scheduleSurveys(pat, { k: k as number }))).toBe("invalid");
  expect(await scheduleSurveys(pat, { k: 6 })).toEqual({ day: 20, k: 6 });
  await expect(scheduleSurveys(pat, { k: 5 })).rejects.toThrow("It is 6 and may only rise");
  expect(await scheduleSurveys(pat, { day: 3 })).toEqual({ day: 3, k: 6 });
  expect(await surveySchedule(pat, {})).toMatchObject({ day: 3, k: 6 });
});

test("a survey keeps the number that it opened with, in its rule, its groups and its words", async () => {
  const first = await openSurvey(pat, {});
  expect(first.k).toBe(6);
  await scheduleSurveys(pat, { k: 12 });
  expect(await surveyRules(people[0] as SignedIn, {})).toEqual({ k: 6 });
  await answered(first.id, [...people.slice(0, 7), ...people.slice(12, 16)]);
  await closeSurvey(pat, { id: first.id });
  const { survey, groups, comments } = await getResults(pat, { id: first.id });
  expect(survey.k).toBe(6);
  const states = Object.fromEntries(groups.map(({ node, cells }) => [node.title, [cells.score.state, cells.score.k, cells.score.n]]));
  expect(states).toMatchObject({ checkout: ["complement", 6, null], search: ["few", 6, null], commerce: ["shown", 6, 11] });
  expect(comments.map(({ title, comments: words }) => [title, words.length])).toEqual([["commerce", 11]]);
  expect(await npsMetric(pat, { node: "group:default/search" })).toMatchObject({ summary: { insufficient: "Hidden: fewer than 6 answers." } });
});

test("the next one is answered and published under the raised number; the one before stays as it is", async () => {
  const next = await openSurvey(pat, {});
  expect(next.k).toBe(12);
  await answered(next.id, [...people.slice(7, 12), ...people.slice(16, 22)]);
  await closeSurvey(pat, { id: next.id });
  const { groups, comments } = await getResults(pat, { id: next.id });
  expect(groups.every(({ cells }) => cells.score.state === "few")).toBe(true);
  expect(comments).toEqual([]);
  const { summary, definition, series } = await npsMetric(pat, { node: "org" });
  expect(summary.insufficient).toBe("Hidden: fewer than 12 answers.");
  expect(definition).toContain("groups of 12 or more");
  expect(series.map(({ n }) => n)).toEqual([11, 0]);
  expect((await itemHistory(pat, { node: "org" })).items.map(({ k, figures }) => [k, figures["hours"]?.n ?? null])).toEqual([
    [6, 11],
    [12, null],
  ]);
});

test("a number that nobody could reach keeps the survey from opening, and says so", async () => {
  await scheduleSurveys(pat, { k: 50 });
  await expect(openSurvey(pat, {})).rejects.toThrow("Results are shown for 50 or more answers");
});
