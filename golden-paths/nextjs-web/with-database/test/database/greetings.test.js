import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { keepGreeting, latestGreetings } from "../../lib/greetings.js";
import { migrate } from "../../src/migrate.js";
import { scratchPool } from "./scratch.js";

let scratch;
before(async () => {
  scratch = await scratchPool();
  globalThis.databasePool = scratch.pool;
});
after(() => scratch.remove());

test("migrations are applied once, however many processes start together", async () => {
  const applied = await Promise.all([migrate(scratch.pool), migrate(scratch.pool)]);
  assert.deepEqual(applied.flat(), ["0001-create-greetings.sql"]);
});

test("greetings are kept and listed, newest first", async () => {
  await keepGreeting("Hello, one!");
  await keepGreeting("Hello, 'two'; drop table greetings!");
  assert.deepEqual((await latestGreetings()).map(({ text }) => text), ["Hello, 'two'; drop table greetings!", "Hello, one!"]);
});
