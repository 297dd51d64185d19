import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { after, before, beforeEach, describe, test } from "node:test";
import { createApp } from "../../src/app.js";
import { createLog } from "../../src/log.js";

const service = { name: "shop", version: "1.0.0", description: "" };
{% if values.database %}const about = { name: "shop_db", role: "shop", version: "18.0", size: "8 MB" };
{% endif %}const status = { isReady: true };
const lines = [];
let stored = [];
let failure = null;
let server;
let origin;

const notes = {
  list: async () => stored,
  add: async (text) => {
    if (failure) throw failure;
    const note = { id: String(stored.length + 1), text, createdAt: new Date(0) };
    stored.unshift(note);
    return note;
  },
  remove: async (id) => {
    const before = stored.length;
    stored = stored.filter((note) => note.id !== id);
    return stored.length < before;
  },
};
{%- if values.database %}
const database = {
  ping: async () => {
    if (failure) throw failure;
  },
  describe: async () => about,
};
{%- endif %}

before(async () => {
  const log = createLog({ level: "debug", write: (line) => lines.push(JSON.parse(line)) });
  server = createServer(createApp({ service, notes,{% if values.database %} database,{% endif %} status, log })).listen(0, "127.0.0.1");
  await once(server, "listening");
  origin = `http://127.0.0.1:${server.address().port}`;
});
after(() => server.close());
beforeEach(() => {
  stored = [];
  failure = null;
  status.isReady = true;
  lines.length = 0;
});

const json = (body) => ({ method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) });

describe("notes", () => {
  test("are created, listed and deleted as JSON", async () => {
    const created = await fetch(`${origin}/api/notes`, json({ text: "  buy milk " }));
    assert.equal(created.status, 201);
    assert.equal((await created.json()).text, "buy milk");
    assert.equal((await (await fetch(`${origin}/api/notes`)).json()).items.length, 1);
    assert.equal((await fetch(`${origin}/api/notes/1`, { method: "DELETE" })).status, 204);
    assert.equal((await fetch(`${origin}/api/notes/1`, { method: "DELETE" })).status, 404);
  });

  test("are created and deleted by the forms of the page", async () => {
    const form = { method: "POST", headers: { "content-type": "application/x-www-form-urlencoded" }, redirect: "manual" };
    assert.equal((await fetch(`${origin}/notes`, { ...form, body: "text=hello" })).status, 303);
    assert.match(await (await fetch(origin)).text(), /hello/);
    assert.equal((await fetch(`${origin}/notes/1/delete`, { ...form, body: "" })).status, 303);
    assert.equal(stored.length, 0);
  });

  for (const [name, body, message] of [
    ["no text", {}, "Write at least one character."],
    ["only blanks", { text: "   " }, "Write at least one character."],
    ["a number", { text: 5 }, "Write at least one character."],
    ["too much", { text: "x".repeat(281) }, "At most 280 characters; this has 281."],
    ["a NUL character", { text: "a\0b" }, "Remove the NUL character."],
  ]) {
    test(`${name} is refused with what to do`, async () => {
      const response = await fetch(`${origin}/api/notes`, json(body));
      assert.equal(response.status, 422);
      assert.match(response.headers.get("content-type"), /^application\/problem\+json/);
      assert.deepEqual((await response.json()).errors, [{ path: "text", message }]);
    });
  }

  for (const id of ["0", "-1", "abc", "99999999999999999999", "1;drop"]) {
    test(`the id ${id} is not found`, async () => {
      assert.equal((await fetch(`${origin}/api/notes/${encodeURIComponent(id)}`, { method: "DELETE" })).status, 404);
    });
  }
});

describe("health", () => {
{%- if values.database %}
  test("only needs the process; readiness needs the database", async () => {
    failure = Object.assign(new Error("connect ECONNREFUSED"), { code: "ECONNREFUSED" });
    assert.equal((await fetch(`${origin}/healthz`)).status, 200);
    assert.equal((await fetch(`${origin}/readyz`)).status, 503);
    failure = null;
    assert.equal((await fetch(`${origin}/readyz`)).status, 200);
  });

{%- endif %}
  test("while starting or stopping everything else waits", async () => {
    status.isReady = false;
    lines.length = 0;
    assert.equal((await fetch(`${origin}/healthz`)).status, 200);
    assert.equal((await fetch(`${origin}/readyz`)).status, 503);
    assert.deepEqual(lines.filter((line) => line.level === "error"), [], "a probe that has to wait is no error");
    const page = await fetch(origin);
    assert.equal(page.status, 503);
    assert.equal(page.headers.get("retry-after"), "1");
  });
});

describe("errors", () => {
  test("unreadable JSON, foreign types and unknown addresses are the caller's", async () => {
    assert.equal((await fetch(`${origin}/api/notes`, { ...json({}), body: "{" })).status, 400);
    assert.equal((await fetch(`${origin}/api/notes`, json({ text: "x".repeat(20_000) }))).status, 413);
    assert.equal((await fetch(`${origin}/nothing/here`)).status, 404);
    assert.equal((await fetch(`${origin}/%c0`)).status, 404);
  });

  test("an unforeseen one is logged under its request id and not shown", async () => {
    failure = new Error("secret detail");
    const response = await fetch(`${origin}/api/notes`, { ...json({ text: "x" }), headers: { "content-type": "application/json", "x-request-id": "abcdef-123456" } });
    const problem = await response.json();
    assert.equal(response.status, 500);
    assert.equal(problem.requestId, "abcdef-123456");
    assert.ok(!JSON.stringify(problem).includes("secret detail"));
    assert.ok(lines.some((line) => line.requestId === "abcdef-123456" && line.error?.message === "secret detail"));
  });

  test("a form on another site is refused", async () => {
    const response = await fetch(`${origin}/notes`, { method: "POST", headers: { "sec-fetch-site": "cross-site" }, body: new URLSearchParams({ text: "x" }) });
    assert.equal(response.status, 403);
    assert.equal(stored.length, 0);
  });
});

test("each request is one log line with id, status and duration", async () => {
  const response = await fetch(`${origin}/api/notes?secret=1`, { headers: { "x-request-id": "../hostile" } });
  await response.text();
  while (!lines.some((line) => line.message === "request")) await new Promise((resolve) => setImmediate(resolve));
  const [line] = lines.filter((entry) => entry.message === "request");
  assert.equal(line.path, "/api/notes");
  assert.equal(line.status, 200);
  assert.equal(typeof line.durationMs, "number");
  assert.match(line.requestId, /^[0-9a-f-]{36}$/);
});

test("pages forbid scripts and framing", async () => {
  const { headers } = await fetch(origin);
  assert.match(headers.get("content-security-policy"), /default-src 'none'/);
  assert.equal(headers.get("x-powered-by"), null);
});
