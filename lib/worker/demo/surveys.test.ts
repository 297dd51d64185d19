import { beforeAll, expect, test } from "vitest";
import { db } from "@/db/client";
import { seedDemoPeople } from "@/db/seed/demo-people";
import { databaseNow, systemCtx } from "@/lib/core/ctx";
import { removeDemoSurveys } from "@/lib/surveys/mutations";
import { getResults, itemHistory, listChanges, listSurveys, npsMetric } from "@/lib/surveys/queries";
import { useOwnDatabase } from "@/tests/setup/own-database";
import { seedDemoSurveys } from "./seed-surveys";

useOwnDatabase();
const YEAR_AND_A_MONTH_MS = 400 * 86_400_000;

beforeAll(async () => {
  for (const name of ["OIDC_ISSUER", "OIDC_CLIENT_ID", "OIDC_CLIENT_SECRET"]) delete process.env[name];
  const now = await databaseNow();
  await db().transaction(async (tx) => {
    await seedDemoPeople(tx);
    await seedDemoSurveys(tx, now);
    await seedDemoSurveys(tx, now);
  });
});

test("the demo company answered twelve surveys, once, and one is open to everybody", async () => {
  const ctx = await systemCtx("test");
  const { items } = await listSurveys(ctx, {});
  expect(items.filter((survey) => survey.isDemo && survey.state === "closed")).toHaveLength(12);
  expect(items.filter((survey) => !survey.isDemo)).toMatchObject([{ state: "open", answered: 0, asked: 161 }]);
});

test("the score rose after sandboxes came, by more than chance, and never mixes with live answers", async () => {
  const ctx = await systemCtx("test");
  const metric = await npsMetric(ctx, { node: "org", from: new Date(ctx.now.getTime() - YEAR_AND_A_MONTH_MS).toISOString() });
  expect(metric.data).toBe("demo");
  expect(metric.series).toHaveLength(12);
  const values = metric.series.map((point) => point.value ?? 0);
  const mean = (some: number[]) => some.reduce((a, b) => a + b, 0) / some.length;
  expect(mean(values.slice(5)) - mean(values.slice(0, 5))).toBeGreaterThan(10);
  expect((await npsMetric(ctx, { node: "org", data: "live" })).summary).toMatchObject({ value: null, n: 0 });
});

test("fewer hours and concepts and clearer outcomes follow the changes, month by month", async () => {
  const ctx = await systemCtx("test");
  const { items } = await itemHistory(ctx, { node: "org", data: "demo" });
  expect(items).toHaveLength(12);
  const mean = (item: string, from: number, to: number) => items.slice(from, to).reduce((sum, { figures }) => sum + (figures[item]?.above ?? 0), 0) / (to - from);
  expect(mean("hours", 0, 5) - mean("hours", 5, 12)).toBeGreaterThan(0.1);
  expect(mean("concepts", 0, 5) - mean("concepts", 10, 12)).toBeGreaterThan(0.1);
  expect(mean("outcome", 10, 12) - mean("outcome", 0, 10)).toBeGreaterThan(0.1);
});

test("one team is too small to show, another hides it, and comments come per division", async () => {
  const ctx = await systemCtx("test");
  const [latest] = (await listSurveys(ctx, { state: "closed", data: "demo", limit: 1 })).items;
  const { groups, comments } = await getResults(ctx, { id: latest?.id ?? "" });
  const state = Object.fromEntries(groups.map(({ node, cells }) => [node.title, cells.score.state]));
  expect(state).toMatchObject({ Fellside: "shown", Commerce: "shown", Growth: "few" });
  expect(Object.values(state)).toContain("complement");
  expect(comments.every((group) => group.comments.length >= 10)).toBe(true);
});

test("it can be removed, and the live survey stays", async () => {
  expect(await db().transaction(removeDemoSurveys)).toBe(12);
  const ctx = await systemCtx("test");
  expect((await listSurveys(ctx, {})).items).toMatchObject([{ state: "open", isDemo: false }]);
  expect((await listChanges(ctx, {})).items).toEqual([]);
});
