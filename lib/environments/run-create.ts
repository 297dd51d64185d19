import { and, eq, sql } from "drizzle-orm";
import { db, type Tx } from "@/db/client";
import { deployments, environments, runSteps, runs } from "@/db/schema";
import { recordTestResult } from "@/lib/golden-paths/mutations";
import { checkStep } from "@/lib/guardrails/mutations";
import { notify } from "@/lib/notifications/notify";
import type { EndedRun, EngineRun, RunKind } from "@/lib/runs/engine/types";
import { StepFailure } from "@/lib/runs/engine/types";
import { startDelete } from "./delete";
import { driverNamed } from "./drivers";
import { finishDeployment } from "./finish-deployment";
import { CREATE_DEADLINE_MS, CREATE_STEPS_BEFORE, KEEP_FAILED_MINUTES } from "./limits";
import { environmentSpec } from "./spec";
import type { EnvironmentRow } from "./subject";

interface Input extends Record<string, unknown> {
  environmentId: string;
}

/** The row that the run is about, marked as being provisioned. Throws StepFailure when it is going away. */
async function beginProvisioning(run: EngineRun<Input>): Promise<EnvironmentRow> {
  return run.commit(async (tx) => {
    const [row] = await tx
      .update(environments)
      .set({ status: "provisioning", statusReason: null, keptUntil: null })
      .where(and(eq(environments.id, run.input.environmentId), sql`${environments.status} in ('queued', 'provisioning', 'failed')`))
      .returning();
    if (row) return row;
    throw new StepFailure({ causeCode: "cancelled", cause: "The environment is being deleted.", whoCanFix: "you", nextAction: "Create a new one." });
  });
}

async function phases(tx: Tx, runId: string) {
  const rows = await tx
    .select({ name: runSteps.title, ms: sql<number>`round(extract(epoch from ${runSteps.finishedAt} - ${runSteps.startedAt}) * 1000)::int` })
    .from(runSteps)
    .where(and(eq(runSteps.runId, runId), sql`${runSteps.finishedAt} is not null`))
    .orderBy(runSteps.position);
  return rows;
}

async function markReady(tx: Tx, run: EngineRun<Input>, made: { url: string; isolation: EnvironmentRow["isolation"]; commit?: string | undefined }): Promise<number> {
  const [begun] = await tx.select({ createdAt: runs.createdAt, attempt: runs.attempt, startedAt: runs.startedAt }).from(runs).where(eq(runs.id, run.runId));
  const [row] = await tx
    .update(environments)
    .set({
      status: "ready",
      url: made.url,
      isolation: made.isolation,
      ...(made.commit ? { commit: made.commit } : {}),
      readyAt: sql`clock_timestamp()`,
      health: sql`jsonb_build_object('state', 'healthy', 'checkedAt', to_char(clock_timestamp() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))`,
    })
    .where(and(eq(environments.id, run.input.environmentId), eq(environments.status, "provisioning")))
    .returning();
  if (!row?.readyAt || !begun) throw new StepFailure({ causeCode: "cancelled", cause: "The environment is being deleted.", whoCanFix: "you", nextAction: "Create a new one." });
  const totalMs = row.readyAt.getTime() - begun.createdAt.getTime();
  // A retried run would count the time that nobody worked on it.
  if (begun.attempt === 1)
    await tx
      .update(environments)
      .set({ provisioning: { totalMs, phases: await phases(tx, run.runId) } })
      .where(eq(environments.id, row.id));
  return totalMs;
}

export const createRun: RunKind<Input> = {
  kind: "environment.create",
  deadlineMs: CREATE_DEADLINE_MS,
  plan: () => CREATE_STEPS_BEFORE,
  async execute(run) {
    const row = await beginProvisioning(run);
    const driver = driverNamed(row.driver);
    await checkStep(run, { ability: "environment.create", subjectId: row.id, harmless: ["check"] }, async (step) => {
      const missing = await driver.unavailable();
      if (missing)
        throw new StepFailure({
          causeCode: "no-capacity",
          cause: missing,
          whoCanFix: "platform-team",
          nextAction: "Ask the platform team to provide what is missing, then retry.",
        });
      step.log(`Driver ${driver.name}, memory limit ${row.memoryMib} MiB, expires ${row.expiresAt?.toISOString() ?? "never"}.`);
    });
    const made = await driver.provision(run, await environmentSpec(run, row));
    const totalMs = await run.commit((tx) => markReady(tx, run, made));
    return {
      summary: `${row.name} is ready after ${(totalMs / 1000).toFixed(1)} s`,
      evidence: [
        { title: "Open", url: made.url },
        { title: "Environment", url: `/environments/${row.id}` },
      ],
    };
  },
  onEnd: afterCreate,
};

/** The same for the trial of unpublished files, which remembers what came of it. */
export const testRun: RunKind<Input> = {
  ...createRun,
  kind: "golden-path.test-run",
  async execute(run) {
    await run.commit(async (tx) => recordTestResult(tx, await testOf(tx, run), { status: "running", cause: null, now: run.now }));
    try {
      return await createRun.execute(run);
    } catch (error) {
      throw triedAgain(error);
    }
  },
  async onEnd(tx, run) {
    await afterCreate(tx, run);
    const cause = run.status === "succeeded" ? null : (run.outcome.cause ?? run.outcome.summary);
    await recordTestResult(tx, await testOf(tx, run), { status: run.status === "succeeded" ? "passed" : run.status, cause, now: run.now });
  },
};

/** The files of a test run stand still: what was corrected is tried by another one, not by a retry. */
function triedAgain(error: unknown): unknown {
  if (!(error instanceof StepFailure) || error.outcome.whoCanFix !== "you") return error;
  return new StepFailure({ ...error.outcome, nextAction: "Read the last lines of the failing step, correct the files, and start another test run." }, { cause: error });
}

async function testOf(tx: Tx, { input }: { input: Input }): Promise<string> {
  const [row] = await tx.select({ id: environments.testRunId }).from(environments).where(eq(environments.id, input.environmentId));
  if (!row?.id) throw new Error(`${input.environmentId} was not made for a test run`);
  return row.id;
}

async function afterCreate(tx: Tx, run: EndedRun<Input>): Promise<void> {
  if (run.status !== "succeeded") await afterFailure(tx, run);
  const [first] = await tx
    .select({ id: deployments.id })
    .from(deployments)
    .where(and(eq(deployments.environmentId, run.input.environmentId), eq(deployments.version, 0)));
  if (first) await finishDeployment(tx, first.id, run);
}

async function afterFailure(tx: Tx, run: EndedRun<Input>): Promise<void> {
  const id = run.input.environmentId;
  if (run.status === "cancelled") {
    await tx.update(runs).set({ retryUntil: run.now }).where(eq(runs.id, run.runId));
    await startDelete(tx, id, { reason: run.outcome.cause ?? "Creation was cancelled.", requestedBy: run.requestedBy, now: run.now });
    return;
  }
  const [environment] = await tx.select({ lifetime: environments.lifetime }).from(environments).where(eq(environments.id, id));
  // A permanent one stays until somebody deploys what works, or deletes it.
  const keptUntil = environment?.lifetime === "permanent" ? null : new Date(run.now.getTime() + KEEP_FAILED_MINUTES * 60_000);
  await tx.update(runs).set({ retryUntil: keptUntil }).where(eq(runs.id, run.runId));
  const [row] = await tx
    .update(environments)
    .set({ status: "failed", statusReason: run.outcome.cause ?? run.outcome.summary, keptUntil })
    .where(and(eq(environments.id, id), sql`${environments.status} in ('queued', 'provisioning')`))
    .returning();
  if (!row) return;
  await notify(tx, [row.ownerId], {
    kind: "environment-failed",
    title: `${row.name} was not created`,
    body: run.outcome.cause ?? run.outcome.summary,
    href: `/runs/${run.runId}`,
    dedupeKey: `failed:${run.runId}:${run.now.toISOString()}`,
  });
}

/** Used by the restart run as well. */
export async function readyRow(id: string): Promise<EnvironmentRow> {
  const row = await db().query.environments.findFirst({ where: eq(environments.id, id) });
  if (row?.status === "ready") return row;
  throw new StepFailure({ causeCode: "cancelled", cause: `The environment is ${row?.status ?? "gone"}.`, whoCanFix: "you", nextAction: "Create a new one." });
}
