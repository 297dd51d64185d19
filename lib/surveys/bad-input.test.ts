import { eq, sql } from "drizzle-orm";
import { beforeAll, describe, expect, test } from "vitest";
import { db } from "@/db/client";
import { memberships, surveyParticipation, teams, users } from "@/db/schema";
import { useOwnDatabase } from "@/tests/setup/own-database";
import { aPerson, aTeam, outcome, type SignedIn, signedIn } from "@/tests/setup/people";
import type { Answers } from "./contract";
import { openSurveyNow, tendSurveys } from "./jobs";
import { answerSurvey, closeSurvey, openSurvey, saveSurveyForm } from "./mutations";
import { getResults, getSurvey, surveyForm } from "./queries";

// What goes wrong while a survey is open: people and teams that change, an organisation that is too small, hostile words, stops.

useOwnDatabase();
let pat: SignedIn;
const people: SignedIn[] = [];
let survey = "";

const HOSTILE = [
  "<script>alert(1)</script>",
  "<img src=x onerror=alert(1)>",
  '=HYPERLINK("https://evil.example")',
  "＝1+1",
  "@SUM(A1)",
  "'; drop table surveys; --",
  "\u202e right to left",
  "half a pair \ud83d",
  "nul \u0000 and bell \u0007",
  "{{constructor.constructor('return process')()}}",
  "#{7*7} <%= 7*7 %>",
  "line one\nline two",
];

const send = (who: SignedIn, answers: unknown) => answerSurvey(who, { id: survey, answers: answers as Answers });

beforeAll(async () => {
  await aTeam("commerce");
  for (const team of ["checkout", "search"]) await aTeam(team, "commerce");
  await aTeam("small");
  pat = await signedIn(await aPerson("pat", { role: "platform-admin" }));
  for (let i = 0; i < 18; i++) people.push(await signedIn(await aPerson(`dev${i}`, { teams: { [i < 7 ? "checkout" : i < 14 ? "search" : "small"]: "member" } })));
});

test("an audience of four is told why it cannot be asked", async () => {
  const { items, windowDays } = await surveyForm(pat, {});
  await saveSurveyForm(pat, { items, windowDays, audience: { kind: "teams", teams: ["group:default/small"] }, basedOn: 0 });
  await expect(openSurvey(pat, {})).rejects.toThrow("4 people would be asked");
  await saveSurveyForm(pat, { items, windowDays, audience: { kind: "everybody" }, basedOn: 1 });
});

test("a stop while it opens leaves nothing, and the next start opens it once", async () => {
  await expect(
    db().transaction(async (tx) => {
      await openSurveyNow(tx, pat.now, null);
      throw new Error("the server stopped");
    }),
  ).rejects.toThrow("the server stopped");
  expect(await db().select().from(surveyParticipation)).toEqual([]);
  survey = (await openSurvey(pat, {})).id;
  expect(await outcome(openSurvey(pat, {}))).toBe("conflict");
});

describe("while it is open", () => {
  test.each([
    [null],
    [[]],
    ["score"],
    [{ score: Number.NaN }],
    [{ score: 1e308 }],
    [{ score: 9, comment: "x".repeat(1_000_000) }],
    [{ score: 9, comment: { toString: "x" } }],
    [{ score: 9, __proto__2: "x" }],
    [{ score: 9, ["x".repeat(1_000)]: "y" }],
    [{ score: 9, hours: ["1-2"] }],
    [{ score: 9, "on-call": "constructor" }],
  ])("answers like %j are refused and change nothing", async (answers) => {
    expect(await outcome(send(people[0] as SignedIn, answers))).toBe("invalid");
    expect((await getSurvey(people[0] as SignedIn, { id: survey })).mine).toBe("invited");
  });

  test("who moves to another team counts in the one that they were asked in; so does who leaves after answering", async () => {
    const [moved, leaves, deleted] = people as [SignedIn, SignedIn, SignedIn];
    await db().update(memberships).set({ teamId: "tea_search" }).where(eq(memberships.userId, moved.actor.id));
    for (const [i, who] of people.slice(0, 14).entries()) await send(who, { score: [9, 3, 8, 10, 7, 2, 9][i % 7], ...(HOSTILE[i] ? { comment: HOSTILE[i] } : {}) });
    await db().update(users).set({ disabledAt: pat.now }).where(eq(users.id, leaves.actor.id));
    await db().delete(users).where(eq(users.id, deleted.actor.id));
    await db().delete(teams).where(eq(teams.id, "tea_search"));
    await tendSurveys({ ...pat, actor: { type: "system", name: "surveys" } });
    await closeSurvey(pat, { id: survey });
    const { groups } = await getResults(pat, { id: survey });
    const shown = Object.fromEntries(groups.map(({ node, cells, asked }) => [node.title, [cells.score.n, asked]]));
    expect(shown).toMatchObject({ commerce: [14, 14], checkout: [7, 7], search: [7, 7], small: [null, 4] });
  });

  test("hostile words are kept as text, with what cannot be stored taken out, and no row tells whose they are", async () => {
    const { comments } = await getResults(pat, { id: survey });
    const words = comments.flatMap((group) => group.comments);
    expect(words).toHaveLength(HOSTILE.length);
    expect(words).toContain("<script>alert(1)</script>");
    expect(words).toContain("nul  and bell");
    expect(words).toContain("half a pair \ufffd");
    const [found] = await db().execute<{ n: number }>(sql`select count(*)::int as n from audit_events where detail::text like '%script%' or detail::text like '%HYPERLINK%'`);
    expect(found?.n).toBe(0);
  });

  test("after it is closed an answer is told so, also by who was never asked", async () => {
    expect(await outcome(send(people[15] as SignedIn, { score: 9 }))).toBe("conflict");
    const late = await signedIn(await aPerson("late"));
    expect(await outcome(send(late, { score: 9 }))).toBe("forbidden");
  });
});
