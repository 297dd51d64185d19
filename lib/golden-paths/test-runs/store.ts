import { eq, inArray, sql } from "drizzle-orm";
import type { Connection, Tx } from "@/db/client";
import { environments, goldenPathTestRuns } from "@/db/schema";
import { packFiles, type TemplateFiles } from "../archive";
import type { PathTestRun } from "./contract";

export interface NewTestRun {
  id: string;
  name: string;
  source: PathTestRun["source"];
  draftCreatedAt: Date | null;
  proposalId: string | null;
  revision: number | null;
  files: TemplateFiles;
  environmentId: string;
  runId: string;
  requestedBy: string | null;
  now: Date;
}

/** Notes a trial with exactly the files that it tries, in the transaction that starts its run. */
export async function insertTestRun(tx: Tx, { files, now, ...row }: NewTestRun): Promise<void> {
  await tx.insert(goldenPathTestRuns).values({ ...row, archive: packFiles(files), status: "running", createdAt: now });
}

/** What came of a trial, in the transaction that ends its run; a retry writes it again. */
export async function recordTestResult(tx: Tx, id: string, result: { status: "running" | "passed" | "failed" | "cancelled"; cause: string | null; now: Date }): Promise<void> {
  const { status, cause, now } = result;
  await tx
    .update(goldenPathTestRuns)
    .set({ status, cause, finishedAt: status === "running" ? null : now })
    .where(eq(goldenPathTestRuns.id, id));
}

const KEPT_DAYS = 90;

/** Forgets the files of trials whose environment is gone, and trials of long ago. Returns how many lost their files. */
export async function forgetTestedFiles(on: Connection): Promise<number> {
  await on.delete(goldenPathTestRuns).where(sql`${goldenPathTestRuns.createdAt} < now() - ${KEPT_DAYS} * interval '1 day'`);
  const gone = on.select({ id: environments.id }).from(environments).where(eq(environments.status, "deleted"));
  const rows = await on
    .update(goldenPathTestRuns)
    .set({ archive: null })
    .where(sql`${goldenPathTestRuns.archive} is not null and ${inArray(goldenPathTestRuns.environmentId, gone)}`)
    .returning({ id: goldenPathTestRuns.id });
  return rows.length;
}
