import { eq } from "drizzle-orm";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { db } from "@/db/client";
import { environments, guardrailDecisions, guardrails, notifications, runs, teams } from "@/db/schema";
import { databaseNow } from "@/lib/core/ctx";
import { DomainError } from "@/lib/core/errors";
import { createGuardrail } from "@/lib/guardrails/mutations";
import { listDecisions, listRunDecisions } from "@/lib/guardrails/queries";
import { retryRun } from "@/lib/runs/mutations";
import { readRun } from "@/lib/runs/read";
import { type Cast, theCast } from "@/tests/setup/action-world";
import { aService, type TestService } from "@/tests/setup/deployed-service";
import { forgetWorker, workAndDie } from "@/tests/setup/killed-worker";
import { outcome } from "@/tests/setup/people";
import { useSampleWorld } from "@/tests/setup/sample-world";
import { createEnvironment, deployPushed, extendEnvironment } from "./mutations";
import { checkCreateEnvironment, checkExtendEnvironment } from "./queries";

const world = useSampleWorld();
let cast: Cast;
let service: TestService;

beforeAll(async () => {
  cast = await theCast();
  service = await aService("checkout", "basket");
});
afterEach(async () => {
  await db().delete(guardrails);
});
afterAll(() => service.remove());

const now = async <T extends object>(ctx: T) => ({ ...ctx, now: await databaseNow() });
const create = async (name: string, more: { ttl?: string } = {}) => createEnvironment(await now(cast.ada), { goldenPath: "sample", name, ...more });
const limit = (name: string, condition: string, more: object = {}) =>
  createGuardrail(cast.pat, {
    name,
    definition: {
      title: `Guardrail ${name}`,
      why: "So.",
      abilities: ["environment.create"],
      condition,
      effect: "refuse",
      message: "It lives too long.",
      fix: "Ask for 24h or less.",
      field: "ttl",
      examples: [
        { title: "Short", expect: "pass", facts: { "request.ttlHours": 4 } },
        { title: "Long", expect: "fail", facts: { "request.ttlHours": 400 } },
      ],
      ...more,
    },
  });
const rowOf = async (id: string) => (await db().query.environments.findFirst({ where: eq(environments.id, id) })) ?? expect.fail("no such environment");

describe("an environment", () => {
  test("is refused before anything is written, as it was foretold; a shorter one is made", async () => {
    await limit("day", "request.ttlHours <= 24");
    const early = await checkCreateEnvironment(cast.ada, { goldenPath: "sample", ttl: "48h" });
    expect(early).toMatchObject({ outcome: "refused", results: [{ name: "day", verdict: "refuses", field: "ttl" }] });
    expect(await checkCreateEnvironment(cast.ada, { goldenPath: "sample", ttl: "4" })).toMatchObject({ outcome: "allowed", results: [{ verdict: "open" }] });
    expect(await outcome(checkCreateEnvironment(cast.bo, { goldenPath: "sample", team: "checkout" }))).toBe("forbidden");
    const error = await create("too-long").catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(DomainError);
    expect(error).toMatchObject({ code: "forbidden", fields: [{ path: "ttl", guardrail: "day" }] });
    expect(await db().query.environments.findFirst({ where: eq(environments.name, "too-long") })).toBeUndefined();
    const { environment, run, warnings } = await create("short-one", { ttl: "4h" });
    expect(warnings).toEqual([]);
    expect((await world.settle(run.id)).status).toBe("succeeded");
    expect((await listRunDecisions(cast.ada, { id: run.id })).items.map(({ stage, outcome: said }) => [stage, said])).toEqual([
      ["submit", "allowed"],
      ["effect", "allowed"],
    ]);
    const long = { id: environment.id, ttl: "48h" };
    expect(await outcome(extendEnvironment(await now(cast.ada), long))).toBe("done");
    await limit("stay-short", "request.ageHours + request.ttlHours <= 24.0", {
      abilities: ["environment.extend"],
      examples: [
        { title: "Short", expect: "pass", facts: { "request.ageHours": 1, "request.ttlHours": 4 } },
        { title: "Long", expect: "fail", facts: { "request.ageHours": 23, "request.ttlHours": 4 } },
      ],
    });
    expect(await checkExtendEnvironment(await now(cast.ada), long)).toMatchObject({ outcome: "refused" });
    expect(await outcome(extendEnvironment(await now(cast.ada), long))).toBe("forbidden");
    expect((await rowOf(environment.id)).ttlMinutes).toBe(48 * 60);
  });

  test("with a warning says so at once and in its run", async () => {
    await limit("day", "request.ttlHours <= 24", { effect: "warn" });
    const { run, warnings } = await create("warned");
    expect(warnings).toMatchObject([{ name: "day", message: "It lives too long." }]);
    expect((await world.settle(run.id)).status).toBe("succeeded");
    expect((await listRunDecisions(cast.ada, { id: run.id })).items.at(-1)).toMatchObject({ stage: "effect", outcome: "warned" });
  });
});

describe("between the request and its effect", () => {
  test("a guardrail that was switched on meanwhile stops it, and nothing is made", async () => {
    const { environment, run } = await create("overtaken");
    await limit("day", "request.ttlHours <= 24");
    const ended = await world.settle(run.id);
    expect(ended).toMatchObject({
      status: "failed",
      outcome: { causeCode: "guardrail", failingStep: "check", cause: "Guardrail day: It lives too long.", whoCanFix: "you", nextAction: "Ask for 24h or less." },
    });
    expect(ended.outcome?.evidence[0]).toEqual({ title: "Guardrail: Guardrail day", url: "/guardrails/day" });
    expect(ended.steps.filter(({ status }) => status === "succeeded")).toEqual([]);
    expect(await rowOf(environment.id)).toMatchObject({ status: "failed", url: null });
    expect((await listDecisions(cast.ada, { outcome: "refused" })).items[0]).toMatchObject({ stage: "effect", runId: run.id });
    await db().delete(guardrails);
    await retryRun(await now(cast.ada), { id: run.id });
    expect((await world.settle(run.id)).status).toBe("succeeded");
  });

  test("a worker that dies after it asked leaves nothing that the next one would take on trust", async () => {
    const { environment, run } = await create("orphaned");
    expect(await workAndDie(world.appUrl(), run.id, "wrk_dies", "check:after")).toBe("SIGKILL");
    const asked = await db().select().from(guardrailDecisions).where(eq(guardrailDecisions.runId, run.id));
    expect(asked.map(({ stage, outcome: said }) => [stage, said]).sort()).toEqual([
      ["effect", "allowed"],
      ["submit", "allowed"],
    ]);
    await limit("day", "request.ttlHours <= 24");
    await forgetWorker("wrk_dies");
    expect(await world.settle(run.id)).toMatchObject({ status: "failed", outcome: { causeCode: "guardrail" } });
    expect(await rowOf(environment.id)).toMatchObject({ status: "failed", handle: null });
  });

  test("what has begun is brought to its end, and a retry asks again", async () => {
    const { environment, run } = await create("begun");
    expect(await workAndDie(world.appUrl(), run.id, "wrk_later", "render:after")).toBe("SIGKILL");
    await limit("day", "request.ttlHours <= 24");
    await forgetWorker("wrk_later");
    expect((await world.settle(run.id)).status).toBe("succeeded");
    await db().update(runs).set({ status: "failed" }).where(eq(runs.id, run.id));
    await db().update(environments).set({ status: "failed" }).where(eq(environments.id, environment.id));
    await retryRun(await now(cast.ada), { id: run.id });
    expect(await world.settle(run.id)).toMatchObject({ status: "failed", outcome: { causeCode: "guardrail" } });
  });

  test("a count of the team's sandboxes leaves out the one that is being made", async () => {
    await db().update(environments).set({ status: "deleted" });
    await limit("one", "team.sandboxes < 1", {
      examples: [
        { title: "First", expect: "pass", facts: { "team.sandboxes": 0 } },
        { title: "Second", expect: "fail", facts: { "team.sandboxes": 1 } },
      ],
    });
    const { run } = await create("the-only-one");
    expect((await world.settle(run.id)).status).toBe("succeeded");
    expect(await outcome(create("the-second-one"))).toBe("forbidden");
  });
});

test("a push that a guardrail refuses deploys nothing, and whoever pushed is told", async () => {
  await limit("no-development", 'request.tier != "development" || request.goldenPath != ""', {
    examples: [
      { title: "From a path", expect: "pass", facts: { "request.tier": "development", "request.goldenPath": "x" } },
      { title: "From none", expect: "fail", facts: { "request.tier": "development", "request.goldenPath": "" } },
    ],
    message: "It comes from no golden path.",
    fix: "Create it from one.",
    field: undefined,
  });
  const commit = service.push("first");
  const pushedBy = cast.ada.actor.id;
  await db().transaction(async (tx) => deployPushed(tx, { repository: service.repository, ref: "main", commit, pushedBy, now: await databaseNow() }));
  expect(await db().select().from(environments).where(eq(environments.entityRef, service.entityRef))).toEqual([]);
  const told = await db().select().from(notifications).where(eq(notifications.userId, pushedBy));
  expect(told.find(({ kind }) => kind === "deployment-failed")?.body).toContain("It comes from no golden path. Create it from one. (guardrail no-development)");
  const [refused] = (await listDecisions(cast.ada, { guardrail: "no-development" })).items;
  expect(refused).toMatchObject({ outcome: "refused", channel: "platform", actor: "git", document: { actor: { role: "engineer", isMember: true } } });
  expect(await db().select({ id: teams.id }).from(teams).where(eq(teams.id, "tea_checkout"))).toHaveLength(1);
  expect((await readRun(db(), (await create("still-works", { ttl: "4h" })).run.id)).status).toBe("queued");
});
