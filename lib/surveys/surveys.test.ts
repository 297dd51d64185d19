import { sql } from "drizzle-orm";
import { beforeAll, describe, expect, test } from "vitest";
import { db } from "@/db/client";
import { notifications, surveyParticipation } from "@/db/schema";
import { useOwnDatabase } from "@/tests/setup/own-database";
import { aPerson, aTeam, outcome, type SignedIn, signedIn } from "@/tests/setup/people";
import type { Answers } from "./contract";
import { answerSurvey, closeSurvey, openSurvey } from "./mutations";
import { getParticipation, getResults, getSurvey, npsMetric } from "./queries";

useOwnDatabase();
let pat: SignedIn;
let max: SignedIn;
const people: SignedIn[] = [];
let late: SignedIn;
let survey = "";

const MIXED: Partial<Answers>[] = [
  { score: 10, hours: "half-1", outcome: "4", reason: "speed", comment: "<script>alert(1)</script>" },
  { score: 9, hours: "1-2", outcome: "5" },
  { score: 9, comment: "=HYPERLINK(1)" },
  { score: 8, hours: "over-4", outcome: "3" },
  { score: 7, hours: "2-3" },
  { score: 3, hours: "none", outcome: "none" },
  { score: 0, reason: "other", comment: "nul \u0000 byte" },
  { score: 10, hours: "under-half" },
];

beforeAll(async () => {
  await aTeam("commerce");
  await aTeam("checkout", "commerce");
  await aTeam("search", "commerce");
  pat = await signedIn(await aPerson("pat", { role: "platform-admin" }));
  max = await signedIn(await aPerson("max", { role: "manager", teams: { commerce: "member" } }));
  for (let i = 0; i < 8; i++) people.push(await signedIn(await aPerson(`dev${i}`, { teams: { [i < 6 ? "checkout" : "search"]: "member" } })));
});

const sent = (who: SignedIn, answers: object, attempt?: string) => answerSurvey(who, { id: survey, answers: answers as Answers, ...(attempt ? { attempt } : {}) });

describe("the life of a survey", () => {
  test("an admin opens it once, and everybody who is here is invited", async () => {
    expect(await outcome(openSurvey(people[0] as SignedIn, {}))).toBe("forbidden");
    const opened = await openSurvey(pat, {});
    survey = opened.id;
    expect(opened).toMatchObject({ state: "open", asked: 10, answered: 0, mine: "invited" });
    expect(await outcome(openSurvey(pat, {}))).toBe("conflict");
    const invited = await db().select().from(notifications);
    expect(invited.filter((one) => one.kind === "survey-open")).toHaveLength(10);
    late = await signedIn(await aPerson("late", { teams: { search: "member" } }));
  });

  test("each person answers once: a repeat of the same attempt is safe, another tab is told", async () => {
    const [first, ...others] = people;
    expect(await sent(first as SignedIn, MIXED[0] as object, "attempt-0001")).toMatchObject({ received: true, repeated: false });
    expect(await sent(first as SignedIn, MIXED[1] as object, "attempt-0001")).toMatchObject({ received: true, repeated: true });
    expect(await outcome(sent(first as SignedIn, MIXED[0] as object, "attempt-0002"))).toBe("conflict");
    expect(await outcome(sent(first as SignedIn, MIXED[0] as object))).toBe("conflict");
    const twoTabs = await Promise.all([1, 2].map((tab) => outcome(sent(others[0] as SignedIn, MIXED[1] as object, `attempt-tab-${tab}`))));
    expect(twoTabs.sort()).toEqual(["conflict", "done"]);
    for (const [i, who] of others.slice(1).entries()) await sent(who, MIXED[i + 2] as object);
    expect(await getParticipation(max, { id: survey })).toMatchObject({ asked: 10, answered: 8 });
    expect(await getSurvey(first as SignedIn, { id: survey })).toMatchObject({ mine: "answered" });
  });

  test("who was not invited may not answer, and nobody by a token", async () => {
    expect(await outcome(sent(late, { score: 5 }))).toBe("forbidden");
    const byToken = { ...max, actor: { ...max.actor, credential: { type: "token" as const, id: "tok_x", scopes: ["read" as const, "admin" as const] } } };
    expect(await outcome(sent(byToken, { score: 5 }))).toBe("forbidden");
    expect(await outcome(answerSurvey(max, { id: "svy_missing", answers: { score: 5 } }))).toBe("not_found");
  });

  test.each([
    [{}],
    [{ score: 11 }],
    [{ score: -1 }],
    [{ score: 5.5 }],
    [{ score: "5" }],
    [{ score: null }],
    [{ score: 5, hours: "7" }],
    [{ score: 5, outcome: "9" }],
    [{ score: 5, reason: "<b>" }],
    [{ score: 5, comment: "x".repeat(1_000_000) }],
    [{ score: 5, userId: "usr_other" }],
  ])("the answers %j are refused", async (answers) => {
    expect(await outcome(sent(max, answers))).toBe("invalid");
    expect(await getSurvey(max, { id: survey })).toMatchObject({ mine: "invited" });
  });

  test("results appear at closing and not before; closing twice is told", async () => {
    expect(await outcome(getResults(pat, { id: survey }))).toBe("conflict");
    expect(await outcome(closeSurvey(max, { id: survey }))).toBe("forbidden");
    expect(await closeSurvey(pat, { id: survey })).toMatchObject({ state: "closed", answered: 8 });
    expect(await outcome(closeSurvey(pat, { id: survey }))).toBe("conflict");
    expect(await outcome(sent(max, { score: 5 }))).toBe("conflict");
  });

  test("the manager sees the division's score; the teams hide each other, because one of them is too small", async () => {
    const { groups, comments } = await getResults(max, { id: survey });
    expect(groups.map(({ node, nps, cells }) => [node.title, cells.score.state, cells.score.n, nps?.value ?? null])).toEqual([
      ["Waymark", "shown", 8, 25],
      ["commerce", "shown", 8, 25],
      ["checkout", "complement", null, null],
      ["search", "few", null, null],
    ]);
    expect(comments).toEqual([]);
    expect(groups[1]?.cells.score.counts).toEqual({ promoters: 4, passives: 2, detractors: 2 });
  });

  test("an engineer sees the organisation and their own team, somebody else's not", async () => {
    const seen = (await getResults(people[7] as SignedIn, { id: survey })).groups.map(({ node }) => node.title);
    expect(seen).toEqual(["Waymark", "search"]);
    expect(await outcome(npsMetric(people[7] as SignedIn, { node: "group:default/checkout" }))).toBe("not_found");
    expect(await outcome(npsMetric(people[7] as SignedIn, { node: "group:default/nobody" }))).toBe("not_found");
  });

  test("the metric has value, interval, n and response rate, or says why not", async () => {
    const metric = await npsMetric(max, { node: "org" });
    expect(metric).toMatchObject({ metric: "nps", data: "live", summary: { value: 25, n: 8, responseRate: 0.8 } });
    expect(metric.summary.low).toBeLessThan(25);
    expect(metric.series).toHaveLength(1);
    expect(await npsMetric(max, { node: "group:default/search" })).toMatchObject({ summary: { value: null, insufficient: "Hidden: fewer than 5 answers." } });
    expect(await npsMetric(max, { metric: "non-core-time", node: "org" })).toMatchObject({ summary: { value: 2, median: 1.5, n: 5 } });
    expect(await npsMetric(max, { node: "org", from: "2020-01-01", to: "2020-02-01" })).toMatchObject({ summary: { value: null, n: 0 }, series: [] });
    expect(await outcome(npsMetric(max, { node: "org", from: "2020-02-01", to: "2020-01-01" }))).toBe("invalid");
  });

  test("published results never change", async () => {
    await expect(db().execute(sql`update survey_results set cell = '{}'`)).rejects.toThrow();
    await expect(db().execute(sql`delete from survey_results`)).rejects.toThrow();
  });

  test("a second survey in the same month asks nobody who answered the first; without answers it publishes nothing but that", async () => {
    expect(await outcome(openSurvey(pat, {}))).toBe("conflict");
    for (const name of ["new1", "new2"]) await aPerson(name, { teams: { search: "member" } });
    const second = await openSurvey(pat, {});
    expect(second.title).toMatch(/ \(2\)$/);
    expect(second.asked).toBe(5);
    await closeSurvey(pat, { id: second.id });
    const { groups } = await getResults(max, { id: second.id });
    expect(groups.every(({ cells, nps }) => cells.score.state === "few" && nps === null)).toBe(true);
  });
});

test("nothing that was stored tells whose answer is whose", async () => {
  expect(await db().select().from(surveyParticipation)).toSatisfy((rows: { attempt: string | null }[]) => rows.every((row) => row.attempt === null));
  const columns = await db().execute<{ table_name: string; column_name: string; data_type: string }>(
    sql`select table_name, column_name, data_type from information_schema.columns where table_name in ('survey_answers', 'survey_box') order by 1, 2`,
  );
  expect([...columns].map((one) => `${one.table_name}.${one.column_name} ${one.data_type}`)).toEqual([
    "survey_answers.id uuid",
    "survey_answers.item text",
    "survey_answers.node text",
    "survey_answers.survey_id text",
    "survey_answers.value text",
    "survey_box.id uuid",
    "survey_box.sealed text",
    "survey_box.survey_id text",
  ]);
  const audited = await db().execute<{ name: string }>(sql`select name from audit_events where name = 'survey.answer' and result = 'done'`);
  expect([...audited]).toEqual([]);
});
