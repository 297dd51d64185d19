import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import { migrate } from "../../src/migrate.js";
import { createQueue } from "../../src/queue.js";
import { scratchPool } from "./scratch.js";

let scratch;
let queue;
before(async () => {
  scratch = await scratchPool();
  await migrate(scratch.pool);
  queue = createQueue(scratch.pool);
});
after(() => scratch.remove());
beforeEach(() => scratch.pool.query("truncate jobs restart identity"));

const row = async (id) => (await scratch.pool.query("select * from jobs where id = $1", [id])).rows[0];

test("migrations are applied once", async () => {
  assert.deepEqual(await migrate(scratch.pool), []);
});

test("twenty takers share ten jobs, each job once, oldest first", async () => {
  for (let index = 0; index < 10; index += 1) await queue.add("count-words", { index });
  const taken = (await Promise.all(Array.from({ length: 20 }, () => queue.take()))).filter(Boolean);
  assert.deepEqual(taken.map(({ payload }) => payload.index).sort((a, b) => a - b), [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  assert.equal(await queue.take(), null);
});

test("a result is stored; a late answer of an earlier attempt is not", async () => {
  await queue.add("count-words");
  const first = await queue.take();
  await scratch.pool.query("update jobs set held_until = now() - interval '1 second'");
  const second = await queue.take();
  assert.equal(second.id, first.id);
  assert.equal(await queue.done(first, "late"), false);
  assert.equal(await queue.hold(second), true);
  assert.equal(await queue.done(second, { words: 2 }), true);
  assert.deepEqual((await row(first.id)).result, { words: 2 });
});

test("a failed job waits longer each time and is given up after the fifth attempt", async () => {
  await queue.add("count-words");
  const waits = [];
  for (let attempt = 1; attempt <= 5; attempt += 1) {
    await scratch.pool.query("update jobs set run_at = now()");
    const job = await queue.take();
    assert.equal(await queue.failed(job, "broken"), true);
    const { rows } = await scratch.pool.query("select round(extract(epoch from run_at - now()))::int as seconds, status from jobs");
    waits.push(rows[0].status === "failed" ? "failed" : rows[0].seconds);
  }
  assert.deepEqual(waits, [2, 4, 8, 16, "failed"]);
});

test("the same key waits only once; after its end it can be added again", async () => {
  const id = await queue.add("count-words", {}, { key: "daily" });
  assert.equal(await queue.add("count-words", {}, { key: "daily" }), null);
  await queue.done(await queue.take(), 1);
  assert.notEqual(await queue.add("count-words", {}, { key: "daily" }), null);
  assert.equal((await row(id)).status, "done");
});

test("a delayed job waits; one that is given back costs no attempt", async () => {
  await queue.add("count-words", {}, { delayMs: 60_000 });
  assert.equal(await queue.take(), null);
  await queue.add("count-words", { now: true });
  await queue.release(await queue.take());
  assert.equal((await queue.take()).attempts, 1);
  const { counts } = await queue.overview();
  assert.deepEqual([counts.waiting, counts.running], [1, 1]);
});
