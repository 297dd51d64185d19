import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { sql } from "drizzle-orm";
import { inject } from "vitest";
import { db } from "@/db/client";
import { env } from "@/lib/core/env";
import { requeueOrphans } from "@/lib/runs/engine/sweep";
import { workerProgram } from "./worker-programs";

const run = promisify(execFile);

/**
 * Does a run in a worker process that kills itself at a step border (`repository:after`), or to its end where `failAt` is empty.
 * Returns null for a normal end, else the signal or what the process said.
 */
export async function workAndDie(appUrl: string, runId: string, workerId: string, failAt: string): Promise<string | null> {
  const program = [...workerProgram(inject("workerPrograms"), "run-worker"), appUrl, runId, workerId];
  const settings = { ...process.env, WAYMARK_DATA_DIR: env().dataDir, WAYMARK_FAIL_AT: failAt };
  return run(process.execPath, program, { env: settings }).then(
    () => null,
    (error: { signal: string | null; stderr: string }) => error.signal ?? error.stderr,
  );
}

/** What the sweep does once a worker is silent: its runs are free for others. */
export async function forgetWorker(workerId: string): Promise<void> {
  await db().execute(sql`delete from workers where id = ${workerId}`);
  await requeueOrphans();
}
