import { beforeAll, describe, expect, test } from "vitest";
import { useOwnDatabase } from "@/tests/setup/own-database";
import { aPerson, aTeam, outcome, type SignedIn, signedIn } from "@/tests/setup/people";
import type { AudienceChoice } from "./contract-form";
import { CALENDAR, type FormItem, LIBRARY, type Question, questionsIn } from "./contract-items";
import { answerSurvey, closeSurvey, openSurvey, saveSurveyForm } from "./mutations";
import { getResults, getSurvey, npsMetric, surveyForm } from "./queries";
import { isInThird } from "./tree";

useOwnDatabase();
let pat: SignedIn;
const people: SignedIn[] = [];

beforeAll(async () => {
  for (const name of ["commerce", "foundations"]) await aTeam(name);
  await aTeam("checkout", "commerce");
  await aTeam("identity", "foundations");
  pat = await signedIn(await aPerson("pat", { role: "platform-admin" }));
  for (let i = 0; i < 14; i++) people.push(await signedIn(await aPerson(`dev${i}`, { teams: { [i < 8 ? "checkout" : "identity"]: "member" } })));
});

interface Edit {
  items?: (items: FormItem[]) => FormItem[];
  audience?: AudienceChoice;
  windowDays?: number;
  basedOn?: number;
}

async function save(edit: Edit, by = pat) {
  const form = await surveyForm(pat, {});
  return saveSurveyForm(by, {
    items: edit.items ? edit.items(form.items) : form.items,
    audience: edit.audience ?? form.audience,
    windowDays: edit.windowDays ?? form.windowDays,
    basedOn: edit.basedOn ?? form.version,
  });
}

const reworded = (item: string, text: string) => (items: FormItem[]) => items.map((one) => (one.question.item === item ? { ...one, question: { ...one.question, text } } : one));
const versionOf = (items: FormItem[], item: string) => items.find(({ question }) => question.item === item)?.question.version;
const slowedBy = LIBRARY.find(({ item }) => item === "slowed-by") as Question;

describe("versions", () => {
  test("who saved what and when is kept, and another's saving meanwhile is told", async () => {
    expect(await surveyForm(pat, {})).toMatchObject({ version: 0, windowDays: 7, audience: { kind: "everybody" } });
    expect(await save({ windowDays: 5 })).toMatchObject({ version: 1, windowDays: 5 });
    expect(await outcome(save({ basedOn: 0 }))).toBe("conflict");
    const two = await Promise.all([1, 2].map(() => outcome(save({ windowDays: 6, basedOn: 1 }))));
    expect(two.sort()).toEqual(["conflict", "done"]);
    const { versions } = await surveyForm(pat, {});
    expect(versions.map(({ version, by }) => [version, by])).toEqual([
      [2, "pat"],
      [1, "pat"],
      [0, null],
    ]);
  });

  test("a changed wording is a new series, the old words take up the old one", async () => {
    const changed = await save({ items: reworded("concepts", "How many tools do you need for one change?") });
    expect(versionOf(changed.items, "concepts")).toBe(2);
    expect(versionOf(changed.items, "hours")).toBe(1);
    const again = await save({ items: reworded("concepts", "How many?") });
    expect(versionOf(again.items, "concepts")).toBe(3);
    const back = await save({ items: reworded("concepts", "How many tools do you need for one change?") });
    expect(versionOf(back.items, "concepts")).toBe(2);
  });

  test.each([
    ["without the score", (items: FormItem[]) => items.filter(({ question }) => question.item !== "score")],
    ["with the score off", (items: FormItem[]) => items.map((one) => ({ ...one, on: one.question.item !== "score" }))],
    ["one question twice", (items: FormItem[]) => [...items, ...items.slice(1, 2)]],
    ["a choice without options", (items: FormItem[]) => [...items, { question: { ...slowedBy, item: "own-1", options: [] }, on: true }]],
    [
      "two equal options",
      (items: FormItem[]) => [...items, { question: { ...slowedBy, item: "own-1", options: [slowedBy.options[0], slowedBy.options[0]] as Question["options"] }, on: true }],
    ],
    ["ranges without numbers", (items: FormItem[]) => [...items, { question: { ...slowedBy, item: "own-1", kind: "bucket" as const }, on: true }]],
    ["no wording", reworded("hours", " ")],
    ["a wording that is too long", reworded("hours", "x".repeat(201))],
    ["a name that is none", (items: FormItem[]) => [...items, { question: { ...slowedBy, item: "a:b" }, on: true }]],
    ["thirteen questions", (items: FormItem[]) => [...items, ...Array.from({ length: 8 }, (_, n) => ({ question: { ...slowedBy, item: `own-${n}` }, on: true }))]],
  ])("%s is refused", async (_name, items) => {
    expect(await outcome(save({ items }))).toBe("invalid");
  });

  test("days and teams that do not exist are refused, and everybody but the platform team", async () => {
    expect(await outcome(save({ windowDays: 1 }))).toBe("invalid");
    expect(await outcome(save({ windowDays: 2.5 }))).toBe("invalid");
    expect(await outcome(save({ audience: { kind: "teams", teams: [] } }))).toBe("invalid");
    expect(await outcome(save({ audience: { kind: "teams", teams: ["group:default/nobody"] } }))).toBe("invalid");
    expect(await outcome(save({}, people[0] as SignedIn))).toBe("forbidden");
  });
});

describe("the calendar of months", () => {
  const change = async (edit: (calendar: Question[]) => Question[]) => {
    const { items, audience, windowDays, version, calendar } = await surveyForm(pat, {});
    return saveSurveyForm(pat, { items, audience, windowDays, basedOn: version, calendar: edit(calendar) });
  };
  const inMonth = (month: number, question: Question) => (calendar: Question[]) => calendar.map((one, at) => (at === month - 1 ? question : one));
  const own: Question = { item: "own-1", version: 1, kind: "rating", text: "Our wiki is up to date.", required: false, options: (CALENDAR[0] as Question).options };

  test("comes with twelve questions, one a month, and takes others and one's own", async () => {
    expect((await surveyForm(pat, {})).calendar).toEqual(CALENDAR);
    const { calendar, items } = await change((months) => inMonth(2, own)(inMonth(1, slowedBy)(months)));
    expect([1, 2, 3].map((month) => questionsIn(items, `2027-0${month}`, calendar).at(-1))).toMatchObject([
      { item: "slowed-by", ofMonth: true },
      { item: "own-1", version: 1 },
      { item: "documentation", version: 1 },
    ]);
  });

  test("a changed wording is a new series there as well, also of a question that comes twice", async () => {
    const worded = { ...own, text: "The wiki answers my questions." };
    const { calendar } = await change((months) => inMonth(8, worded)(inMonth(2, worded)(months)));
    expect([calendar[1], calendar[7]]).toMatchObject([
      { item: "own-1", version: 2 },
      { item: "own-1", version: 2 },
    ]);
    expect(await change(() => CALENDAR)).toMatchObject({ calendar: CALENDAR });
    const { calendar: kept } = await save({ windowDays: 6 });
    expect(kept).toEqual(CALENDAR);
  });

  test.each([
    ["eleven months", (months: Question[]) => months.slice(1)],
    ["a second score", inMonth(1, { ...own, kind: "nps" })],
    ["a month within a month", inMonth(1, { ...own, kind: "rotating" })],
    ["no wording", inMonth(1, { ...own, text: "" })],
    ["no options", inMonth(1, { ...own, options: [] })],
    ["one question worded in two ways", (months: Question[]) => inMonth(1, own)(inMonth(2, { ...own, text: "Something else." })(months))],
    ["one that the form words differently", inMonth(1, { ...own, item: "hours" })],
    ["the name of another question's words", inMonth(1, { ...own, item: "comment" })],
  ])("%s is refused", async (_name, edit) => {
    expect(await outcome(change(edit))).toBe("invalid");
  });
});

describe("a survey that is open", () => {
  let survey = "";

  test("asks chosen teams with those below them, and stays as it is while the form is edited", async () => {
    await save({ audience: { kind: "teams", teams: ["group:default/commerce"] }, items: (items) => [...items, { question: slowedBy, on: true }] });
    const opened = await openSurvey(pat, {});
    survey = opened.id;
    expect(opened).toMatchObject({ asked: 8, audience: "1 chosen team" });
    expect(opened.questions).toHaveLength(7);
    expect((await getSurvey(people[9] as SignedIn, { id: survey })).mine).toBe("not-invited");
    await save({ items: (items) => reworded("score", "Would you recommend it?")(items.filter(({ question }) => question.item !== "slowed-by")) });
    expect((await getSurvey(pat, { id: survey })).questions).toEqual(opened.questions);
  });

  test("counts several choices option by option", async () => {
    for (const [i, who] of people.slice(0, 8).entries())
      await answerSurvey(who, { id: survey, answers: { score: [9, 3, 8, 10, 7, 2, 9, 8][i] ?? 0, concepts: "4-7", "slowed-by": i % 2 ? ["tests", "builds"] : ["builds"] } });
    await closeSurvey(pat, { id: survey });
    const [org] = (await getResults(pat, { id: survey })).groups;
    expect(org?.cells["slowed-by:tests"]).toMatchObject({ state: "shown", n: 8, counts: { yes: 4, no: 4 } });
    expect(org?.cells["slowed-by:builds"]).toMatchObject({ state: "mostly", mostly: "yes", counts: null });
    expect(org?.cells["concepts"]).toMatchObject({ state: "mostly", mostly: "4-7" });
    expect(org?.figures["concepts"]).toBeUndefined();
  });

  test("the next one begins a new series of the score", async () => {
    await save({ audience: { kind: "everybody" } });
    const next = await openSurvey(pat, {});
    expect(next.asked).toBe(7);
    for (const [i, who] of people.slice(8).entries()) await answerSurvey(who, { id: next.id, answers: { score: [9, 3, 8, 10, 7, 2][i] ?? 0 } });
    await closeSurvey(pat, { id: next.id });
    const { series, summary } = await npsMetric(pat, { node: "org" });
    expect(series).toHaveLength(1);
    expect(summary).toMatchObject({ n: 6 });
    expect(summary.previous).toBeUndefined();
  });
});

test("a third is asked each month, everybody once a quarter, and the same whoever counts", () => {
  const ids = Array.from({ length: 3_000 }, (_, i) => `usr_${i}`);
  const months = ["2026-10", "2026-11", "2026-12"].map((period) => ids.filter((id) => isInThird(id, period)));
  expect(new Set(months.flat()).size).toBe(3_000);
  expect(months.flat()).toHaveLength(3_000);
  for (const month of months) expect(month.length).toBeGreaterThan(900);
  expect(ids.filter((id) => isInThird(id, "2026-10"))).toEqual(months[0]);
  const again = ids.filter((id) => isInThird(id, "2027-01"));
  expect(again.filter((id) => months[0]?.includes(id)).length).toBeLessThan(450);
});
