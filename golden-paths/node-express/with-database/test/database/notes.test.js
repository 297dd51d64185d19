import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { describeDatabase } from "../../src/db.js";
import { migrate } from "../../src/migrate.js";
import { createNotes } from "../../src/notes.js";
import { scratchPool } from "./scratch.js";

let scratch;
before(async () => {
  scratch = await scratchPool();
});
after(() => scratch.remove());

test("migrations are applied once, however many processes start together", async () => {
  const applied = await Promise.all([migrate(scratch.pool), migrate(scratch.pool), migrate(scratch.pool)]);
  assert.deepEqual(applied.flat(), ["0001-create-notes.sql"]);
  assert.deepEqual(await migrate(scratch.pool), []);
});

test("notes are stored, listed newest first and removed", async () => {
  const notes = createNotes(scratch.pool);
  const first = await notes.add("first");
  const second = await notes.add("second 'quoted'; drop table notes");
  assert.deepEqual((await notes.list()).map((note) => note.text), [second.text, first.text]);
  assert.equal(await notes.remove(first.id), true);
  assert.equal(await notes.remove(first.id), false);
  assert.equal((await notes.list()).length, 1);
});

test("the database refuses what the service would not send", async () => {
  await assert.rejects(createNotes(scratch.pool).add("x".repeat(281)), /check constraint/);
});

test("the database describes itself", async () => {
  const about = await describeDatabase(scratch.pool);
  assert.match(about.version, /^\d+/);
  assert.ok(about.name.length > 0);
});
