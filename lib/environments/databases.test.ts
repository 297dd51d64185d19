import { eq } from "drizzle-orm";
import postgres from "postgres";
import { beforeAll, describe, expect, test } from "vitest";
import { db } from "@/db/client";
import { environmentDatabases } from "@/db/schema";
import { databaseNow } from "@/lib/core/ctx";
import type { EngineRun, RunKind, StepPlan } from "@/lib/runs/engine/types";
import { startRun } from "@/lib/runs/enqueue";
import { aPerson, aTeam, type SignedIn, signedIn } from "@/tests/setup/people";
import { useSampleWorld } from "@/tests/setup/sample-world";
import { addDatabase, changePassword, databasePlans, databasesOf } from "./databases";
import { deleteEnvironment, editVariables } from "./mutations";
import { getReceipt } from "./queries";
import { readVariables } from "./variables";

type Work = (run: EngineRun) => Promise<string>;
let work: Work = async () => "";
const kind: RunKind = { kind: "test.databases", deadlineMs: 60_000, plan: () => [], execute: async (run) => ({ summary: await work(run) }) };
const world = useSampleWorld([kind]);
let ada: SignedIn;

beforeAll(async () => {
  await aTeam("checkout");
  ada = await signedIn(await aPerson("ada", { teams: { checkout: "member" } }));
});

async function doing(plan: StepPlan[], environmentId: string, what: Work) {
  work = what;
  const now = await databaseNow();
  const id = await db().transaction((tx) =>
    startRun(tx, { kind: kind.kind, title: "Databases", input: {}, plan, deadlineMs: 60_000, requestedBy: null, teamId: null, environmentId, now }),
  );
  return world.settle(id);
}

const urlOf = async (id: string, variable: string) => (await readVariables(db(), id)).find((one) => one.name === variable)?.value ?? "";
const add = (id: string, name: string) => doing(databasePlans.add("local"), id, async (run) => (await addDatabase(run, id, name)).variable);

async function signIn(url: string): Promise<string> {
  const sql = postgres(url, { max: 1, onnotice: () => {} });
  try {
    const [row] = await sql<{ name: string }[]>`select current_database() as name`;
    return row?.name ?? "";
  } catch (error) {
    return error instanceof Error && "code" in error ? String(error.code) : String(error);
  } finally {
    await sql.end({ timeout: 1 });
  }
}

describe("databases of a running environment", () => {
  test("a second one is reachable from outside and for the service, and goes with the environment", async () => {
    const { id } = await world.environment(ada);
    const run = await add(id, "gift_cards");
    expect(run).toMatchObject({ status: "succeeded", outcome: { summary: "GIFT_CARDS_DATABASE_URL" } });
    const url = await urlOf(id, "GIFT_CARDS_DATABASE_URL");
    expect(await signIn(url)).toMatch(/^wm_.*_gift_cards$/);
    expect(await signIn(await urlOf(id, "DATABASE_URL"))).toMatch(/^wm_[^_]+$/);
    const seen = new URL(await world.ask(id, "/env?name=GIFT_CARDS_DATABASE_URL"));
    expect([seen.username, seen.password]).toEqual([new URL(url).username, new URL(url).password]);
    expect(await databasesOf(id)).toEqual(["main", "gift_cards"]);

    expect((await add(id, "gift_cards")).outcome).toMatchObject({ causeCode: "name-taken", cause: expect.stringContaining('"gift_cards" already') });
    await editVariables(ada, { id, variables: [{ name: "MINE_DATABASE_URL", value: "postgres://own" }] });
    expect((await add(id, "mine")).outcome).toMatchObject({ causeCode: "name-taken", cause: expect.stringContaining("MINE_DATABASE_URL") });

    const deleted = await deleteEnvironment(ada, { id });
    await world.settle(deleted.run?.id ?? "");
    const receipt = await getReceipt(ada, { id });
    expect(receipt.items.filter((item) => item.name.endsWith("_gift_cards")).map((item) => item.kind)).toEqual(["database", "role"]);
    expect(await signIn(url)).toBe("28P01");
    expect(await db().select().from(environmentDatabases).where(eq(environmentDatabases.environmentId, id))).toEqual([]);
  });

  test("a new password counts at once, the old one no longer does, and the service works with it", async () => {
    const { id } = await world.environment(ada);
    const old = await urlOf(id, "DATABASE_URL");
    const holder = postgres(old, { max: 1, onnotice: () => {}, idle_timeout: 60 });
    await holder`select 1`;
    const run = await doing(databasePlans.changePassword("local"), id, async (engine) => JSON.stringify(await changePassword(engine, id, null)));
    expect(run).toMatchObject({ status: "succeeded" });
    expect(JSON.parse(run.outcome?.summary ?? "{}")).toMatchObject({ variable: "DATABASE_URL", sessionsEnded: 1 });
    await holder.end({ timeout: 1 });
    const fresh = await urlOf(id, "DATABASE_URL");
    expect([await signIn(old), await signIn(fresh)]).toEqual(["28P01", new URL(fresh).pathname.slice(1)]);
    expect(new URL(await world.ask(id, "/env?name=DATABASE_URL")).password).toBe(new URL(fresh).password);
    expect(await world.ask(id, "/readyz")).toBe("ready");
    const log = await db().query.runLogLines.findMany({ where: (line, { eq: equals }) => equals(line.runId, run.id) });
    expect(log.map((line) => line.text)).toEqual(expect.arrayContaining(["The new password signs in.", "The old password is refused."]));
    expect(JSON.stringify([log, run])).not.toContain(new URL(fresh).password);
  });
});
