import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { after, before, beforeEach, test } from "node:test";
import { createHandler } from "../../src/http.js";
import { createLog } from "../../src/log.js";

const counts = { waiting: 1, running: 0, done: 0, failed: 0, oldestWaitingSeconds: 0 };
const hostile = { id: "1", kind: "<b>", payload: { text: "<script>" }, status: "waiting", attempts: 0, result: null, lastError: null };
const status = { isReady: true };
let added = [];
let failure = null;
let server;
let origin;

const queue = {
  overview: async () => ({ jobs: [hostile], counts }),
  add: async (...job) => {
    if (failure) throw failure;
    added.push(job);
    return job[2]?.key === "taken" ? null : "7";
  },
};

before(async () => {
  const database = {
    ping: async () => {
      if (failure) throw failure;
    },
  };
  const handler = createHandler({ service: { name: "shop", description: "Counts <things>" }, queue, kinds: ["count-words"], database, status, log: createLog({ level: "error", write: () => {} }) });
  server = createServer(handler).listen(0, "127.0.0.1");
  await once(server, "listening");
  origin = `http://127.0.0.1:${server.address().port}`;
});
after(() => server.close());
beforeEach(() => {
  added = [];
  failure = null;
  status.isReady = true;
});

const post = (body, headers = {}) => fetch(`${origin}/api/jobs`, { method: "POST", headers, body: typeof body === "string" ? body : JSON.stringify(body) });

test("health needs the process, readiness the database", async () => {
  failure = new Error("gone");
  assert.equal((await fetch(`${origin}/healthz`)).status, 200);
  assert.equal((await fetch(`${origin}/readyz`)).status, 503);
  failure = null;
  assert.equal((await fetch(`${origin}/readyz`)).status, 200);
  status.isReady = false;
  assert.equal((await fetch(`${origin}/readyz`)).status, 503);
});

test("jobs are taken as JSON and from the form of the page", async () => {
  assert.equal((await post({ kind: "count-words", payload: { text: "a b" } })).status, 202);
  const form = { method: "POST", redirect: "manual", body: new URLSearchParams({ text: "c d" }) };
  assert.equal((await fetch(`${origin}/jobs`, form)).status, 303);
  assert.deepEqual(added, [
    ["count-words", { text: "a b" }, { key: null }],
    ["count-words", { text: "c d" }],
  ]);
});

for (const [name, expected, body, headers] of [
  ["an unknown kind", 422, { kind: "toString" }],
  ["a payload that is none", 422, { kind: "count-words", payload: 1 }],
  ["a key that waits already", 409, { kind: "count-words", key: "taken" }],
  ["a body that is none", 400, "{"],
  ["a large body", 413, "x".repeat(20_000)],
  ["another site", 403, { kind: "count-words" }, { "sec-fetch-site": "cross-site" }],
]) {
  test(`${name} is refused with what is wrong`, async () => {
    const response = await post(body, headers);
    assert.equal(response.status, expected);
    assert.ok((await response.json()).detail.length > 10);
  });
}

test("the page escapes what jobs hold and allows no script", async () => {
  const response = await fetch(origin);
  const html = await response.text();
  assert.ok(html.includes("Counts &lt;things&gt;") && !html.includes("<script"));
  assert.match(response.headers.get("content-security-policy"), /default-src 'none'/);
  assert.equal((await fetch(`${origin}/nothing`)).status, 404);
});
