import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
{% if values.database %}import { scratchPool } from "../database/scratch.js";
{% endif %}
const SERVER = fileURLToPath(new URL("../../src/server.js", import.meta.url));
let child;
{% if values.database %}let scratch;
{% endif %}let origin;
let output = "";

before(async () => {
{%- if values.database %}
  scratch = await scratchPool();
{%- endif %}
  child = spawn(process.execPath, [SERVER], { env: { ...process.env, NODE_ENV: "production", PORT: "0", LOG_LEVEL: "info"{% if values.database %}, PGOPTIONS: `-c search_path=${scratch.schema}`{% endif %} }, stdio: ["ignore", "pipe", "inherit"] });
  child.stdout.setEncoding("utf8").on("data", (text) => {
    output += text;
    child.emit("lines");
  });
  while (!output.includes('"ready"')) await Promise.race([once(child, "lines"), once(child, "exit").then(() => assert.fail(output))]);
  origin = `http://localhost:${/port (\d+)/.exec(output)[1]}`;
});
after(async () => {
  child.kill("SIGKILL");
{%- if values.database %}
  await scratch.remove();
{%- endif %}
});

test("answers probes and serves its page with what package.json says, and forbids framing", async () => {
  for (const path of ["/healthz", "/readyz"]) assert.equal((await fetch(origin + path)).status, 200);
  const response = await fetch(origin);
  assert.match(await response.text(), /<h1>[^<]+<\/h1>.*Whom to greet/s);
  assert.match(response.headers.get("content-security-policy"), /frame-ancestors 'none'/);
  assert.equal((await fetch(`${origin}/nothing/here`)).status, 404);
});

test("greets, and says what is wrong", async () => {
  const post = (body, headers = {}) => fetch(`${origin}/api/greetings`, { method: "POST", headers: { "content-type": "application/json", ...headers }, body });
  assert.equal((await (await post('{"name":"Ada"}')).json()).text, "Hello, Ada!");
  assert.equal((await post('{"name":" "}')).status, 422);
  assert.equal((await post("{")).status, 422);
  assert.equal((await post('{"name":"x"}', { "sec-fetch-site": "cross-site" })).status, 403);
});

test("finishes and ends on SIGTERM", async () => {
  child.kill("SIGTERM");
  assert.deepEqual(await once(child, "exit"), [0, null]);
  assert.match(output.trim().split("\n").at(-1), /"stopped"/);
});
