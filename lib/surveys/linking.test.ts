import { eq, sql } from "drizzle-orm";
import { beforeAll, expect, test } from "vitest";
import { db } from "@/db/client";
import { surveys } from "@/db/schema";
import { databaseNow } from "@/lib/core/ctx";
import { newId } from "@/lib/core/id";
import { useOwnDatabase } from "@/tests/setup/own-database";
import { aPerson, aTeam } from "@/tests/setup/people";
import { answerOnce } from "./answer";
import { openSurveyNow, tendSurveys } from "./jobs";

// Somebody with the whole database tries to tell whose answer is whose. People answer one after the other, each with a score
// that grows with their turn, so that any order left in the tables shows.

useOwnDatabase();
const PEOPLE = 220;
const turns = new Map<string, number>();
const CONCEPTS = ["1-3", "4-7", "8-12", "over-13"];
const scoreOf = (turn: number) => Math.floor((turn * 11) / PEOPLE);
// Follows from the score, so that rows of one person can be told from rows that only stand side by side.
const conceptsOf = (score: number) => CONCEPTS[score % CONCEPTS.length] ?? "";

beforeAll(async () => {
  await aTeam("checkout");
  const ids: string[] = [];
  for (let i = 0; i < PEOPLE; i++) ids.push(await aPerson(`dev${i}`, { teams: { checkout: "member" } }));
  const now = await databaseNow();
  const survey = await db().transaction((tx) => openSurveyNow(tx, now, null));
  const ctx = { actor: { type: "system" as const, name: "surveys" }, requestId: newId("request"), ipPrefix: null };
  for (const [turn, userId] of ids.entries()) {
    turns.set(userId, turn);
    await db().transaction((tx) =>
      answerOnce(tx, { surveyId: survey.id, userId, answers: { score: scoreOf(turn), concepts: conceptsOf(scoreOf(turn)) }, attempt: undefined, now }),
    );
    // Four batches, as they would come about over a day.
    if (turn % 55 === 54) await tendSurveys({ ...ctx, now: new Date(now.getTime() + (turn + 1) * 60_000) });
  }
});

type Place = { xmin: string; place: number; shown: string };

const placesOf = (table: string, column: string, item = "score") =>
  db().execute<Place>(
    sql`select xmin::text as xmin, (ctid::text::point)[0] * 1000 + (ctid::text::point)[1] as place, ${sql.identifier(column)} as shown from ${sql.identifier(table)} where ${table === "survey_answers" ? sql`item = ${item}` : sql`true`}`,
  );

test("after shuffling, every row of a table was written by one transaction", async () => {
  await db().delete(surveys).where(eq(surveys.kind, "one-tap"));
  const [answers, people] = [await placesOf("survey_answers", "value"), await placesOf("survey_participation", "user_id")];
  expect(answers.length).toBe(PEOPLE);
  expect(new Set(answers.map((row) => row.xmin)).size).toBe(1);
  expect(new Set(people.map((row) => row.xmin)).size).toBe(1);
});

test("neither the place of a row nor its key tells in which order people answered", async () => {
  const answers = await placesOf("survey_answers", "value");
  const people = await placesOf("survey_participation", "user_id");
  const byKey = await db().execute<{ shown: string }>(sql`select value as shown from survey_answers where item = 'score' order by id`);
  expect(order(sorted(answers).map((row) => Number(row.shown)))).toBeLessThan(0.35);
  expect(order(sorted(people).map((row) => turns.get(row.shown) ?? 0))).toBeLessThan(0.35);
  expect(order([...byKey].map((row) => Number(row.shown)))).toBeLessThan(0.35);
});

test("pairing the two tables by place finds no more than guessing", async () => {
  const answers = sorted(await placesOf("survey_answers", "value"));
  const people = sorted(await placesOf("survey_participation", "user_id"));
  const right = people.filter((person, i) => Math.floor(((turns.get(person.shown) ?? 0) * 11) / PEOPLE) === Number(answers[i]?.shown)).length;
  // One in eleven is what guessing finds: 20 of 220. Six standard deviations above that are 46.
  expect(right).toBeLessThan(46);
});

test("two items of one person cannot be tied by place or key", async () => {
  const keyed = (item: string) => db().execute<{ shown: string }>(sql`select value as shown from survey_answers where item = ${item} order by id`);
  const [scores, concepts] = [sorted(await placesOf("survey_answers", "value")), sorted(await placesOf("survey_answers", "value", "concepts"))];
  const [scoreKeys, conceptKeys] = [[...(await keyed("score"))], [...(await keyed("concepts"))]];
  for (const [a, b] of [
    [scores, concepts],
    [scoreKeys, conceptKeys],
  ] as const) {
    const fitting = a.filter((row, i) => conceptsOf(Number(row.shown)) === b[i]?.shown).length;
    // Chance fits 56 of 220; six standard deviations above are 95. Kept together, all would fit.
    expect(fitting).toBeLessThan(95);
  }
});

test("no day, and nothing but the survey and the team, stands beside an answer", async () => {
  const [row] = await db().execute<Record<string, unknown>>(sql`select * from survey_answers limit 1`);
  expect(Object.keys(row ?? {}).sort()).toEqual(["id", "item", "node", "survey_id", "value"]);
  expect((await db().select().from(surveys).where(eq(surveys.state, "open"))).length).toBe(1);
});

const sorted = <T extends Place>(rows: Iterable<T>) => [...rows].sort((a, b) => Number(a.place) - Number(b.place));

/** How far from random the order is: absolute correlation with the row's number, 0 to 1. For 220 random rows 0.35 is over five standard deviations. */
function order(values: number[]): number {
  const mean = (numbers: number[]) => numbers.reduce((a, b) => a + b, 0) / numbers.length;
  const places = values.map((_, i) => i);
  const [mx, my] = [mean(places), mean(values)];
  const covariance = mean(places.map((x, i) => (x - mx) * ((values[i] ?? 0) - my)));
  const spread = (numbers: number[], m: number) => Math.sqrt(mean(numbers.map((x) => (x - m) ** 2)));
  return Math.abs(covariance / (spread(places, mx) * spread(values, my)));
}
