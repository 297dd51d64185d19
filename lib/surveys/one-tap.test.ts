import { and, eq } from "drizzle-orm";
import { beforeAll, describe, expect, test } from "vitest";
import { db } from "@/db/client";
import { surveyAnswers, surveyBox, surveyParticipation, surveys } from "@/db/schema";
import { useOwnDatabase } from "@/tests/setup/own-database";
import { aPerson, aTeam, outcome, type SignedIn, signedIn } from "@/tests/setup/people";
import type { Question } from "./contract-items";
import { forReader } from "./contract-languages";
import { tendSurveys } from "./jobs";
import { answerOneTap, answerSurvey, openSurvey, saveSurveyForm, scheduleSurveys } from "./mutations";
import { listSurveys, npsMetric, oneTap, oneTapResults, surveyForm } from "./queries";

useOwnDatabase();
const DAY_MS = 86_400_000;
const GERMAN = { "Was this outcome clear?": "War dieses Ergebnis klar?", Yes: "Ja", No: "Nein" };
const at = (day: string) => new Date(`${day}T12:00:00Z`);
let pat: SignedIn;
const people: SignedIn[] = [];
const system = (now: Date) => ({ ...pat, actor: { type: "system" as const, name: "surveys" }, now });
const on = (who: SignedIn, day: string): SignedIn => ({ ...who, now: at(day) });
const openOne = async () =>
  (
    await db()
      .select()
      .from(surveys)
      .where(and(eq(surveys.kind, "one-tap"), eq(surveys.state, "open")))
  )[0];

beforeAll(async () => {
  await aTeam("checkout");
  pat = await signedIn(await aPerson("pat", { role: "platform-admin" }));
  for (let i = 0; i < 4; i++) people.push(await signedIn(await aPerson(`dev${i}`, { teams: { checkout: "member" } })));
});

describe("the question after a run", () => {
  test("opens for the month as soon as enough people are there, once, and nobody is told", async () => {
    await db().delete(surveys);
    await scheduleSurveys(pat, { day: 0 });
    await saveSurveyForm(pat, { ...(await formOf()), oneTap: false });
    for (let i = 4; i < 14; i++) people.push(await signedIn(await aPerson(`dev${i}`, { teams: { checkout: "member" } })));
    await tendSurveys(system(at("2027-03-05")));
    expect(await openOne()).toBeUndefined();
    expect((await oneTap(on(people[0] as SignedIn, "2027-03-05"), {})).question).toBeNull();
    await saveSurveyForm(pat, { ...(await formOf()), oneTap: true, translations: { de: GERMAN, fr: { "What is the main reason?": "Pourquoi ?" } } });
    await Promise.all([tendSurveys(system(at("2027-03-05"))), tendSurveys(system(at("2027-03-05")))]);
    await tendSurveys(system(at("2027-03-06")));
    expect(await openOne()).toMatchObject({ period: "2027-03", closesAt: new Date("2027-04-01T09:00:00Z") });
    expect((await listSurveys(pat, { state: "open" })).items.filter((one) => one.questions.length === 1)).toEqual([]);
  });

  test("is asked in the languages that its texts had when the month opened, and answered with the same values", async () => {
    const who = on(people[9] as SignedIn, "2027-03-06");
    const { question, translations } = await oneTap(who, {});
    expect(translations).toEqual({ de: GERMAN });
    await saveSurveyForm(pat, { ...(await formOf()), translations: {} });
    expect((await oneTap(who, {})).translations).toEqual({ de: GERMAN });
    const asked = forReader([question as Question], translations, { address: undefined, kept: "de", accepted: "fr" });
    expect(asked).toMatchObject({
      language: "de",
      languages: [
        { code: "en", name: "English" },
        { code: "de", name: "Deutsch" },
      ],
      questions: [
        {
          lang: "de",
          question: {
            text: "War dieses Ergebnis klar?",
            options: [
              { value: "yes", label: "Ja" },
              { value: "partly", label: "Partly" },
              { value: "no", label: "Nein" },
            ],
          },
        },
      ],
    });
    expect((await oneTap(on(people[0] as SignedIn, "2027-05-05"), {})).translations).toEqual({});
  });

  test("is asked at most once in 14 days, also of who puts it away", async () => {
    const [ada, bo] = people as [SignedIn, SignedIn];
    const asked = async (who: SignedIn, day: string) => (await oneTap(on(who, day), {})).question !== null;
    expect(await asked(ada, "2027-03-06")).toBe(true);
    await answerOneTap(on(ada, "2027-03-06"), { answer: "yes", attempt: "attempt-0001" });
    expect(await outcome(answerOneTap(on(ada, "2027-03-06"), { answer: "yes", attempt: "attempt-0001" }))).toBe("done");
    await expect(answerOneTap(on(ada, "2027-03-07"), { answer: "no" })).rejects.toThrow("You have said so this month already. The first answer counts");
    expect(await asked(ada, "2027-03-30")).toBe(false);
    expect(await answerOneTap(on(bo, "2027-03-06"), { answer: null })).toEqual({ received: false });
    expect(await asked(bo, "2027-03-19")).toBe(false);
    expect(await outcome(answerOneTap(on(bo, "2027-03-19"), { answer: "no" }))).toBe("conflict");
    expect(await asked(bo, "2027-03-20")).toBe(true);
    expect(await outcome(answerOneTap(on(bo, "2027-03-20"), { answer: "maybe" as "no" }))).toBe("invalid");
  });

  test("goes into the same box, shuffled, and is published when the month closes; the next month begins anew", async () => {
    for (const [i, who] of people.slice(1, 9).entries()) await answerOneTap(on(who, "2027-03-28"), { answer: i % 2 ? "yes" : "partly" });
    expect(await db().select().from(surveyBox)).toHaveLength(9);
    await tendSurveys(system(at("2027-03-28")));
    expect(await db().select().from(surveyBox)).toEqual([]);
    expect(await db().select().from(surveyAnswers)).toHaveLength(9);
    expect((await oneTapResults(pat, { node: "org", data: "live" })).items).toEqual([]);
    await tendSurveys(system(at("2027-04-01")));
    const { items } = await oneTapResults(pat, { node: "org", data: "live" });
    expect(items).toMatchObject([{ title: "March 2027", cell: { state: "shown", n: 9, counts: { yes: 5, partly: 4 } } }]);
    expect(await openOne()).toMatchObject({ period: "2027-04" });
    expect((await oneTap(on(people[3] as SignedIn, "2027-04-05"), {})).question).toBeNull();
    expect(await outcome(answerOneTap(on(people[3] as SignedIn, "2027-04-05"), { answer: "yes" }))).toBe("conflict");
    const april = await openOne();
    expect(await outcome(answerSurvey(on(people[3] as SignedIn, "2027-04-05"), { id: april?.id ?? "", answers: { "clear-outcome": "yes" } }))).toBe("conflict");
    expect(
      (
        await db()
          .select()
          .from(surveyParticipation)
          .where(eq(surveyParticipation.surveyId, april?.id ?? ""))
      ).every((row) => row.answeredOn === null),
    ).toBe(true);
  });

  test("has nothing to do with the monthly survey: both are open, and the score is untouched", async () => {
    const monthly = await openSurvey({ ...pat, now: new Date(at("2027-04-05").getTime() + DAY_MS) }, {});
    expect(monthly.asked).toBe(15);
    expect((await npsMetric(pat, { node: "org", from: "2027-01-01", to: "2027-12-31" })).series).toEqual([]);
  });
});

async function formOf() {
  const { items, audience, windowDays, version } = await surveyForm(pat, {});
  return { items, audience, windowDays, basedOn: version };
}
