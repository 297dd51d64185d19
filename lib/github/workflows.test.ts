import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { aForeignRepo, aScene, aWorkflow, type Scene } from "@/tests/github/scene";
import type { Repo, RunState, Workflow } from "@/tests/github/state";
import { beforeDispatch, cancelWorkflow, dispatchWorkflow, followWorkflow, type WorkflowTarget } from "./workflows";

const step = (name: string, status: RunState["status"], conclusion: string | null = null) => ({ name, status, conclusion });
const COURSE: RunState[] = [
  { status: "queued", conclusion: null, steps: [] },
  { status: "in_progress", conclusion: null, steps: [step("Check out", "completed", "success"), step("npm test", "in_progress")] },
  { status: "completed", conclusion: "success", steps: [step("Check out", "completed", "success"), step("npm test", "completed", "success")] },
];
const FAILED: RunState = { status: "completed", conclusion: "failure", steps: [step("npm test", "completed", "failure")] };

let scene: Scene;
let repo: Repo;
let workflow: Workflow;
beforeAll(async () => {
  scene = await aScene();
  repo = aForeignRepo(scene, "shop");
  workflow = aWorkflow(scene, repo, { course: COURSE });
});
beforeEach(() => {
  scene.fake.faults.clear();
  workflow.course = COURSE;
});
afterAll(async () => {
  await scene.fake.stop();
  expect(scene.fake.violations).toEqual([]);
});

const target: WorkflowTarget = { owner: "acme", repo: "shop", workflow: "deploy.yml", ref: "main", inputs: { environment: "staging" } };
const quick = { pollMs: 5, appearMs: 50 };
const runs = () => scene.fake.state.runs.map((run) => run.id);
const follow = (runId: number, lines: string[]) =>
  followWorkflow(scene.client(), { owner: "acme", repo: "shop", runId }, { signal: new AbortController().signal, pollMs: 1, log: (text) => lines.push(text) });

describe("dispatching a workflow", () => {
  it("gives the id of the run that was started, with its inputs", async () => {
    const started = await dispatchWorkflow(scene.client(), target);
    expect(started).toEqual({ runId: runs().at(-1), url: expect.stringContaining("/acme/shop/actions/runs/") });
    expect(scene.fake.state.runs.at(-1)?.inputs).toEqual({ environment: "staging" });
  });

  it("starts one run when the answer is lost, and finds it", async () => {
    const count = runs().length;
    scene.fake.faults.add({ operation: "actions/create-workflow-dispatch", when: "after", kind: "cut" });
    const started = await dispatchWorkflow(scene.client(), target, quick);
    expect(runs().length).toBe(count + 1);
    expect(started.runId).toBe(runs().at(-1));
  });

  it("finds the run of a server that answers without an id", async () => {
    scene.fake.faults.add({ operation: "actions/create-workflow-dispatch", when: "after", kind: { status: 204 } });
    expect((await dispatchWorkflow(scene.client(), target, quick)).runId).toBe(runs().at(-1));
  });

  it("does not start another run when it is repeated after a crash", async () => {
    const before = await beforeDispatch(scene.client(), target);
    const first = await dispatchWorkflow(scene.client(), target, { before });
    expect((await dispatchWorkflow(scene.client(), target, { before })).runId).toBe(first.runId);
    expect(first.runId).toBe(runs().at(-1));
  });

  it("prefers the run that carries the correlation over one that was started beside it", async () => {
    const before = await beforeDispatch(scene.client(), target);
    await dispatchWorkflow(scene.client(), target);
    const ours = await dispatchWorkflow(scene.client(), { ...target, inputs: { run: "run_42" } });
    expect((await dispatchWorkflow(scene.client(), { ...target, correlation: "run_42" }, { before })).runId).toBe(ours.runId);
  });

  it("reports a dispatch that was cut off before it took effect", async () => {
    const count = runs().length;
    scene.fake.faults.add({ operation: "actions/create-workflow-dispatch", when: "before", kind: "cut" });
    await expect(dispatchWorkflow(scene.client(), target, quick)).rejects.toMatchObject({ problem: "lost-answer", mayHaveHappened: true });
    expect(runs().length).toBe(count);
  });

  it.each([
    ["not-found", { ...target, workflow: "nope.yml" }],
    ["not-found", { ...target, repo: "nope" }],
    ["invalid", { ...target, ref: "no-such-branch" }],
    ["invalid", { ...target, inputs: { unknown: "1" } }],
  ])("explains %s", async (problem, wrong) => {
    await expect(dispatchWorkflow(scene.client(), wrong, quick)).rejects.toMatchObject({ problem, outcome: { nextAction: expect.stringMatching(/\.$/) } });
  });
});

describe("following a workflow", () => {
  it("says each change of a job and step once, to the end", async () => {
    const { runId } = await dispatchWorkflow(scene.client(), target);
    const lines: string[] = [];
    expect(await follow(runId, lines)).toMatchObject({ status: "completed", conclusion: "success" });
    expect(lines).toEqual(["build › Check out: success", "build › npm test: in progress", "build: in progress", "build › npm test: success", "build: success"]);
  });

  it("ends a failure with the end of the failed job's log, fetched without the token", async () => {
    workflow.course = [FAILED];
    const { runId } = await dispatchWorkflow(scene.client(), target);
    const lines: string[] = [];
    expect(await follow(runId, lines)).toMatchObject({ conclusion: "failure" });
    expect(lines.slice(-2)).toEqual(["build | Run npm test", "build | ##[error]2 tests failed"]);
  });

  it("outlasts a server that stumbles, and stops when it is told to", async () => {
    const { runId } = await dispatchWorkflow(scene.client(), target);
    scene.fake.faults.add({ operation: "actions/get-workflow-run", when: "before", kind: { status: 502 }, times: 3 });
    const lines: string[] = [];
    expect(await follow(runId, lines)).toMatchObject({ conclusion: "success" });
    expect(lines[0]).toContain("Looking again.");
    const stopped = followWorkflow(scene.client(), { owner: "acme", repo: "shop", runId }, { signal: AbortSignal.abort(new Error("cancelled")), log: () => {} });
    await expect(stopped).rejects.toThrow("cancelled");
  });

  it("cancels a run that goes on and leaves one that has ended", async () => {
    const { runId } = await dispatchWorkflow(scene.client(), target);
    await cancelWorkflow(scene.client(), { owner: "acme", repo: "shop", runId });
    expect(await follow(runId, [])).toMatchObject({ conclusion: "cancelled" });
    await cancelWorkflow(scene.client(), { owner: "acme", repo: "shop", runId });
  });
});
