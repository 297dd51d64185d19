import { count, eq, sql } from "drizzle-orm";
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { db } from "@/db/client";
import { notifications, surveyAnswers, surveyBox, surveyParticipation, surveys } from "@/db/schema";
import { useOwnDatabase } from "@/tests/setup/own-database";
import { aPerson, aTeam, outcome, type SignedIn, signedIn } from "@/tests/setup/people";
import { nextOpening } from "./calendar";
import { tendSurveys } from "./jobs";
import { answerSurvey, openSurvey, saveSurveyForm, scheduleSurveys } from "./mutations";
import { surveyForm } from "./queries";

useOwnDatabase();
const DAY_MS = 86_400_000;
let pat: SignedIn;
const people: SignedIn[] = [];

beforeAll(async () => {
  await aTeam("checkout");
  pat = await signedIn(await aPerson("pat", { role: "platform-admin" }));
  // The question after a run has a test of its own.
  const { items, audience, windowDays } = await surveyForm(pat, {});
  await saveSurveyForm(pat, { items, audience, windowDays, oneTap: false, basedOn: 0 });
  for (let i = 0; i < 3; i++) people.push(await signedIn(await aPerson(`dev${i}`, { teams: { checkout: "member" } })));
});

beforeEach(async () => {
  await db().delete(surveys).where(eq(surveys.state, "scheduled"));
});

const at = (start: Date, days: number) => ({ ...pat, actor: { type: "system" as const, name: "surveys" }, now: new Date(start.getTime() + days * DAY_MS) });
const noticesOf = async (kind: string) => (await db().select({ userId: notifications.userId }).from(notifications).where(eq(notifications.kind, kind))).map((row) => row.userId);

test("with four people nothing could ever be shown, so no survey opens: by hand it says why, by schedule the next month is taken", async () => {
  await expect(openSurvey(pat, {})).rejects.toThrow("4 people would be asked. Results are shown for 5 or more answers");
  await tendSurveys(pat);
  const [waiting] = await db().select().from(surveys);
  expect(waiting).toMatchObject({ state: "scheduled" });
  await tendSurveys({ ...pat, now: new Date((waiting?.opensAt ?? pat.now).getTime() + 1_000) });
  const [next, ...more] = await db().select().from(surveys);
  expect(more).toEqual([]);
  expect(next?.opensAt.getTime()).toBeGreaterThan((waiting?.opensAt ?? pat.now).getTime());
});

describe("by itself", () => {
  let opened: Date;

  test("a survey opens late when nobody ran on its day, once for two replicas, and invites everybody", async () => {
    for (let i = 3; i < 12; i++) people.push(await signedIn(await aPerson(`dev${i}`, { teams: { checkout: "member" } })));
    await tendSurveys(pat);
    const [waiting] = await db().select().from(surveys).where(eq(surveys.state, "scheduled"));
    opened = new Date((waiting?.opensAt ?? pat.now).getTime() + 5 * DAY_MS);
    await Promise.all([tendSurveys(at(opened, 0)), tendSurveys(at(opened, 0))]);
    await tendSurveys(at(opened, 0));
    const rows = await db().select().from(surveys);
    expect(rows.map((row) => row.state).sort()).toEqual(["open", "scheduled"]);
    expect(new Set(await noticesOf("survey-open")).size).toBe(13);
    expect(await noticesOf("survey-open")).toHaveLength(13);
  });

  test("those who have not answered are reminded on day 3 and day 6, never twice, and nobody else", async () => {
    const [survey] = await db().select().from(surveys).where(eq(surveys.state, "open"));
    const answer = (who: SignedIn) => answerSurvey({ ...who, now: opened }, { id: survey?.id ?? "", answers: { score: 9 } });
    await answer(people[0] as SignedIn);
    await tendSurveys(at(opened, 2.9));
    expect(await noticesOf("survey-reminder")).toEqual([]);
    await Promise.all([tendSurveys(at(opened, 3)), tendSurveys(at(opened, 3))]);
    await tendSurveys(at(opened, 4));
    expect(await noticesOf("survey-reminder")).toHaveLength(12);
    await answer(people[1] as SignedIn);
    await tendSurveys(at(opened, 6.5));
    const reminded = await noticesOf("survey-reminder");
    expect(reminded).toHaveLength(12 + 11);
    expect(reminded).not.toContain(people[0]?.actor.id);
    expect(reminded.filter((one) => one === people[1]?.actor.id)).toHaveLength(1);
  });

  test("answers wait sealed until five have come together", async () => {
    const [survey] = await db().select().from(surveys).where(eq(surveys.state, "open"));
    const boxed = async () => (await db().select().from(surveyBox)).length;
    expect(await boxed()).toBe(2);
    const sealed = await db().select().from(surveyBox);
    expect(new Set(sealed.map((row) => row.sealed.length)).size).toBe(1);
    await tendSurveys(at(opened, 6.6));
    expect(await boxed()).toBe(2);
    for (const who of people.slice(2, 6)) await answerSurvey({ ...who, now: opened }, { id: survey?.id ?? "", answers: { score: 3, hours: "1-2", comment: "words" } });
    await tendSurveys(at(opened, 6.7));
    expect(await boxed()).toBe(0);
    const [answers] = await db().select({ n: count() }).from(surveyAnswers);
    expect(answers?.n).toBe(2 + 4 * 3);
    const [marked] = await db()
      .select({ n: count(surveyParticipation.answeredOn) })
      .from(surveyParticipation);
    expect(marked?.n).toBe(6);
  });

  test("it closes after seven days, with what had not been shuffled yet", async () => {
    const [survey] = await db().select().from(surveys).where(eq(surveys.state, "open"));
    const id = survey?.id ?? "";
    await answerSurvey({ ...(people[6] as SignedIn), now: new Date(opened.getTime() + 6.9 * DAY_MS) }, { id, answers: { score: 8 } });
    expect(await outcome(answerSurvey({ ...(people[7] as SignedIn), now: new Date(opened.getTime() + 7 * DAY_MS) }, { id, answers: { score: 8 } }))).toBe("conflict");
    await tendSurveys(at(opened, 7));
    const [closed] = await db().select().from(surveys).where(eq(surveys.id, id));
    expect(closed?.state).toBe("closed");
    const cells = await db().execute<{ cell: { n: number } }>(sql`select cell from survey_results where survey_id = ${id} and item = 'score' and node = 'org'`);
    expect([...cells].map((row) => row.cell.n)).toEqual([7]);
    const names = await db().execute<{ name: string }>(sql`select name from audit_events where actor_type = 'system' order by seq`);
    expect([...names].map((row) => row.name)).toEqual(["survey.open", "survey.close"]);
  });
});

describe("the schedule", () => {
  const waiting = () => db().select().from(surveys).where(eq(surveys.state, "scheduled"));

  test("an admin moves the day or switches it off; 29 and fractions are refused", async () => {
    await scheduleSurveys(pat, { day: 3 });
    expect((await waiting())[0]?.opensAt.getUTCDate()).toBe(3);
    await scheduleSurveys(pat, { day: 0 });
    expect(await waiting()).toEqual([]);
    expect(await outcome(scheduleSurveys(pat, { day: 29 }))).toBe("invalid");
    expect(await outcome(scheduleSurveys(pat, { day: 1.5 }))).toBe("invalid");
    expect(await outcome(scheduleSurveys(people[0] as SignedIn, { day: 3 }))).toBe("forbidden");
  });

  test.each([
    ["UTC", "2026-11-19T00:00:00Z", 20, "2026-11-20T09:00:00.000Z"],
    ["UTC", "2026-11-20T09:00:00Z", 20, "2026-12-20T09:00:00.000Z"],
    ["Europe/Berlin", "2026-06-01T00:00:00Z", 20, "2026-06-20T07:00:00.000Z"],
    ["Europe/Berlin", "2026-12-01T00:00:00Z", 20, "2026-12-20T08:00:00.000Z"],
    ["Pacific/Auckland", "2026-12-31T23:00:00Z", 1, "2027-01-31T20:00:00.000Z"],
    ["America/Los_Angeles", "2026-12-31T20:00:00Z", 28, "2027-01-28T17:00:00.000Z"],
  ])("in %s after %s day %i is %s", (zone, now, day, expected) => {
    expect(nextOpening(day, zone, new Date(now), new Set()).opensAt.toISOString()).toBe(expected);
  });

  test("a month that had its survey is left out", () => {
    expect(nextOpening(20, "UTC", new Date("2026-11-01T00:00:00Z"), new Set(["2026-11"])).period).toBe("2026-12");
  });
});
