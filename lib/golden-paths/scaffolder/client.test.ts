import { mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import * as actions from "@/app/api/scaffolder/v2/actions/route";
import * as dryRun from "@/app/api/scaffolder/v2/dry-run/route";
import * as cancel from "@/app/api/scaffolder/v2/tasks/[id]/cancel/route";
import * as events from "@/app/api/scaffolder/v2/tasks/[id]/events/route";
import * as eventstream from "@/app/api/scaffolder/v2/tasks/[id]/eventstream/route";
import * as retry from "@/app/api/scaffolder/v2/tasks/[id]/retry/route";
import * as task from "@/app/api/scaffolder/v2/tasks/[id]/route";
import * as tasks from "@/app/api/scaffolder/v2/tasks/route";
import * as schema from "@/app/api/scaffolder/v2/templates/[namespace]/[kind]/[name]/parameter-schema/route";
import * as extensions from "@/app/api/scaffolder/v2/templating-extensions/route";
import { db } from "@/db/client";
import { workers } from "@/db/schema";
import { databaseNow } from "@/lib/core/ctx";
import { env } from "@/lib/core/env";
import { createToken } from "@/lib/identity/mutations";
import { executeRun } from "@/lib/runs/engine/execute";
import type { RunKind } from "@/lib/runs/engine/types";
import { useOwnDatabase } from "@/tests/setup/own-database";
import { aPerson, aTeam, signedIn } from "@/tests/setup/people";
import { renderer } from "../engine/renderer";
import { readPathFolder } from "../engine/template-folder";
import { publishFiles } from "../publish";
import { serviceCreateRun } from "../run-service-create";

// The published client, unmodified, against the route handlers.
const CLIENT = path.resolve("node_modules/@backstage/plugin-scaffolder-common/dist/index.cjs.js");

useOwnDatabase();
const dataDir = mkdtempSync(path.join(tmpdir(), "scaffolder-"));
const kinds = new Map([[serviceCreateRun.kind, serviceCreateRun as unknown as RunKind]]);
let token = "";

type Handlers = Record<string, unknown>;
const ROUTES: [string, Handlers][] = [
  ["/v2/actions", actions],
  ["/v2/dry-run", dryRun],
  ["/v2/templating-extensions", extensions],
  ["/v2/tasks", tasks],
  ["/v2/tasks/:id/cancel", cancel],
  ["/v2/tasks/:id/retry", retry],
  ["/v2/tasks/:id/events", events],
  ["/v2/tasks/:id/eventstream", eventstream],
  ["/v2/tasks/:id", task],
  ["/v2/templates/:namespace/:kind/:name/parameter-schema", schema],
];
const BASE = "http://portal.test/api/scaffolder";

/** Requests go to the route handlers as Next would hand them over. */
async function portalFetch(address: string | URL | Request, init?: RequestInit): Promise<Response> {
  const request = new Request(address, init);
  request.headers.set("authorization", `Bearer ${token}`);
  const { pathname } = new URL(request.url);
  for (const [route, handlers] of ROUTES) {
    const match = new RegExp(`^/api/scaffolder${route.replace(/:(\w+)/g, "(?<$1>[^/]+)")}$`).exec(pathname);
    const handler = handlers[request.method] as ((request: Request, context: object) => Promise<Response>) | undefined;
    if (match && handler) return handler(request, { params: Promise.resolve({ ...match.groups }) });
  }
  return new Response("no such route", { status: 404 });
}

const json = async (method: string, at: string, body?: object) => {
  const response = await portalFetch(`${BASE}${at}`, { method, ...(body ? { body: JSON.stringify(body), headers: { "content-type": "application/json" } } : {}) });
  return { status: response.status, body: await response.json() };
};

beforeAll(async () => {
  env().dataDir = path.join(dataDir, "data");
  await aTeam("checkout");
  const ada = await signedIn(await aPerson("ada", { teams: { checkout: "member" } }));
  token = (await createToken(ada, { name: "backstage", scopes: ["read", "repo:create", "env:write"], ttl: "1d" })).token;
  await db().insert(workers).values({ id: "wrk_test", host: "test", pid: process.pid });
  const now = await databaseNow();
  const shipped = await readPathFolder("golden-paths/node-express");
  await db().transaction((tx) => publishFiles(tx, shipped, { note: "test", publishedBy: null, now }));
});
afterAll(async () => {
  await renderer().close();
  rmSync(dataDir, { recursive: true, force: true });
});

const TEMPLATE = {
  apiVersion: "scaffolder.backstage.io/v1beta3",
  kind: "Template",
  metadata: { name: "x" },
  spec: {
    type: "service",
    parameters: { properties: { name: { type: "string" } } },
    steps: [{ id: "a", action: "fetch:template", input: { url: "./s", values: { name: "\u0024{{ parameters.name }}" } } }],
  },
};

describe("the scaffolder's addresses", () => {
  it("give the form page by page, the actions with their schema, and the filters", async () => {
    expect(await json("GET", "/v2/templates/default/template/node-express/parameter-schema")).toMatchObject({
      status: 200,
      body: {
        title: "Node.js service",
        steps: [{ title: "Your service", schema: { type: "object", required: ["name"], properties: { owner: { "ui:field": "OwnerPicker" } } } }],
      },
    });
    const known = await json("GET", "/v2/actions");
    expect(known.body).toContainEqual(expect.objectContaining({ id: "fetch:template", schema: expect.objectContaining({ input: expect.objectContaining({ type: "object" }) }) }));
    expect((await json("GET", "/v2/templating-extensions")).body.filters).toHaveProperty("parseRepoUrl");
  });

  it("start a task, tell what happens until its end, and keep it", async () => {
    const started = await json("POST", "/v2/tasks", { templateRef: "template:default/node-express", values: { name: "shop" }, secrets: { USER_OAUTH_TOKEN: "gho_x" } });
    expect(started.status).toBe(201);
    const { id } = started.body;
    expect((await json("GET", `/v2/tasks/${id}`)).body).toMatchObject({
      id,
      status: "open",
      createdBy: "user:default/ada",
      spec: { templateInfo: { entityRef: "template:default/node-express" } },
    });
    await executeRun(id, "wrk_test", kinds, new Map());
    const { body } = await json("GET", `/v2/tasks/${id}/events?after=0`);
    expect(body.at(-1)).toMatchObject({ taskId: id, type: "completion", body: { output: { links: [{ title: "Source on the default branch" }] } } });
    expect(body).toContainEqual(expect.objectContaining({ type: "log", body: expect.objectContaining({ stepId: "commit", status: "completed" }) }));
    expect((await json("GET", `/v2/tasks/${id}`)).body.status).toBe("completed");
    const listed = await json("GET", "/v2/tasks?createdBy=user:default/ada&limit=5&offset=0");
    expect(listed.body).toMatchObject({ tasks: [{ id }], totalTasks: 1 });
  });

  it("refuse wrong answers, an unknown template and a stranger's task", async () => {
    expect((await json("POST", "/v2/tasks", { templateRef: "template:default/node-express", values: { name: "Not Allowed" } })).status).toBe(422);
    expect((await json("POST", "/v2/tasks", { templateRef: "template:default/nope", values: {} })).status).toBe(422);
    expect((await json("GET", "/v2/tasks/run_nope")).status).toBe(404);
  });

  it("dry-run a template that is sent along", async () => {
    const directoryContents = [{ path: "s/readme.txt", base64Content: Buffer.from("hello \u0024{{ values.name }}").toString("base64") }];
    const { status, body } = await json("POST", "/v2/dry-run", { template: TEMPLATE, values: { name: "shop" }, secrets: {}, directoryContents });
    expect(status).toBe(200);
    expect(body.directoryContents).toEqual([{ path: "readme.txt", executable: false, base64Content: Buffer.from("hello shop").toString("base64") }]);
    expect(body.steps).toEqual([{ id: "a", name: "a", action: "fetch:template" }]);
  });
});

interface Client {
  getTemplateParameterSchema(ref: string): Promise<{ title: string; steps: unknown[] }>;
  listActions(): Promise<{ id: string }[]>;
  listTemplatingExtensions(): Promise<object>;
  scaffold(request: object): Promise<{ taskId: string }>;
  getTask(id: string): Promise<{ status: string }>;
  listTasks(request: object): Promise<{ tasks: { id: string }[] }>;
  cancelTask(id: string): Promise<unknown>;
  retry(id: string): Promise<{ id: string }>;
  dryRun(request: object): Promise<{ directoryContents: { path: string }[] }>;
  streamLogs(request: object): { subscribe(observer: object): { unsubscribe(): void } };
}

describe("the published scaffolder client", () => {
  function client(useLongPollingLogs: boolean): Client {
    const { ScaffolderClient } = createRequire(pathToFileURL(CLIENT))(CLIENT) as { ScaffolderClient: new (options: object) => Client };
    Object.assign(globalThis, { window: globalThis, document: Object.assign(new EventTarget(), { hidden: false }) });
    return new ScaffolderClient({
      discoveryApi: { getBaseUrl: async () => BASE },
      fetchApi: { fetch: portalFetch },
      identityApi: { getBackstageIdentity: async () => ({ userEntityRef: "user:default/ada" }) },
      scmIntegrationsApi: {},
      useLongPollingLogs,
    });
  }
  const follow = (one: Client, taskId: string) =>
    new Promise<{ type: string; body: object }[]>((resolve, reject) => {
      const seen: { type: string; body: object }[] = [];
      one.streamLogs({ taskId }).subscribe({ next: (event: { type: string; body: object }) => void seen.push(event), error: reject, complete: () => resolve(seen) });
    });

  it.each([
    ["a stream", false],
    ["long polling", true],
  ])("goes the whole way with %s", async (_how, isPolling) => {
    const one = client(isPolling);
    expect((await one.getTemplateParameterSchema("template:default/node-express")).steps).toHaveLength(1);
    expect((await one.listActions()).map(({ id }) => id)).toContain("publish:github");
    expect(await one.listTemplatingExtensions()).toHaveProperty("filters");
    const { taskId } = await one.scaffold({ templateRef: "template:default/node-express", values: { name: isPolling ? "polled" : "streamed" }, secrets: {} });
    const done = follow(one, taskId);
    await executeRun(taskId, "wrk_test", kinds, new Map());
    const seen = await done;
    expect(seen.at(-1)).toMatchObject({ type: "completion", body: { output: { links: [{ title: "Source on the default branch" }] } } });
    expect(seen.filter(({ type }) => type === "log").length).toBeGreaterThan(5);
    expect(await one.getTask(taskId)).toMatchObject({ status: "completed" });
    expect((await one.listTasks({ filterByOwnership: "owned" })).tasks.map(({ id }) => id)).toContain(taskId);
    expect(
      (await one.dryRun({ template: TEMPLATE, values: { name: "x" }, secrets: {}, directoryContents: [{ path: "s/a.txt", base64Content: "" }] })).directoryContents,
    ).toMatchObject([{ path: "a.txt" }]);
  });

  it("cancels and retries", async () => {
    const one = client(true);
    const { taskId } = await one.scaffold({ templateRef: "template:default/node-express", values: { name: "stopped" }, secrets: {} });
    await one.cancelTask(taskId);
    await executeRun(taskId, "wrk_test", kinds, new Map());
    expect(await one.getTask(taskId)).toMatchObject({ status: "cancelled" });
    expect(await one.retry(taskId)).toEqual({ id: taskId });
    await executeRun(taskId, "wrk_test", kinds, new Map());
    expect(await one.getTask(taskId)).toMatchObject({ status: "completed" });
  });
});
