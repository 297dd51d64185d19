import { appendFile } from "node:fs/promises";
import { setTimeout as wait } from "node:timers/promises";
import { sql } from "drizzle-orm";
import { db, openDatabase, sqlClient } from "@/db/client";
import { workers } from "@/db/schema";
import { type Active, executeRun } from "@/lib/runs/engine/execute";
import { endOverdue, releaseLostJobs, requeueOrphans } from "@/lib/runs/engine/sweep";
import { type EngineRun, type RunKind, StepFailure } from "@/lib/runs/engine/types";
import { openQueue } from "@/lib/worker/queue";

// A worker process of its own, to be killed by tests. Usage: engine-worker.ts <app url> <queue url> <worker id> <effects file>
const [, , appUrl = "", queueUrl = "", workerId = "", effects = ""] = process.argv;
openDatabase(appUrl);

async function effect(run: EngineRun, step: string, ms: number): Promise<{ step: string }> {
  await wait(ms, undefined, { signal: run.signal });
  await appendFile(effects, `${run.runId} ${step} ${workerId}\n`);
  return { step };
}

const kind: RunKind = {
  kind: "test.three-steps",
  deadlineMs: 30_000,
  plan: () => [],
  async execute(run) {
    const ms = Number(run.input.stepMs ?? 50);
    for (const name of ["one", "two", "three"]) {
      await run.step(name, async (step) => {
        step.log(`${name} begins`);
        if (run.input.failAt === name && run.attempt === 1) {
          throw new StepFailure({ causeCode: "asked-for", cause: "The test asked for a failure.", whoCanFix: "you", nextAction: "Retry." });
        }
        return effect(run, name, ms);
      });
    }
    return { summary: "all three done" };
  },
};

/** Waits for a row that the test writes, as for a back end that reports. */
const waiting: RunKind = {
  kind: "test.waits",
  deadlineMs: 30_000,
  plan: () => [],
  async execute(run) {
    const answer = await run.step("wait", async (step) => {
      step.log("asks");
      return run.waitOutside(async (tx) => {
        const [row] = await tx.execute<{ value: unknown }>(sql`select value from settings where key = ${`test:${run.runId}`}`);
        return row ? String(row.value) : null;
      });
    });
    return { summary: `heard ${answer}` };
  },
  atDeadline: () => ({ cause: "The other side never answered." }),
};

const kinds = new Map([kind, waiting].map((one) => [one.kind, one]));
const active = new Map<string, Active>();
const ids: string[] = [];
const beat = async () => {
  const row = { id: workerId, host: "test", pid: process.pid, queueIds: ids };
  await db()
    .insert(workers)
    .values(row)
    .onConflictDoUpdate({ target: workers.id, set: { heartbeatAt: sql`now()`, queueIds: ids } });
};
await beat();
setInterval(beat, 1_000);
setInterval(releaseLostJobs, 500);
setInterval(requeueOrphans, 500);
setInterval(() => endOverdue(kinds), 500);
await sqlClient().listen("waymark_cancel", (runId) => active.get(runId)?.stop("cancelled"));
const queue = await openQueue(queueUrl, { run: async (payload) => executeRun((payload as { runId: string }).runId, workerId, kinds, active) });
ids.push(...queue.ids);
await beat();
process.stdout.write("ready\n");
