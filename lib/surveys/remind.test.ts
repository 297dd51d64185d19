import { and, eq, like } from "drizzle-orm";
import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { db } from "@/db/client";
import { deliveries, notifications, surveyPreferences, surveys, users } from "@/db/schema";
import { databaseNow } from "@/lib/core/ctx";
import { storeOutlet } from "@/lib/notifications/connections";
import { useOwnDatabase } from "@/tests/setup/own-database";
import { aPerson, aTeam, outcome, type SignedIn, signedIn } from "@/tests/setup/people";
import { answerOnce } from "./answer";
import { openSurveyNow } from "./jobs";
import { setSurveyPreferences } from "./mutations";
import { choose } from "./preferences";
import { surveyPreferences as readPreferences } from "./queries";
import { remind } from "./remind";

useOwnDatabase();
const DAY_MS = 86_400_000;
let start: Date;
let ada: SignedIn;
const people: string[] = [];
const after = (days: number) => new Date(start.getTime() + days * DAY_MS);
const dayAfter = (days: number) => after(days).toISOString().slice(0, 10);

beforeAll(async () => {
  await aTeam("checkout");
  for (let i = 0; i < 6; i++) people.push(await aPerson(`dev${i}`, { teams: { checkout: "member" } }));
  ada = await signedIn(people[0] ?? "");
  start = await databaseNow();
  await storeOutlet(db(), "email", { url: "smtp://127.0.0.1:1", from: "waymark@example.com" }, null, start);
  await storeOutlet(db(), "chat", { url: "https://chat.example.com/hook", from: null }, null, start);
});

async function freshSurvey() {
  for (const table of [surveys, notifications, deliveries, surveyPreferences]) await db().delete(table);
  return db().transaction((tx) => openSurveyNow(tx, start, null));
}

const pass = (id: string, days: number, dies = false) =>
  db()
    .transaction(async (tx) => {
      const [survey] = await tx.select().from(surveys).where(eq(surveys.id, id)).for("update");
      if (survey) await remind(tx, survey, after(days));
      if (dies) throw new Error("the server stopped");
    })
    .catch((error: Error) => {
      if (error.message !== "the server stopped") throw error;
    });

const noticesOf = (userId: string, key: string) =>
  db()
    .select()
    .from(notifications)
    .where(and(eq(notifications.userId, userId), like(notifications.dedupeKey, `${key}%`)));
const mailsOf = (userId: string) => db().select().from(deliveries).where(eq(deliveries.userId, userId));

describe("a person", () => {
  test("puts it off until a day that lies ahead and before the end, and takes it back", async () => {
    await freshSurvey();
    const say = (snoozedUntil: string | null) => outcome(setSurveyPreferences(ada, { snoozedUntil }));
    expect(await say(dayAfter(0))).toBe("invalid");
    expect(await say(dayAfter(-1))).toBe("invalid");
    expect(await say(dayAfter(9))).toBe("invalid");
    expect(await say("tomorrow")).toBe("invalid");
    expect(await say(dayAfter(2))).toBe("done");
    expect(await readPreferences(ada, {})).toEqual({ isOptedOut: false, snoozedUntil: dayAfter(2) });
    expect(await say(null)).toBe("done");
    await db().delete(surveys);
    expect(await say(dayAfter(2))).toBe("invalid");
  });

  test("who has left the company since it opened is not reminded", async () => {
    const { id } = await freshSurvey();
    const gone = people[2] ?? "";
    await db().update(users).set({ disabledAt: start }).where(eq(users.id, gone));
    await db().transaction((tx) => choose(tx, gone, { snoozedUntil: dayAfter(2) }));
    for (const day of [2, 3, 6]) await pass(id, day);
    expect(await noticesOf(gone, "survey-reminder")).toEqual([]);
    expect(await noticesOf(gone, "survey-snoozed")).toEqual([]);
    expect(await noticesOf(people[3] ?? "", "survey-reminder")).toHaveLength(2);
    await db().update(users).set({ disabledAt: null }).where(eq(users.id, gone));
  });

  test("who put it off is reminded on their day and not before", async () => {
    const { id } = await freshSurvey();
    await db().transaction((tx) => choose(tx, people[0] ?? "", { snoozedUntil: dayAfter(5) }));
    await pass(id, 3);
    await pass(id, 4.9);
    expect(await noticesOf(people[0] ?? "", "survey-reminder")).toEqual([]);
    expect(await noticesOf(people[1] ?? "", "survey-reminder")).toHaveLength(1);
    await pass(id, 5.1);
    await pass(id, 5.2);
    expect(await noticesOf(people[0] ?? "", "survey-snoozed")).toHaveLength(1);
  });

  test("and not a second time on that day, when the third day falls on it", async () => {
    const { id } = await freshSurvey();
    await db().transaction((tx) => choose(tx, people[0] ?? "", { snoozedUntil: dayAfter(3) }));
    await pass(id, 3);
    await pass(id, 3.01);
    expect(await noticesOf(people[0] ?? "", "survey-")).toHaveLength(2);
    expect(await noticesOf(people[1] ?? "", "survey-reminder")).toHaveLength(1);
  });

  test("who opted out is neither reminded nor asked again, and their mail is taken back", async () => {
    const { id } = await freshSurvey();
    expect(await mailsOf(ada.actor.id)).toHaveLength(1);
    await setSurveyPreferences(ada, { isOptedOut: true });
    expect(await mailsOf(ada.actor.id)).toEqual([]);
    await pass(id, 6);
    expect(await noticesOf(ada.actor.id, "survey-reminder")).toEqual([]);
    await db().delete(surveys);
    const next = await db().transaction((tx) => openSurveyNow(tx, after(40), null));
    expect(next.tree[0]?.asked).toBe(5);
    expect(await noticesOf(ada.actor.id, `survey-open:${next.id}`)).toEqual([]);
  });

  test("the chat channel is told at opening and at each reminder", async () => {
    const { id } = await freshSurvey();
    for (const day of [1, 3, 3.5, 6, 6.5]) await pass(id, day);
    expect(await db().select().from(deliveries).where(eq(deliveries.channel, "chat"))).toHaveLength(3);
  });
});

type Step = { days: number; who: number; does: "pass" | "dies" | "two replicas" | "answer" | "opt out" | "snooze" };

const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.record({ days: fc.double({ min: 0, max: 6.9, noNaN: true }), who: fc.nat(5), does: fc.constantFrom("pass", "dies", "two replicas", "answer", "opt out", "snooze") }),
  { minLength: 4, maxLength: 14 },
);

test("whatever happens in whatever order, with stops and replicas: nobody is told twice, and nobody who has answered or opted out", async () => {
  await fc.assert(
    fc.asyncProperty(steps, async (some) => {
      const { id } = await freshSurvey();
      const done = new Map<string, number>();
      for (const { days, who, does } of [...some].sort((a, b) => a.days - b.days)) {
        const userId = people[who] ?? "";
        if (does === "pass") await pass(id, days);
        if (does === "dies") await pass(id, days, true);
        if (does === "two replicas") await Promise.all([pass(id, days), pass(id, days)]);
        if (does === "snooze") await db().transaction((tx) => choose(tx, userId, { snoozedUntil: dayAfter(days + 1) }));
        if (does === "opt out") await db().transaction((tx) => choose(tx, userId, { isOptedOut: true }));
        if (does === "answer") await outcome(db().transaction((tx) => answerOnce(tx, { surveyId: id, userId, answers: { score: 8 }, attempt: undefined, now: after(days) })));
        const isQuietNow = (does === "answer" || does === "opt out") && !done.has(userId);
        if (isQuietNow) done.set(userId, (await noticesOf(userId, "survey-")).length);
      }
      for (const userId of people) {
        const notices = await noticesOf(userId, "survey-");
        const byDay = ["survey-open", "survey-reminder:"].map((key) => notices.filter((one) => one.dedupeKey.startsWith(key)).length);
        expect(byDay[0]).toBe(1);
        expect(byDay[1]).toBeLessThanOrEqual(2);
        expect(new Set(notices.map((one) => one.dedupeKey)).size).toBe(notices.length);
        const quietFrom = done.get(userId);
        if (quietFrom !== undefined) {
          expect(notices.length).toBe(quietFrom);
          expect(await mailsOf(userId)).toEqual([]);
        }
      }
    }),
    { numRuns: 25 },
  );
});
