import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { readConcurrency } from "../../src/concurrency.js";
import { createLog } from "../../src/log.js";
import { createWorker } from "../../src/worker.js";

const log = createLog({ level: "error", write: () => {} });

/** A queue in memory that notes what it is told. */
function memoryQueue(...jobs) {
  const told = [];
  const note = (what) => async (job, detail) => {
    told.push([what, job.id, detail]);
    return true;
  };
  return { told, take: async () => jobs.shift() ?? null, push: (job) => jobs.push(job), hold: note("hold"), done: note("done"), failed: note("failed"), release: note("release") };
}

async function until(condition) {
  for (let tries = 0; !condition(); tries += 1) {
    assert.ok(tries < 500, "it happens within 5 seconds");
    await delay(10);
  }
}

test("a job's result is stored, a failure is told, an unknown kind too", async () => {
  const queue = memoryQueue({ id: 1, kind: "good", payload: 2, attempts: 1 }, { id: 2, kind: "bad", payload: {}, attempts: 1 }, { id: 3, kind: "toString", payload: {}, attempts: 1 });
  const handlers = {
    good: async (payload) => payload * 2,
    bad: async () => {
      throw new Error("broken");
    },
  };
  const worker = createWorker({ queue, handlers, concurrency: 1, log });
  await until(() => queue.told.length === 3);
  await worker.stop();
  assert.deepEqual(queue.told, [
    ["done", 1, 4],
    ["failed", 2, "broken"],
    ["failed", 3, "There is no handler for jobs of the kind toString."],
  ]);
});

test("only as many jobs run at once as are allowed", async () => {
  let running = 0;
  let most = 0;
  const queue = memoryQueue(...[1, 2, 3, 4, 5, 6].map((id) => ({ id, kind: "slow", payload: {}, attempts: 1 })));
  const slow = async () => {
    running += 1;
    most = Math.max(most, running);
    await delay(20);
    running -= 1;
  };
  const worker = createWorker({ queue, handlers: { slow }, concurrency: 2, log });
  await until(() => queue.told.length === 6);
  await worker.stop();
  assert.equal(most, 2);
});

test("stopping waits for what is under way; what it cuts off is given back without costing an attempt", async () => {
  const queue = memoryQueue({ id: 1, kind: "finishes", payload: {}, attempts: 1 }, { id: 2, kind: "cut", payload: {}, attempts: 1 });
  const handlers = { finishes: () => delay(50, "late"), cut: (_payload, { signal }) => delay(60_000, undefined, { signal }) };
  const worker = createWorker({ queue, handlers, concurrency: 2, log });
  await delay(10);
  await worker.stop();
  assert.deepEqual(queue.told.sort((a, b) => a[1] - b[1]).map(([what, id]) => [what, id]), [["done", 1], ["release", 2]]);
});

test("a new job wakes a resting worker", async () => {
  const queue = memoryQueue();
  const worker = createWorker({ queue, handlers: { quick: async () => 1 }, concurrency: 1, log, pollMs: 60_000 });
  await delay(20);
  queue.push({ id: 9, kind: "quick", payload: {}, attempts: 1 });
  worker.wake();
  await until(() => queue.told.length === 1);
  await worker.stop();
});

for (const value of ["0", "51", "1.5", "many"]) {
  test(`${value} jobs at once are refused`, () => assert.throws(() => readConcurrency(value), /^Error: CONCURRENCY is .*; expected a whole number/));
}
