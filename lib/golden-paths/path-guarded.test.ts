import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { stringify } from "yaml";
import { db } from "@/db/client";
import { guardrailDecisions, guardrails, runs, workers } from "@/db/schema";
import { type Ctx, databaseNow } from "@/lib/core/ctx";
import { env } from "@/lib/core/env";
import { createGuardrail } from "@/lib/guardrails/mutations";
import { listRunDecisions } from "@/lib/guardrails/queries";
import { executeRun } from "@/lib/runs/engine/execute";
import type { RunKind } from "@/lib/runs/engine/types";
import { retryRun } from "@/lib/runs/mutations";
import { readRun } from "@/lib/runs/read";
import { useOwnDatabase } from "@/tests/setup/own-database";
import { aPerson, aTeam, outcome, type SignedIn, signedIn } from "@/tests/setup/people";
import { type Receiver, startReceiver } from "@/tests/setup/receiver";
import { renderer } from "./engine/renderer";
import { checkRunGoldenPath } from "./guarded-run";
import { publishFiles } from "./publish";
import { goldenPathRun } from "./run-path";
import { startTask } from "./scaffolder/tasks";
import { runGoldenPath } from "./start-path";
import { createStepAction } from "./step-actions/mutations";

process.env.WAYMARK_PRIVATE_HOSTS = "127.0.0.1";
useOwnDatabase();
const dataDir = mkdtempSync(path.join(tmpdir(), "guarded-paths-"));
const kinds = new Map([[goldenPathRun.kind, goldenPathRun as unknown as RunKind]]);
const KEY = "s3cret-k3y";
let ada: SignedIn;
let bo: SignedIn;
let pat: SignedIn;
let receiver: Receiver;

// biome-ignore-start lint/suspicious/noTemplateCurlyInString: the code of templates
const TICKET = {
  apiVersion: "scaffolder.backstage.io/v1beta3",
  kind: "Template",
  metadata: { name: "ticket", title: "Open a ticket" },
  spec: {
    type: "change",
    parameters: [{ required: ["queue"], properties: { queue: { type: "string", minLength: 3 }, key: { type: "string", "ui:field": "Secret" } } }],
    steps: [
      { id: "ticket", name: "Open a ticket", action: "acme:ticket:open", input: { title: "For ${{ parameters.queue }}" } },
      { id: "second", name: "Open a second one", action: "acme:ticket:open", input: { title: "And ${{ parameters.queue }}" } },
    ],
  },
};
const PACK = {
  ...TICKET,
  metadata: { name: "pack", title: "Pack files" },
  spec: {
    ...TICKET.spec,
    steps: [
      { id: "files", action: "fetch:template", input: { url: "./skeleton", values: { queue: "${{ parameters.queue }}" } } },
      { id: "zip", action: "publish:zip", input: {} },
    ],
  },
};
const SKELETON = "queue ${{ values.queue }}\n";
// biome-ignore-end lint/suspicious/noTemplateCurlyInString: the code of templates

beforeAll(async () => {
  env().dataDir = dataDir;
  await aTeam("checkout");
  ada = await signedIn(await aPerson("ada", { teams: { checkout: "member" } }));
  bo = await signedIn(await aPerson("bo", {}));
  pat = await signedIn(await aPerson("pat", { role: "platform-admin" }));
  await db().insert(workers).values({ id: "wrk_test", host: "test", pid: process.pid });
  receiver = await startReceiver();
  const object = { type: "object" };
  await createStepAction(pat, { id: "acme:ticket:open", definition: { title: "Open a ticket", inputs: object, outputs: object, back: { type: "http", url: receiver.url } } });
  for (const template of [TICKET, PACK]) {
    const files = Object.entries({ "template.yaml": stringify(template), "skeleton/queue.txt": SKELETON });
    const map = new Map(files.map(([name, text]) => [name, { content: Buffer.from(text), mode: 0o644 }]));
    const now = await databaseNow();
    await db().transaction((tx) => publishFiles(tx, map, { note: "test", publishedBy: null, now }));
  }
});
afterEach(async () => {
  await db().delete(guardrails);
  receiver.calls.length = 0;
});
afterAll(async () => {
  await Promise.all([renderer().close(), receiver.close()]);
  rmSync(dataDir, { recursive: true, force: true });
});

const now = async <T extends Ctx>(ctx: T): Promise<T> => ({ ...ctx, now: await databaseNow() });
const start = async (name: string, queue = "night") => runGoldenPath(await now(ada), { name, values: { queue, key: KEY } });
const execute = async (id: string) => {
  await executeRun(id, "wrk_test", kinds, new Map());
  return readRun(db(), id);
};
const saidOf = async (id: string) => (await listRunDecisions(ada, { id })).items.map(({ stage, outcome: said }) => [stage, said]);
const closeNight = async (effect: "refuse" | "warn" = "refuse") =>
  createGuardrail(await now(pat), {
    name: "night",
    definition: {
      title: "The night queue is closed",
      why: "So.",
      abilities: ["golden-path.run"],
      condition: 'request.values.queue != "night"',
      effect,
      message: "The night queue is closed.",
      fix: "Choose the day queue.",
      field: "values.queue",
      examples: [
        { title: "By day", expect: "pass", facts: { "request.values.queue": "day" } },
        { title: "By night", expect: "fail", facts: { "request.values.queue": "night" } },
      ],
    },
  });

describe("a golden path that makes no service", () => {
  test("is foretold while it is filled in, to its team alone; secrets are no facts", async () => {
    await closeNight();
    const early = (queue?: string) => checkRunGoldenPath(ada, { name: "ticket", values: queue ? { queue, key: KEY } : {} });
    expect(await early("night")).toMatchObject({ ability: "golden-path.run", outcome: "refused", results: [{ name: "night", verdict: "refuses", field: "values.queue" }] });
    expect(await early("day")).toMatchObject({ outcome: "allowed", results: [{ verdict: "passes" }] });
    expect(await early()).toMatchObject({ outcome: "allowed", results: [{ verdict: "open" }] });
    expect(await outcome(checkRunGoldenPath(bo, { name: "ticket", team: "checkout" }))).toBe("forbidden");
    await start("ticket", "day");
    const [kept] = await db().select().from(guardrailDecisions);
    expect(kept?.document.request).toEqual({ goldenPath: "ticket", goldenPathVersion: "1.0.0", values: { queue: "day" } });
  });

  test("is refused beside its answer before there is a run, also as a task of the scaffolder", async () => {
    await closeNight();
    const before = (await db().select().from(runs)).length;
    const refused = {
      code: "forbidden",
      message: expect.stringContaining("The night queue is closed. Choose the day queue."),
      fields: [{ path: "values.queue", guardrail: "night" }],
    };
    await expect(start("ticket")).rejects.toMatchObject(refused);
    await expect(startTask(await now(ada), { templateRef: "template:default/ticket", values: { queue: "night" } })).rejects.toMatchObject(refused);
    expect(await db().select().from(runs)).toHaveLength(before);
  });

  test("with a warning says so at once and in its run", async () => {
    await closeNight("warn");
    const { run, warnings } = await start("pack");
    expect(warnings).toMatchObject([{ name: "night", message: "The night queue is closed." }]);
    expect(await execute(run.id)).toMatchObject({ status: "succeeded" });
    expect(await saidOf(run.id)).toEqual([
      ["submit", "warned"],
      ["effect", "warned"],
    ]);
  });
});

describe("between the request and its effect", () => {
  test.each(["ticket", "pack"])("a guardrail that was switched on meanwhile stops %s before anything is done; without it a retry goes through", async (name) => {
    const { run } = await start(name);
    await closeNight();
    expect(await execute(run.id)).toMatchObject({
      status: "failed",
      outcome: { causeCode: "guardrail", whoCanFix: "you", cause: "The night queue is closed: The night queue is closed.", nextAction: "Choose the day queue." },
    });
    expect(receiver.calls).toEqual([]);
    expect((await readRun(db(), run.id)).steps.every(({ status }) => status !== "succeeded")).toBe(true);

    await db().delete(guardrails);
    receiver.answers = [200, 200].map((status) => ({ status, body: { outputs: {} } }));
    await retryRun(await now(ada), { id: run.id });
    expect(await execute(run.id)).toMatchObject({ status: "succeeded" });
    expect(receiver.calls).toHaveLength(name === "ticket" ? 2 : 0);
  });

  test("what has begun is asked again by a retry, and what was done stays done", async () => {
    const { run } = await start("ticket");
    receiver.answers = [
      { status: 200, body: { outputs: {} } },
      { status: 400, body: {} },
    ];
    expect(await execute(run.id)).toMatchObject({ status: "failed" });
    expect(receiver.calls).toHaveLength(2);
    await closeNight();
    await retryRun(await now(ada), { id: run.id });
    expect(await execute(run.id)).toMatchObject({ status: "failed", outcome: { causeCode: "guardrail" } });
    expect(receiver.calls).toHaveLength(2);
    expect(await saidOf(run.id)).toEqual([
      ["submit", "allowed"],
      ["effect", "allowed"],
      ["effect", "refused"],
    ]);
  });
});
