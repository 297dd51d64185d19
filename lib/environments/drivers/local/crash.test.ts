import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { newId } from "@/lib/core/id";
import { type LocalHarness, openLocalHarness } from "@/tests/setup/local-driver";
import { until } from "@/tests/setup/until";
import { workerProgram } from "@/tests/setup/worker-programs";

const ROUNDS = 6;
const KILLS = 4;
/** About how long a create takes after its worker has begun. */
const SPAN_MS = 500;
const SEED = 20_260_101;

let harness: LocalHarness;
beforeAll(async () => {
  harness = await openLocalHarness();
});
afterAll(() => harness.close());

/** The same numbers in every run of the test (mulberry32). */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

interface Worker {
  process: ChildProcess;
  said: () => string;
}

async function startWorker(action: "create" | "destroy", environmentId: string): Promise<Worker> {
  const state = path.join(harness.settings.dataDir, `${environmentId}.state`);
  const child = spawn(process.execPath, [...workerProgram(inject("workerPrograms"), "provision-worker"), action, environmentId, state, JSON.stringify(harness.settings)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let text = "";
  child.stdout?.setEncoding("utf8").on("data", (piece: string) => {
    text += piece;
  });
  await until("the worker to begin", async () => text.includes("begin"));
  return { process: child, said: () => text };
}

/** Starts workers and kills them with SIGKILL at random moments; the last one may finish. */
async function doWithKills(action: "create" | "destroy", environmentId: string, random: () => number): Promise<void> {
  for (let kill = 0; kill < KILLS; kill++) {
    const worker = await startWorker(action, environmentId);
    const exited = once(worker.process, "exit");
    // The moment of the crash is what this test varies.
    await Promise.race([delay(random() * SPAN_MS), exited]);
    worker.process.kill("SIGKILL");
    await exited;
    if (worker.said().includes("done")) return;
  }
  const last = await startWorker(action, environmentId);
  await once(last.process, "exit");
  expect(last.said()).toContain("done");
}

test("kill -9 of workers at any instant: one process, one database, and after destroy nothing", async () => {
  const random = numbers(SEED);
  for (let round = 0; round < ROUNDS; round++) {
    const environmentId = newId("environment");
    await doWithKills("create", environmentId, random);
    expect(await harness.instances(environmentId)).toBe(1);
    expect((await harness.databaseObjects(environmentId)).sort()).toEqual(["database", "role"]);
    expect(await harness.driver.status({ environmentId, name: "crash-test", handle: null })).toMatchObject({ state: "running", health: { state: "healthy" } });
    const state = JSON.parse(await readFile(path.join(harness.settings.dataDir, `${environmentId}.state`), "utf8"));
    const supervisors = (await harness.processes(environmentId)).filter(({ command }) => command[0] === "/bin/sh");
    expect(supervisors).toHaveLength(1);
    expect(state.checkpoints.createready).toBeTruthy();
    await doWithKills("destroy", environmentId, random);
    expect(await harness.instances(environmentId)).toBe(0);
    expect(await harness.databaseObjects(environmentId)).toEqual([]);
    expect(await harness.processes(environmentId)).toEqual([]);
  }
  expect(await harness.driver.inventory()).toEqual([]);
  expect(await readdir(path.join(harness.settings.dataDir, "sandboxes"))).toEqual([]);
}, 240_000);
