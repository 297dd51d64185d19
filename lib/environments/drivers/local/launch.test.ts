import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { until } from "@/tests/setup/until";
import { type LaunchPlan, launch } from "./launch";
import { identify, isAlive, listProcesses } from "./process-identity";
import { descendantsOf } from "./process-tree";
import { claimRun, livingRun, readRun, removeDeadRun } from "./run-record";

let folder: string;
let runFile: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "wm-launch-"));
  runFile = path.join(folder, "run.json");
});
afterEach(async () => {
  const living = await livingRun(runFile);
  if (living) process.kill(-living.pid, "SIGKILL");
  await rm(folder, { recursive: true, force: true });
});

function plan(code: string, changes: Partial<LaunchPlan> = {}): LaunchPlan {
  return {
    environmentId: "env_test",
    runFile,
    exitFile: path.join(folder, "exit"),
    logFile: path.join(folder, "log"),
    command: [process.execPath, "-e", code],
    cwd: folder,
    environment: { PATH: "/usr/bin:/bin" },
    secretArgs: null,
    uid: null,
    groups: [],
    ...changes,
  };
}
const logged = () => readFile(path.join(folder, "log"), "utf8");
const ended = () => until("the end to be noted", async () => (await readFile(path.join(folder, "exit"), "utf8")).trim());

test("of many that start the same at once, one wins and the others learn who", async () => {
  const results = await Promise.all(Array.from({ length: 8 }, () => launch(plan("console.log('started'); setInterval(() => {}, 1000)"))));
  expect(results.filter((result) => result.started)).toHaveLength(1);
  expect(new Set(results.map((result) => result.run.pid)).size).toBe(1);
  await until("the word", async () => (await logged()).includes("started"));
  // The losers leave without having started anything.
  await until("the losers to leave", async () => descendantsOf(await listProcesses(), process.pid).filter((row) => row.ppid === process.pid).length === 1);
  expect((await logged()).match(/started/g)).toHaveLength(1);
});

test("the exit code is noted by the supervisor, also that of a signal", async () => {
  await launch(plan("process.exit(7)"));
  expect(await ended()).toBe("7");
  await until("the supervisor to leave", async () => !(await livingRun(runFile)));
  await removeDeadRun(runFile);
  await launch(plan("process.kill(process.pid, 'SIGKILL')"));
  expect(await ended()).toBe("137");
});

test("SIGTERM to the supervisor reaches the process, which may take its time", async () => {
  const { run } = await launch(plan("process.on('SIGTERM', () => setTimeout(() => process.exit(5), 100)); console.log('up'); setInterval(() => {}, 1000)"));
  await until("the process", async () => (await logged()).includes("up"));
  process.kill(run.pid, "SIGTERM");
  expect(await ended()).toBe("5");
});

test("what must not be seen arrives by file descriptor, and is not left on the disk", async () => {
  await launch(plan("process.stdout.write(require('fs').readFileSync(4, 'utf8'))", { secretArgs: "a secret\0" }));
  await ended();
  expect(await logged()).toBe("a secret\0");
});

test("arguments are passed on as they are", async () => {
  const odd = ["$(id)", "`id`", "a b", "'", '"', "\\", "*", "-n", ""];
  await launch(plan("", { command: [process.execPath, "-e", "console.log(JSON.stringify(process.argv.slice(1)))", "--", ...odd] }));
  await ended();
  expect(JSON.parse(await logged())).toEqual(odd);
});

test("a single file cannot grow without end", async () => {
  await launch(plan("try { require('fs').writeFileSync('big', Buffer.alloc(70 * 1048576)) } catch (error) { console.log(error.code) }"));
  await ended();
  expect(await logged()).toBe("EFBIG\n");
});

test("a record is taken only if the recorded process has ended", async () => {
  const self = await identify(process.pid);
  if (!self) throw new Error("no identity");
  const living = { ...self, environmentId: "env_a" };
  expect(await claimRun(runFile, living)).toBeNull();
  expect(await claimRun(runFile, { ...living, environmentId: "env_b" })).toEqual(living);
  await removeDeadRun(runFile);
  expect(await readRun(runFile)).toEqual(living);
  await rm(runFile);
  await writeFile(runFile, JSON.stringify({ ...living, startTime: "1" }));
  expect(await claimRun(runFile, { ...living, environmentId: "env_b" })).toBeNull();
  await writeFile(runFile, '{"pid": 1, "torn');
  expect(await readRun(runFile)).toBeNull();
  expect(await claimRun(runFile, living)).toBeNull();
  await rm(runFile);
});

test("a pid is only the recorded process with its start time and its boot", async () => {
  const self = await identify(process.pid);
  if (!self) throw new Error("no identity");
  expect(await isAlive(self)).toBe(true);
  expect(await isAlive({ ...self, startTime: "1" })).toBe(false);
  expect(await isAlive({ ...self, bootId: "another boot" })).toBe(false);
  expect(await isAlive({ ...self, pid: 2 ** 22 - 1 })).toBe(false);
});
