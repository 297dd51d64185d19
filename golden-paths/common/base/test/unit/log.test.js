import assert from "node:assert/strict";
import { test } from "node:test";
import { createLog } from "../../src/log.js";

function collect(level) {
  const lines = [];
  return { log: createLog({ level, write: (line) => lines.push(JSON.parse(line)) }), lines };
}

test("a line is JSON with time, level, message and fields", () => {
  const { log, lines } = collect("info");
  log.info("listening", { port: 3000 });
  assert.equal(lines.length, 1);
  assert.equal(lines[0].level, "info");
  assert.equal(lines[0].message, "listening");
  assert.equal(lines[0].port, 3000);
  assert.ok(!Number.isNaN(Date.parse(lines[0].time)));
});

test("lines below the level are left out", () => {
  const { log, lines } = collect("warn");
  log.debug("a");
  log.info("b");
  log.warn("c");
  log.error("d");
  assert.deepEqual(lines.map((line) => line.message), ["c", "d"]);
});

test("an error keeps message and stack", () => {
  const { log, lines } = collect("info");
  log.error("failed", { error: new TypeError("broken") });
  assert.equal(lines[0].error.message, "broken");
  assert.match(lines[0].error.stack, /TypeError: broken/);
});
