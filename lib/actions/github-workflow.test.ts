import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { db } from "@/db/client";
import { databaseNow } from "@/lib/core/ctx";
import { env } from "@/lib/core/env";
import { retryRun } from "@/lib/runs/mutations";
import { aForeignRepo, aScene, aWorkflow, type Scene } from "@/tests/github/scene";
import type { RunState, Workflow } from "@/tests/github/state";
import { type Cast, type DefinitionInput, publish, theCast, webhookDefinition } from "@/tests/setup/action-world";
import { useSampleWorld } from "@/tests/setup/sample-world";
import { actionRun } from "./jobs";
import { runAction } from "./mutations";

const REF = "component:default/checkout-api";
const world = useSampleWorld([actionRun as never]);
let cast: Cast;
let scene: Scene;
let workflow: Workflow;

const COURSE: RunState[] = [
  { status: "queued", conclusion: null, steps: [] },
  { status: "completed", conclusion: "success", steps: [{ name: "Purge", status: "completed", conclusion: "success" }] },
];
const FAILED: RunState = { status: "completed", conclusion: "failure", steps: [{ name: "Purge", status: "completed", conclusion: "failure" }] };
const definition = (more: Partial<DefinitionInput> = {}) =>
  webhookDefinition("https://unused.example", {
    backEnd: { type: "github-workflow", owner: "acme", repository: "shop", workflow: "deploy.yml", ref: "main" },
    inputs: { type: "object", properties: { environment: { type: "string", default: "staging" } } },
    ...more,
  });

beforeAll(async () => {
  scene = await aScene();
  workflow = aWorkflow(scene, aForeignRepo(scene, "shop"), { course: COURSE });
  cast = await theCast();
  await publish(cast.pat, "purge-by-workflow", definition());
  await publish(cast.pat, "unknown-workflow", definition({ backEnd: { type: "github-workflow", owner: "acme", repository: "shop", workflow: "nope.yml", ref: "main" } }));
});
afterAll(async () => {
  await scene.fake.stop();
  expect(scene.fake.violations).toEqual([]);
});

const begin = async (name: string) => (await runAction({ ...cast.ada, now: await databaseNow() }, { name, entityRef: REF })).run.id;
const started = () => scene.fake.state.runs.length;
const connect = () => Object.assign(env(), { github: { apiUrl: scene.fake.apiUrl, owner: "acme", auth: scene.token } });

describe("a GitHub workflow as back end", () => {
  test("without a connected GitHub the run says who connects it", async () => {
    expect(await world.settle(await begin("purge-by-workflow"))).toMatchObject({ status: "failed", outcome: { causeCode: "github-not-connected", whoCanFix: "platform-team" } });
  });

  test("is started once with the answers and followed to its end, with its steps in the log", async () => {
    connect();
    const before = started();
    const id = await begin("purge-by-workflow");
    const run = await world.settle(id);
    expect(run).toMatchObject({ status: "succeeded", outcome: { evidence: [{ title: "Workflow run", url: expect.stringContaining("/acme/shop/actions/runs/") }] } });
    expect(started()).toBe(before + 1);
    expect(scene.fake.state.runs.at(-1)?.inputs).toEqual({ environment: "staging" });
    const lines = await db().query.runLogLines.findMany({ where: (line, { eq }) => eq(line.runId, id) });
    expect(lines.map((line) => line.text)).toContain("build › Purge: success");
  });

  test("that fails ends the run with its conclusion, and a retry starts it anew", async () => {
    workflow.course = [FAILED];
    const id = await begin("purge-by-workflow");
    expect(await world.settle(id)).toMatchObject({
      status: "failed",
      outcome: { causeCode: "workflow-failed", failingStep: "follow", cause: expect.stringContaining("ended with failure") },
    });
    workflow.course = COURSE;
    const before = started();
    await retryRun({ ...cast.ada, now: await databaseNow() }, { id });
    expect(await world.settle(id)).toMatchObject({ status: "succeeded" });
    expect(started()).toBe(before + 1);
  });

  test("that is not there is explained", async () => {
    expect(await world.settle(await begin("unknown-workflow"))).toMatchObject({
      status: "failed",
      outcome: { causeCode: "github-not-found", nextAction: expect.stringMatching(/\.$/) },
    });
  });
});
