import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type IncomingMessage, type RequestListener, request, type Server } from "node:http";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { until } from "@/tests/setup/until";
import { type SandboxProxy, startSandboxProxy } from "./listener";
import type { ResolvedName } from "./pages";
import type { MinuteCounts } from "./traffic";

let folder: string;
let proxy: SandboxProxy;
let table: Map<string, ResolvedName>;
let stored: MinuteCounts[];
let tableFails: boolean;
let asked: number;
const servers = new Set<Server>();

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "wm-proxy-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

beforeEach(async () => {
  table = new Map();
  stored = [];
  tableFails = false;
  asked = 0;
  proxy = await startSandboxProxy({
    port: 0,
    domain: "localhost",
    portalUrl: "http://localhost:3000",
    resolve: async (name) => {
      asked++;
      if (tableFails) throw new Error("no database");
      return table.get(name) ?? null;
    },
    flush: async (counts) => void stored.push(...counts),
  });
});

afterEach(async () => {
  await proxy.stop();
  for (const server of servers) {
    server.closeAllConnections();
    server.close();
  }
  servers.clear();
});

/** A process of a sandbox: a server on a unix socket, known to the table. */
async function sandbox(name: string, listener: RequestListener, socket = `${name}.sock`): Promise<Server> {
  const socketPath = path.join(folder, socket);
  await rm(socketPath, { force: true });
  const server = createServer(listener).listen(socketPath);
  await once(server, "listening");
  servers.add(server);
  table.set(name, { environmentId: `env_${name}`, status: "ready", handle: { socketPath } });
  return server;
}

async function get(name: string, options: { path?: string; method?: string; headers?: Record<string, string>; body?: string } = {}) {
  const { path: target = "/", method = "GET", headers = {}, body } = options;
  const sent = request({ host: "127.0.0.1", port: proxy.port, path: target, method, headers: { host: `${name}.localhost:${proxy.port}`, ...headers }, agent: false });
  sent.end(body);
  const [answer] = (await once(sent, "response")) as [IncomingMessage];
  return { status: answer.statusCode, headers: answer.headers, body: await text(answer) };
}

describe("forwarding", () => {
  test("method, path, body and headers arrive; the portal's secrets do not", async () => {
    await sandbox("echo", async (req, res) => {
      res.setHeader("Set-Cookie", ["mine=1; Domain=localhost", "waymark_session=evil"]);
      res.end(JSON.stringify({ method: req.method, url: req.url, headers: req.headers, body: await text(req) }));
    });
    const answer = await get("echo", {
      method: "POST",
      path: "/a?b=c",
      headers: { cookie: "waymark_session=s; mine=2", authorization: "Bearer wmk_pat_x", "x-own": "1" },
      body: "hello",
    });
    const seen = JSON.parse(answer.body);
    expect(seen).toMatchObject({
      method: "POST",
      url: "/a?b=c",
      body: "hello",
      headers: { cookie: "mine=2", "x-own": "1", host: `echo.localhost:${proxy.port}`, "x-forwarded-for": "127.0.0.1" },
    });
    expect(seen.headers).not.toHaveProperty("authorization");
    expect(answer.headers["set-cookie"]).toEqual(["mine=1"]);
  });

  test("both directions stream: a piece is there before the end is", async () => {
    await sandbox("stream", (req, res) => {
      res.write("first");
      req.once("data", (chunk: Buffer) => res.end(`:${chunk}`));
    });
    const sent = request({ host: "127.0.0.1", port: proxy.port, method: "POST", headers: { host: "stream.localhost", "transfer-encoding": "chunked" }, agent: false });
    sent.flushHeaders();
    const [answer] = (await once(sent, "response")) as [IncomingMessage];
    const [first] = await once(answer, "data");
    expect(String(first)).toBe("first");
    sent.end("second");
    expect(await text(answer)).toBe(":second");
  });

  test.each(["GET", "DELETE", "PATCH"])("a body without a stated length arrives whole with %s", async (method) => {
    await sandbox("framed", async (req, res) => res.end(await text(req)));
    const inner = "GET /smuggled HTTP/1.1\r\n\r\n";
    expect((await get("framed", { method, headers: { "transfer-encoding": "chunked" }, body: inner })).body).toBe(inner);
  });

  test("a client that leaves ends the request in the process", async () => {
    let left = false;
    await sandbox("slow", (_req, res) => {
      res.write("…");
      res.once("close", () => {
        left = true;
      });
    });
    const sent = request({ host: "127.0.0.1", port: proxy.port, headers: { host: "slow.localhost" }, agent: false });
    sent.on("error", () => {});
    sent.end();
    await once(sent, "response");
    sent.destroy();
    await until("the process to notice", async () => left);
  });

  test("an upgraded connection carries bytes both ways", async () => {
    const server = await sandbox("ws", (_req, res) => res.end());
    server.on("upgrade", (req, socket) => {
      socket.write(`HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: ${req.headers.upgrade}\r\nX-Cookie: ${req.headers.cookie ?? "none"}\r\n\r\nhello`);
      socket.pipe(socket);
    });
    const client = connect(proxy.port, "127.0.0.1");
    client.write(`GET /chat HTTP/1.1\r\nHost: ws.localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nCookie: waymark_session=s\r\n\r\n`);
    let seen = "";
    client.on("data", (chunk) => {
      seen += chunk;
    });
    await until("the greeting", async () => seen.endsWith("hello"));
    expect(seen).toMatch(/^HTTP\/1\.1 101 .*X-Cookie: none\r\n.*\r\n\r\nhello$/s);
    client.write("ping");
    await until("the echo", async () => seen.endsWith("helloping"));
    client.destroy();
  });

  test("a process that answers an upgrade with a refusal is passed on", async () => {
    await sandbox("nows", (_req, res) => res.writeHead(426).end("plain only"));
    const client = connect(proxy.port, "127.0.0.1");
    client.write(`GET / HTTP/1.1\r\nHost: nows.localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n`);
    expect(await text(client)).toMatch(/^HTTP\/1\.1 426 .*plain only/s);
  });
});

describe("replacing a process", () => {
  test("no request is lost while the address moves to another socket", async () => {
    const old = await sandbox("moving", (_req, res) => res.end("old"), "old.sock");
    const answers: string[] = [];
    let moved = false;
    const load = (async () => {
      while (answers.filter((answer) => answer === "new").length < 20) answers.push((await get("moving")).body);
    })();
    await until("some answers of the old one", async () => answers.length > 20);
    await sandbox("moving", (_req, res) => res.end("new"), "new.sock");
    moved = true;
    old.close();
    old.closeIdleConnections();
    await load;
    expect(moved).toBe(true);
    expect(new Set(answers)).toEqual(new Set(["old", "new"]));
  });

  test("a kept connection that the process closed is not an error for the client", async () => {
    const server = await sandbox("idle", (_req, res) => res.end("ok"));
    for (let i = 0; i < 50; i++) {
      expect((await get("idle")).status).toBe(200);
      server.closeIdleConnections();
    }
  });
});

describe("instead of an answer", () => {
  const state = (status: ResolvedName["status"]) => table.set("some", { environmentId: "env_1", status, handle: null });

  test.each([
    ["queued", 503],
    ["provisioning", 503],
    ["failed", 502],
    ["deleting", 410],
    ["deleted", 410],
    ["leaked", 410],
  ] as const)("%s → %d", async (status, expected) => {
    state(status);
    const answer = await get("some");
    expect(answer.status).toBe(expected);
    expect(answer.headers["retry-after"]).toBe(expected === 503 ? "2" : undefined);
  });

  test("an unknown name and a foreign host are 404", async () => {
    expect((await get("nobody")).status).toBe(404);
    expect((await get("x", { headers: { host: `127.0.0.1:${proxy.port}` } })).status).toBe(404);
  });

  test("a silent process is 502 with a link to its page, in the form that was asked for", async () => {
    table.set("dead", { environmentId: "env_dead", status: "ready", handle: { socketPath: path.join(folder, "nobody.sock") } });
    const page = await get("dead", { headers: { accept: "text/html,*/*" } });
    expect(page.status).toBe(502);
    expect(page.body).toContain('href="http://localhost:3000/environments/env_dead"');
    const problem = await get("dead", { headers: { accept: "application/json" } });
    expect(problem.headers["content-type"]).toBe("application/problem+json");
    expect(JSON.parse(problem.body)).toMatchObject({ status: 502, code: "not_answering", link: "http://localhost:3000/environments/env_dead" });
    expect((await get("dead")).headers["content-type"]).toContain("text/plain");
    expect((await get("dead", { method: "POST", body: "x".repeat(100_000) })).status).toBe(502);
  });

  test("headers beyond the limit are refused", async () => {
    expect((await get("some", { headers: { "x-long": "x".repeat(20_000) } })).status).toBe(431);
  });
});

describe("the table", () => {
  test("is asked once for many requests, and its outage is not the sandbox's", async () => {
    await sandbox("busy", (_req, res) => res.end("ok"));
    await Promise.all(Array.from({ length: 30 }, () => get("busy")));
    expect(asked).toBe(1);
    tableFails = true;
    await until("the answer to be old", async () => (await get("busy")).status === 200 && asked > 1);
    expect((await get("busy")).status).toBe(200);
    expect((await get("other")).status).toBe(503);
  });

  test("is believed at once when a sandbox becomes ready", async () => {
    table.set("new", { environmentId: "env_new", status: "provisioning", handle: null });
    expect((await get("new")).status).toBe(503);
    await sandbox("new", (_req, res) => res.end("here"));
    await until("the sandbox", async () => (await get("new")).status === 200, 500);
  });

  test("gets the traffic of each environment at the latest when the proxy stops", async () => {
    await sandbox("counted", (req, res) => res.writeHead(req.url === "/bad" ? 500 : 200).end());
    for (const target of ["/", "/", "/bad"]) await get("counted", { path: target });
    await proxy.stop();
    const requests = stored.reduce((sum, row) => sum + row.requests, 0);
    const errors = stored.reduce((sum, row) => sum + row.errors, 0);
    expect({ requests, errors, of: new Set(stored.map((row) => row.environmentId)) }).toEqual({ requests: 3, errors: 1, of: new Set(["env_counted"]) });
  });
});

test("a taken port stops the start with the name of the variable to change", async () => {
  await expect(startSandboxProxy({ port: proxy.port, domain: "localhost", portalUrl: "http://localhost:3000", resolve: async () => null, flush: async () => {} })).rejects.toThrow(
    /WAYMARK_PROXY_PORT/,
  );
});
