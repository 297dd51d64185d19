import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { eq } from "drizzle-orm";
import postgres from "postgres";
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from "vitest";
import { closeDatabase, db, openDatabase, sqlClient } from "@/db/client";
import { runs, settings } from "@/db/schema";
import { systemCtx } from "@/lib/core/ctx";
import { requestCancel, resumeRun, startRun } from "@/lib/runs/enqueue";
import { cancelRun, retryRun } from "@/lib/runs/mutations";
import { readRun } from "@/lib/runs/read";
import { testDatabase } from "@/tests/setup/database";
import { until } from "@/tests/setup/until";
import { workerProgram } from "@/tests/setup/worker-programs";
import { fenced, LostRun } from "./lease";

let database: Awaited<ReturnType<typeof testDatabase>>;
let effectsFile = "";
const children: ChildProcess[] = [];

beforeAll(async () => {
  database = await testDatabase();
  openDatabase(database.appUrl);
  effectsFile = path.join(await mkdtemp(path.join(tmpdir(), "wm-engine-")), "effects");
});

afterEach(async () => {
  await Promise.all(children.splice(0).map((child) => stopChild(child)));
});

afterAll(async () => {
  await closeDatabase();
  await database.drop();
});

async function stopChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill("SIGKILL");
  await once(child, "exit");
}

async function worker(id: string): Promise<ChildProcess> {
  const args = [...workerProgram(inject("workerPrograms"), "engine-worker"), database.appUrl, database.url, id, effectsFile];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  children.push(child);
  await until(`worker ${id}`, async () => (await db().query.workers.findFirst({ where: (row, { eq: equals }) => equals(row.id, id) })) ?? null);
  return child;
}

async function start(input: Record<string, unknown>, deadlineMs = 30_000, exclusiveKey?: string): Promise<string> {
  const { now } = await systemCtx("test");
  const plan = ["one", "two", "three"].map((name) => ({ name, title: name }));
  return db().transaction((tx) =>
    startRun(tx, { kind: "test.three-steps", title: "Test run", input, plan, deadlineMs, requestedBy: null, teamId: null, now, ...(exclusiveKey ? { exclusiveKey } : {}) }),
  );
}

const ended = (id: string) => until(`run ${id} to end`, async () => ((run) => (run.finishedAt ? run : null))(await readRun(db(), id)));
const effectsOf = async (id: string) => (await readFile(effectsFile, "utf8").catch(() => "")).split("\n").filter((line) => line.startsWith(id));
const running = (id: string, step: string) => until(`step ${step}`, async () => (await readRun(db(), id)).steps.some((one) => one.name === step && one.status === "running"));

describe("the run engine", () => {
  it("does the steps in order, once, and keeps the log in order", async () => {
    await worker("wrk_order");
    const id = await start({});
    const run = await ended(id);
    expect(run.status).toBe("succeeded");
    expect(run.outcome?.summary).toBe("all three done");
    expect((await effectsOf(id)).map((line) => line.split(" ")[1])).toEqual(["one", "two", "three"]);
    const lines = await sqlClient()`select seq, text from run_log_lines where run_id = ${id} order by seq`;
    expect(lines.map((line) => line.text)).toEqual(["one begins", "two begins", "three begins"]);
    expect(lines.map((line) => Number(line.seq))).toEqual([1, 2, 3]);
  });

  it("is taken over when its worker is killed, without repeating finished steps", async () => {
    const first = await worker("wrk_killed");
    const id = await start({ stepMs: 1_500 });
    await running(id, "two");
    first.kill("SIGKILL");
    const killedAt = performance.now();
    await worker("wrk_heir");
    const taken = await until("takeover", async () => ((row) => row?.workerId === "wrk_heir")((await db().select().from(runs).where(eq(runs.id, id)))[0]));
    expect(taken).toBe(true);
    expect(performance.now() - killedAt).toBeLessThan(25_000);
    expect(await ended(id)).toMatchObject({ status: "succeeded" });
    const done = await effectsOf(id);
    expect(done.filter((line) => line.includes(" one "))).toHaveLength(1);
    expect(done.at(-1)).toContain(" three wrk_heir");
  });

  it("is done by another worker when the one that took its job died before it claimed the run", async () => {
    const id = await start({});
    const owner = postgres(database.url, { max: 1, onnotice: () => {} });
    await owner`update graphile_worker._private_jobs set locked_by = 'worker-of-the-dead', locked_at = now() - interval '20 seconds' where key = ${id}`;
    await owner.end();
    await worker("wrk_heir");
    expect((await ended(id)).status).toBe("succeeded");
    expect(await effectsOf(id)).toHaveLength(3);
  });

  it("ignores what a paused worker writes after another took its run", async () => {
    const paused = await worker("wrk_paused");
    const id = await start({ stepMs: 1_200 });
    await running(id, "one");
    paused.kill("SIGSTOP");
    await worker("wrk_next");
    const run = await ended(id);
    expect(run.status).toBe("succeeded");
    const before = await readRun(db(), id);
    const lines = before.logLines;
    paused.kill("SIGCONT");
    await until("the woken worker to beat", async () =>
      ((row) => row && row.heartbeatAt > new Date(before.finishedAt ?? 0))(await db().query.workers.findFirst({ where: (row, { eq: equals }) => equals(row.id, "wrk_paused") })),
    );
    const after = await readRun(db(), id);
    expect({ ...after, steps: null }).toEqual({ ...before, steps: null });
    expect(after.logLines).toBe(lines);
  });

  it("stops soon when cancelled and keeps the rest from starting", async () => {
    await worker("wrk_cancel");
    const id = await start({ stepMs: 20_000 });
    await running(id, "one");
    const asked = performance.now();
    await cancelRun(await systemCtx("test"), { id });
    const run = await ended(id);
    expect(performance.now() - asked).toBeLessThan(8_000);
    expect(run.status).toBe("cancelled");
    expect(run.steps.map((step) => step.status)).toEqual(["cancelled", "cancelled", "cancelled"]);
    expect(await effectsOf(id)).toEqual([]);
  });

  it("explains a failure, skips what follows, and retries from the failed step", async () => {
    await worker("wrk_retry");
    const id = await start({ failAt: "two" });
    const failed = await ended(id);
    expect(failed.status).toBe("failed");
    expect(failed.steps.map((step) => step.status)).toEqual(["succeeded", "failed", "skipped"]);
    expect(failed.outcome).toMatchObject({ failingStep: "two", cause: "The test asked for a failure.", whoCanFix: "you", nextAction: "Retry." });
    await retryRun(await systemCtx("test"), { id });
    const again = await ended(id);
    expect(again.status).toBe("succeeded");
    expect(again.attempt).toBe(2);
    expect((await effectsOf(id)).map((line) => line.split(" ")[1])).toEqual(["one", "two", "three"]);
  });

  it("ends at its deadline with an outcome that says so", async () => {
    await worker("wrk_deadline");
    const id = await start({ stepMs: 20_000 }, 1_500);
    const run = await ended(id);
    expect(run.status).toBe("failed");
    expect(run.outcome).toMatchObject({ causeCode: "deadline", failingStep: "one" });
  });

  it("accepts one active run per exclusive key, and another once that has ended", async () => {
    const id = await start({}, 30_000, "only-one");
    await expect(start({}, 30_000, "only-one")).rejects.toMatchObject({ code: "conflict" });
    await worker("wrk_exclusive");
    await ended(id);
    const second = await start({}, 30_000, "only-one");
    expect((await ended(second)).status).toBe("succeeded");
  });

  it("refuses writes under an old fence", async () => {
    const id = await start({});
    await expect(fenced(db(), { id, fence: 99 }, async () => "written")).rejects.toBeInstanceOf(LostRun);
    await db().transaction(async (tx) => requestCancel(tx, { runId: id }, "end of test", (await systemCtx("test")).now));
  });
});

describe("a run that waits for the outside", () => {
  async function startWaiting(deadlineMs = 30_000): Promise<string> {
    const { now } = await systemCtx("test");
    const plan = [{ name: "wait", title: "wait" }];
    return db().transaction((tx) => startRun(tx, { kind: "test.waits", title: "Test run", input: {}, plan, deadlineMs, requestedBy: null, teamId: null, now }));
  }
  const setAside = (id: string) =>
    until(`run ${id} to be set aside`, async () => {
      const row = await db().query.runs.findFirst({ where: (run, { eq: equals }) => equals(run.id, id) });
      return row?.status === "running" && row.workerId === null && row.setAside > 0;
    });

  it("keeps no worker busy, goes on in the same attempt of its step, and is not taken for a takeover", async () => {
    await worker("wrk_waits");
    const ids = await Promise.all(Array.from({ length: 6 }, () => startWaiting()));
    for (const id of ids) await setAside(id);
    const other = await start({});
    expect((await ended(other)).status).toBe("succeeded");
    for (const id of ids) {
      await db().transaction(async (tx) => {
        await tx.insert(settings).values({ key: `test:${id}`, value: "yes" });
        await resumeRun(tx, id);
      });
    }
    for (const id of ids) {
      const run = await ended(id);
      expect(run).toMatchObject({ status: "succeeded", outcome: { summary: "heard yes" }, steps: [{ attempt: 1 }] });
    }
    const lines = await sqlClient()<{ text: string }[]>`select text from run_log_lines where run_id = ${ids[0] ?? ""} order by seq`;
    expect(lines.map((line) => line.text)).toEqual(["asks", "asks"]);
  });

  it("ends by cancel and by deadline without a worker, the deadline in its kind's words", async () => {
    await worker("wrk_waits_ends");
    const [cancelled, late] = [await startWaiting(), await startWaiting(1_500)];
    await setAside(cancelled);
    const { now } = await systemCtx("test");
    await db().transaction((tx) => requestCancel(tx, { runId: cancelled }, "No longer wanted.", now));
    expect(await ended(cancelled)).toMatchObject({ status: "cancelled", steps: [{ status: "cancelled" }] });
    expect(await ended(late)).toMatchObject({ status: "failed", outcome: { causeCode: "deadline", failingStep: "wait", cause: "The other side never answered." } });
  });
});
