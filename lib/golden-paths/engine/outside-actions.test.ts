import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { stringify } from "yaml";
import { GET as meRoute } from "@/app/api/v1/me/route";
import { GET as archiveRoute } from "@/app/api/v1/runs/[id]/archive/route";
import { PUT as settingsPut, GET as settingsRoute } from "@/app/api/v1/settings/route";
import { db } from "@/db/client";
import { apiTokens, goldenPathRuns, runLogLines, workers } from "@/db/schema";
import { databaseNow } from "@/lib/core/ctx";
import { env } from "@/lib/core/env";
import { createToken } from "@/lib/identity/mutations";
import { connectHost } from "@/lib/platform/mutations";
import { testHost } from "@/lib/platform/queries";
import { executeRun } from "@/lib/runs/engine/execute";
import type { RunKind } from "@/lib/runs/engine/types";
import { retryRun } from "@/lib/runs/mutations";
import { readRun } from "@/lib/runs/read";
import { Faults } from "@/tests/github/faults";
import { useOwnDatabase } from "@/tests/setup/own-database";
import { aPerson, aTeam, outcome, type SignedIn, signedIn } from "@/tests/setup/people";
import { readZip } from "../archives/zip";
import { publishFiles } from "../publish";
import { goldenPathRun } from "../run-path";
import { dryRunService } from "../service-dry-run";
import { runGoldenPath } from "../start-path";
import { renderer } from "./renderer";

process.env["WAYMARK_PRIVATE_HOSTS"] = "127.0.0.1";
useOwnDatabase();
const dataDir = mkdtempSync(path.join(tmpdir(), "outside-actions-"));
const kinds = new Map([[goldenPathRun.kind, goldenPathRun as unknown as RunKind]]);
let ada: SignedIn;
let pat: SignedIn;
let portal: Server;
let count = 0;

const listen = async (server: Server) => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return (server.address() as AddressInfo).port;
};
const textOf = async (request: IncomingMessage) => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
};

/** The portal's own handlers on a port, as Next serves them. */
function ownPortal(): Server {
  const handlers: Record<string, (request: Request, context: { params: Promise<Record<string, string>> }) => Promise<Response>> = {
    "GET /api/v1/me": meRoute,
    "GET /api/v1/settings": settingsRoute,
    "PUT /api/v1/settings": settingsPut,
  };
  return createServer(async (request, response) => {
    const body = await textOf(request);
    const handler = handlers[`${request.method} ${(request.url ?? "").split("?")[0]}`];
    const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
    const answer = handler
      ? await handler(new Request(`http://localhost:3000${request.url}`, { method: request.method ?? "GET", headers, ...(body ? { body } : {}) }), { params: Promise.resolve({}) })
      : new Response(null, { status: 404 });
    response.writeHead(answer.status, Object.fromEntries(answer.headers)).end(Buffer.from(await answer.arrayBuffer()));
  });
}

beforeAll(async () => {
  env().dataDir = dataDir;
  await aTeam("checkout");
  ada = await signedIn(await aPerson("ada", { teams: { checkout: "member" } }));
  pat = await signedIn(await aPerson("pat", { role: "platform-admin" }));
  portal = ownPortal();
  env().port = await listen(portal);
  await db().insert(workers).values({ id: "wrk_test", host: "test", pid: process.pid });
});
beforeEach(async () => {
  [ada, pat] = [
    { ...ada, now: await databaseNow() },
    { ...pat, now: await databaseNow() },
  ];
});
afterAll(async () => {
  await renderer().close();
  portal.closeAllConnections();
  portal.close();
  rmSync(dataDir, { recursive: true, force: true });
});

async function aPath(steps: object[], output: object = {}): Promise<string> {
  count += 1;
  const name = `outside-${count}`;
  const spec = { type: "change", parameters: [{ properties: { owner: { type: "string" } } }], steps, output };
  const template = { apiVersion: "scaffolder.backstage.io/v1beta3", kind: "Template", metadata: { name, title: "Outside" }, spec };
  const files = new Map([
    ["template.yaml", { content: Buffer.from(stringify(template)), mode: 0o644 }],
    ["skeleton/run.sh", { content: Buffer.from("#!/bin/sh\n"), mode: 0o755 }],
  ]);
  const now = await databaseNow();
  await db().transaction((tx) => publishFiles(tx, files, { note: "test", publishedBy: null, now }));
  return name;
}
const execute = async (id: string) => {
  await executeRun(id, "wrk_test", kinds, new Map());
  return readRun(db(), id);
};
const run = async (who: SignedIn, steps: object[], output: object = {}) =>
  execute((await runGoldenPath(who, { name: await aPath(steps, output), values: {}, team: "checkout" })).run.id);
const lines = async () => (await db().select({ text: runLogLines.text }).from(runLogLines)).map(({ text }) => text).join("\n");

describe("http:backstage:request", () => {
  const ask = (input: object) => ({ id: "ask", action: "http:backstage:request", input });
  // biome-ignore lint/suspicious/noTemplateCurlyInString: the code of a template
  const say = { id: "say", action: "debug:log", input: { message: "${{ steps.ask.output | dump }}" } };

  it("asks the own API with the rights of the person who runs it, by a token that is gone afterwards", async () => {
    expect(await run(ada, [ask({ path: "/api/v1/me", method: "GET" }), say])).toMatchObject({ status: "succeeded" });
    expect(await lines()).toMatch(/"code":200.*"name":"ada"/s);
    expect(await db().select().from(apiTokens)).toEqual([]);
    expect(await lines()).not.toMatch(/wmk_svc_/);
  });

  it("may not do what the person, or a step at all, may not", async () => {
    for (const who of [ada, pat]) {
      const ended = await run(who, [ask({ path: "v1/settings", method: "PUT", headers: { authorization: "Bearer mine" }, body: { organisation: "Taken over" } })]);
      expect(ended).toMatchObject({ status: "failed", outcome: { cause: expect.stringMatching(/answered 403/) } });
    }
    expect(await run(pat, [ask({ path: "v1/settings", method: "GET", continueOnBadResponse: true }), say])).toMatchObject({ status: "succeeded" });
    expect(await lines()).toContain('"code":403');
  });

  it.each([
    "proxy/jira/rest",
    "https://evil.example/x",
    "//evil.example/api/catalog/x",
    "catalog/../auth/x",
    "catalog/%2e%2e/auth/x",
    "catalog\\..\\auth",
    "auth/session",
    "/api/webhooks/github",
  ])("refuses %s before the run begins", async (where) => {
    const name = await aPath([ask({ path: where, method: "GET" })]);
    const ended = await execute((await runGoldenPath(ada, { name, values: {}, team: "checkout" })).run.id);
    expect(ended).toMatchObject({ status: "failed", outcome: { cause: expect.stringContaining("have no counterpart in Waymark") } });
  });
});

describe("publish:zip", () => {
  it("packs the files and offers them for download, to those who may see the run", async () => {
    const steps = [
      { id: "files", action: "fetch:plain", input: { url: "./skeleton", targetPath: "out" } },
      { id: "zip", action: "publish:zip", input: { sourcePath: "out" } },
    ];
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the code of a template
    const ended = await run(ada, steps, { links: [{ title: "Files", url: "${{ steps.zip.output.dataUri }}" }] });
    expect(ended).toMatchObject({ status: "succeeded", outcome: { evidence: [{ title: "Files", url: `${env().url}/api/v1/runs/${ended.id}/archive` }] } });
    const { token } = await createToken(ada, { name: "t", scopes: ["read"], ttl: "1d" });
    const get = (id: string, bearer: string) =>
      archiveRoute(new Request(`${env().url}/api/v1/runs/${id}/archive`, { headers: { authorization: `Bearer ${bearer}` } }), { params: Promise.resolve({ id }) });
    const answer = await get(ended.id, token);
    expect([answer.status, answer.headers.get("content-type"), answer.headers.get("content-disposition")]).toEqual([
      200,
      "application/zip",
      `attachment; filename="${ended.id}.zip"`,
    ]);
    const files = await readZip(Buffer.from(await answer.arrayBuffer()));
    expect([...files].map(([name, { mode }]) => [name, mode])).toEqual([["run.sh", 0o755]]);
    const stranger = await signedIn(await aPerson("bo", { teams: {} }));
    const theirs = await createToken(stranger, { name: "t", scopes: ["read"], ttl: "1d" });
    expect((await get(ended.id, theirs.token)).status).toBe(404);
    expect(await dryRunService(ada, { name: await aPath(steps), values: {}, team: "checkout" })).toMatchObject({ made: null });
    expect(await db().select().from(goldenPathRuns)).not.toHaveLength(0);
  });
});

describe("argocd:create-resources", () => {
  const faults = new Faults();
  const made: Record<"projects" | "applications", Record<string, { metadata: { name: string; annotations?: Record<string, string> }; spec: object }>> = {
    projects: {},
    applications: {},
  };
  let server: Server;
  let url: string;
  beforeAll(async () => {
    server = createServer(async (request, response) => {
      const body = await textOf(request);
      const reply = (status: number, value: object) => response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(value));
      if (request.headers.authorization !== "Bearer argo-token-1") return reply(401, { error: "no session information", code: 16 });
      const [, kind, name] = /^\/api\/v1\/(projects|applications|session)(?:\/(.+))?$/.exec(request.url ?? "") ?? [];
      if (kind === "session") return reply(200, { loggedIn: true, username: "waymark" });
      const all = made[kind as "projects"];
      // As Argo CD does: what is not there is forbidden to see.
      if (request.method === "GET") return all[name ?? ""] ? reply(200, all[name ?? ""] ?? {}) : reply(403, { error: "permission denied" });
      if (faults.take(kind ?? "", "before")) return response.destroy();
      const given = JSON.parse(body);
      const one = kind === "projects" ? given.project : given;
      if (all[one.metadata.name]) return reply(400, { error: "existing application spec is different, use upsert flag to force update" });
      all[one.metadata.name] = one;
      if (faults.take(kind ?? "", "after")) return response.destroy();
      reply(200, one);
    });
    url = `http://127.0.0.1:${await listen(server)}`;
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });
  const step = (appName: string, more: object = {}) => ({
    id: "argo",
    action: "argocd:create-resources",
    input: { appName, argoInstance: "main", namespace: "shop", repoUrl: "https://git.example/shop.git", path: "deploy", ...more },
  });

  it("needs a connection, which is tested and named", async () => {
    expect(await run(ada, [step("early")])).toMatchObject({ status: "failed", outcome: { causeCode: "argocd-not-connected", whoCanFix: "platform-team" } });
    await connectHost(pat, { kind: "argocd", url, owner: "main", token: "argo-token-1" });
    expect(await testHost(pat, { kind: "argocd" })).toEqual({ identity: "waymark", problem: null });
    expect(await run(ada, [step("other", { argoInstance: "prod" })])).toMatchObject({
      status: "failed",
      outcome: { cause: expect.stringContaining("the connected one is called main") },
    });
    expect(await outcome(connectHost(ada, { kind: "argocd", url, owner: "main", token: "argo-token-1" }))).toBe("forbidden");
  });

  it.each([
    ["projects", "before"],
    ["projects", "after"],
    ["applications", "before"],
    ["applications", "after"],
  ] as const)("makes project and application once, also when %s are lost %s the effect", async (kind, when) => {
    const name = `shop-${kind}-${when}`;
    faults.add({ operation: kind, when, kind: "cut" });
    let ended = await run(ada, [step(name, { labelValue: "shop" })]);
    if (ended.status === "failed") {
      await retryRun({ ...ada, now: await databaseNow() }, { id: ended.id });
      ended = await execute(ended.id);
    }
    expect(ended).toMatchObject({ status: "succeeded" });
    expect(made.projects[name]).toMatchObject({
      metadata: { annotations: { "waymark.dev/run": `${env().url}/runs/${ended.id}` } },
      spec: { sourceRepos: ["https://git.example/shop.git"] },
    });
    expect(made.applications[name]).toMatchObject({
      metadata: { labels: { "backstage-name": "shop" } },
      spec: { project: name, source: { path: "deploy" }, destination: { namespace: "shop" } },
    });
    expect(await run(ada, [step(name)])).toMatchObject({ status: "failed", outcome: { causeCode: "name-taken", cause: expect.stringContaining("left alone") } });
  });
});
