import { eq } from "drizzle-orm";
import postgres from "postgres";
import { beforeAll, describe, expect, test } from "vitest";
import { db } from "@/db/client";
import { deployments, environments } from "@/db/schema";
import { findEntity } from "@/lib/catalog/queries";
import { databaseNow } from "@/lib/core/ctx";
import { newId } from "@/lib/core/id";
import { decommissionRun } from "@/lib/decommission/jobs";
import { getDecommission } from "@/lib/decommission/queries";
import { revealCredentials } from "@/lib/environments/mutations";
import { getReceipt } from "@/lib/environments/queries";

import { aService, type Cast, theCast } from "@/tests/setup/action-world";
import { outcome, type SignedIn } from "@/tests/setup/people";
import { useSampleWorld } from "@/tests/setup/sample-world";
import { actionRun, seedActions } from "./jobs";
import { runAction } from "./mutations";
import { getActionForm, listActions } from "./queries";

const REF = "component:default/checkout-api";
const world = useSampleWorld([actionRun as never, decommissionRun as never]);
let cast: Cast;
let environment: { id: string; name: string };

beforeAll(async () => {
  cast = await theCast();
  const now = await databaseNow();
  expect(await db().transaction((tx) => seedActions(tx, now))).toHaveLength(4);
  expect(await db().transaction((tx) => seedActions(tx, now))).toEqual([]);
  environment = await world.environment(cast.ada, { name: "checkout-development", entityRef: REF });
});

const run = async (who: SignedIn, name: string, values: Record<string, unknown>, entityRef: string | undefined = REF) =>
  runAction({ ...who, now: await databaseNow() }, { name, values, ...(entityRef ? { entityRef } : {}) });

const urlOf = async (variable: string) => (await revealCredentials(cast.ada, { id: environment.id })).credentials.find((one) => one.name === variable)?.value ?? "";

async function canSignIn(url: string): Promise<boolean> {
  const sql = postgres(url, { max: 1, onnotice: () => {} });
  return sql`select 1`
    .then(() => true)
    .catch((error: { code?: string }) => {
      if (error.code === "28P01") return false;
      throw error;
    })
    .finally(() => sql.end({ timeout: 1 }));
}

describe("the actions that come with Waymark", () => {
  test("are offered with the environments that the service has", async () => {
    const { items } = await listActions(cast.ada, { entityRef: REF });
    expect(items.map((item) => [item.name, item.locked])).toEqual([
      ["add-database", null],
      ["restart-environment", null],
      ["rotate-database-password", null],
      ["decommission-service", "team owners"],
    ]);
    const form = await getActionForm(cast.ada, { name: "add-database", entityRef: REF });
    expect(form.inputs).toMatchObject({ properties: { environment: { oneOf: [{ const: environment.id, title: expect.stringContaining("checkout-development") }] } } });
  });

  test("Add a database makes one that works from outside and inside", async () => {
    const { run: begun } = await run(cast.ada, "add-database", { environment: "development", name: "gift_cards" });
    expect(begun).toMatchObject({ title: "Add a database: checkout-development", environmentId: environment.id, entityRef: REF });
    expect(await world.settle(begun.id)).toMatchObject({ status: "succeeded", outcome: { summary: expect.stringContaining("GIFT_CARDS_DATABASE_URL") } });
    const url = await urlOf("GIFT_CARDS_DATABASE_URL");
    expect(await canSignIn(url)).toBe(true);
    expect(new URL(await world.ask(environment.id, "/env?name=GIFT_CARDS_DATABASE_URL")).password).toBe(new URL(url).password);
  });

  test.each(["DATABASE_URL", "GIFT_CARDS_DATABASE_URL"])("Rotate database password changes %s and proves it", async (variable) => {
    const old = await urlOf(variable);
    const values = { environment: environment.id, ...(variable === "DATABASE_URL" ? {} : { database: "gift_cards" }) };
    const ended = await world.settle((await run(cast.ada, "rotate-database-password", values)).run.id);
    expect(ended).toMatchObject({ status: "succeeded", outcome: { summary: expect.stringMatching(/new password, the old one is refused; the restart took \d+\.\d s$/) } });
    const fresh = await urlOf(variable);
    expect([await canSignIn(old), await canSignIn(fresh)]).toEqual([false, true]);
    expect(await world.ask(environment.id, `/env?name=${variable}`)).toContain(new URL(fresh).password);
    expect(await world.ask(environment.id, "/readyz")).toBe("ready");
  });

  test("Restart works on an environment without a service, for its team only", async () => {
    const sandbox = await world.environment(cast.ada, { name: "ada-sandbox" });
    const { run: begun } = await run(cast.ada, "restart-environment", { environment: "ada-sandbox" }, "");
    expect(await world.settle(begun.id)).toMatchObject({ status: "succeeded", environmentId: sandbox.id });
    await expect(run(cast.bo, "restart-environment", { environment: sandbox.id }, "")).rejects.toMatchObject({
      code: "invalid",
      message: expect.stringContaining("may not see it"),
    });
  });

  test("a deployment that waited for an action has its turn when that ends", async () => {
    const commit = "a".repeat(40);
    await db().update(environments).set({ commit }).where(eq(environments.id, environment.id));
    await db()
      .insert(deployments)
      .values({ id: newId("deployment"), environmentId: environment.id, version: 1, kind: "deploy", ref: "main", commit, status: "waiting" });
    await world.settle((await run(cast.ada, "restart-environment", { environment: environment.id })).run.id);
    const [after] = await db().select().from(deployments).where(eq(deployments.environmentId, environment.id));
    expect(after).toMatchObject({ status: "superseded", reason: expect.stringContaining("runs here already") });
  });

  test.each([
    ["no environment", "add-database", { name: "more" }, "values.environment"],
    ["another service's environment", "add-database", { environment: "ada-sandbox", name: "more" }, "values.environment"],
    ["a hostile name", "add-database", { environment: "development", name: '"; drop database x' }, "values.name"],
    ["a path as name", "add-database", { environment: "development", name: "../x" }, "values.name"],
    ["a very long name", "add-database", { environment: "development", name: "x".repeat(10_000) }, "values.name"],
    ["a taken name", "add-database", { environment: "development", name: "gift_cards" }, "values.name"],
    ["an answer nobody asked for", "add-database", { environment: "development", name: "more", size: "xl" }, "values.size"],
    ["an unknown database", "rotate-database-password", { environment: "development", database: "nope" }, "values.database"],
    ["the wrong confirmation", "decommission-service", { confirm: "=cmd" }, "values.confirm"],
  ])("%s is refused beside the field, and nothing begins", async (_what, name, values, path) => {
    const error = await run(name === "decommission-service" ? cast.olga : cast.ada, name, values).catch((thrown) => thrown);
    expect(error).toMatchObject({ code: "invalid", fields: expect.arrayContaining([expect.objectContaining({ path })]) });
  });

  test("what is unknown is said, also by whom an entity is not known", async () => {
    await expect(run(cast.ada, "add-databse", {})).rejects.toMatchObject({ code: "not_found", message: expect.stringContaining('Did you mean "add-database"?') });
    expect(await outcome(run(cast.ada, "add-database", { environment: "x", name: "more" }, "component:default/nope"))).toBe("invalid");
    expect(await outcome(run(cast.ada, "add-database", { environment: "x", name: "more" }, "<script>"))).toBe("invalid");
  });

  test("only owners decommission: others are told whom to ask, and a try is in the audit log", async () => {
    await expect(run(cast.ada, "decommission-service", { confirm: "checkout-api" })).rejects.toMatchObject({
      code: "forbidden",
      message: expect.stringMatching(/team owners of checkout\. Ask olga\.$/),
    });
    await expect(run(cast.bo, "add-database", { environment: "development", name: "more" })).rejects.toMatchObject({
      code: "forbidden",
      message: expect.stringContaining("of checkout"),
    });
    const refused = await db().query.auditEvents.findMany({ where: (row, { and, eq }) => and(eq(row.name, "action.run"), eq(row.result, "refused")) });
    expect(refused.map((row) => row.actorLabel).sort()).toEqual(expect.arrayContaining(["ada", "bo"]));
  });

  test("Decommission removes every environment with a receipt, then takes the service out of the catalog", async () => {
    const ref = await aService("old-api", "checkout");
    const own = [
      await world.environment(cast.ada, { name: "old-development", entityRef: ref }),
      await world.environment(cast.ada, { name: "old-staging", entityRef: ref, tier: "staging" }),
    ];
    const { run: begun } = await run(cast.olga, "decommission-service", { confirm: "old-api" }, ref);
    const ended = await world.settle(begun.id);
    expect(ended).toMatchObject({ status: "succeeded", outcome: { summary: expect.stringMatching(/old-api is decommissioned: 2 environments deleted, 1 catalog entry removed/) } });
    const receiptId =
      ended.outcome?.evidence
        .find(({ title }) => title === "Receipt")
        ?.url.split("/")
        .at(-1) ?? "";
    const { results } = await getDecommission(cast.ada, { id: receiptId });
    expect(results.filter(({ kind }) => kind === "environment").map(({ name, result }) => [name, result])).toEqual([
      ["old-development", "deleted"],
      ["old-staging", "deleted"],
    ]);
    for (const { id } of own) expect((await getReceipt(cast.ada, { id })).items.length).toBeGreaterThan(3);
    expect((await findEntity(db(), ref))?.goneAt).not.toBeNull();
  });
});
