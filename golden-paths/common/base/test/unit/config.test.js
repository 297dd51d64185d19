import assert from "node:assert/strict";
import { test } from "node:test";
import { readConfig } from "../../src/config.js";

const base = {% if values.database %}{ DATABASE_URL: "postgres://me:secret@localhost:5432/notes" }{% else %}{}{% endif %};

test("a port, a socket path and a log level are read", () => {
  assert.deepEqual(readConfig({ ...base, PORT: "8080" }).listen, { port: 8080 });
  assert.deepEqual(readConfig({ ...base, PORT: "/run/app/http.sock" }).listen, { path: "/run/app/http.sock" });
  assert.equal(readConfig({ ...base, LOG_LEVEL: "debug" }).logLevel, "debug");
});

test("what is not set has a default", () => {
  assert.deepEqual(readConfig(base).listen, { port: 3000 });
});

for (const [name, env, expected] of [
  ["a port out of range", { ...base, PORT: "70000" }, /^PORT is "70000"; expected/],
  ["a port that is no number", { ...base, PORT: "http" }, /^PORT is "http"; expected/],
{%- if values.database %}
  ["no database", {}, /^DATABASE_URL is not set; expected/],
  ["another database", { DATABASE_URL: "mysql://me:secret@localhost/notes" }, /^DATABASE_URL is not readable/],
{%- endif %}
  ["an unknown log level", { ...base, LOG_LEVEL: "loud" }, /^LOG_LEVEL is "loud"; expected/],
]) {
  test(`${name} is refused in one line without secrets`, () => {
    assert.throws(() => readConfig(env), (error) => expected.test(error.message) && !error.message.includes("\n") && !error.message.includes("secret"));
  });
}
