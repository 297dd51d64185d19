import assert from "node:assert/strict";
import { EventEmitter } from "node:events";
import { test } from "node:test";
import { wakeOnNotify } from "../../src/wake.js";

test("stops also where it is told to while it begins to listen", async () => {
  const listening = deferred();
  const client = Object.assign(new EventEmitter(), { query: () => listening.promise, release: () => {} });
  const waking = wakeOnNotify({ connect: async () => client }, "jobs", () => {}, { warn: () => {} });
  await new Promise(setImmediate);
  const stopped = waking.stop();
  listening.resolve();
  assert.equal(await stopped, undefined);
});

function deferred() {
  const made = {};
  made.promise = new Promise((resolve) => Object.assign(made, { resolve }));
  return made;
}
