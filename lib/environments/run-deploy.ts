import { and, eq, gt, inArray, sql } from "drizzle-orm";
import { db, type Tx } from "@/db/client";
import { deployments, environments } from "@/db/schema";
import { checkStep } from "@/lib/guardrails/mutations";
import { type EndedRun, type EngineRun, type RunKind, StepFailure } from "@/lib/runs/engine/types";
import { servingCommit } from "./begin-deployment";
import { type DeploymentRow, short } from "./deployments";
import { driverNamed } from "./drivers";
import type { DeploySpec, Provisioned } from "./drivers/driver";
import { finishDeployment } from "./finish-deployment";
import { DEPLOY_DEADLINE_MS, DEPLOY_STEPS_BEFORE } from "./limits";
import { environmentSpec } from "./spec";
import type { EnvironmentRow } from "./subject";

interface Input extends Record<string, unknown> {
  environmentId: string;
  deploymentId: string;
}

const DEPLOYABLE = ["ready", "failed"] as const;
const goingAway = (status: string) =>
  new StepFailure({ causeCode: "cancelled", cause: `The environment is ${status}.`, whoCanFix: "you", nextAction: "Choose another environment, or create this one again." });

/** Environment and deployment, the latter marked as being worked on. Throws StepFailure when something newer has taken its place. */
async function begin(run: EngineRun<Input>): Promise<{ row: EnvironmentRow; deployment: DeploymentRow }> {
  return run.commit(async (tx) => {
    const [deployment] = await tx
      .update(deployments)
      .set({ status: "running", reason: null, finishedAt: null })
      .where(and(eq(deployments.id, run.input.deploymentId), inArray(deployments.status, ["running", "failed", "cancelled"])))
      .returning();
    const [row] = await tx.select().from(environments).where(eq(environments.id, run.input.environmentId));
    if (!row || !deployment || !DEPLOYABLE.some((status) => status === row.status)) throw goingAway(row?.status ?? "gone");
    const [newer] = await tx
      .select({ commit: deployments.commit })
      .from(deployments)
      .where(and(eq(deployments.environmentId, row.id), gt(deployments.version, deployment.version), eq(deployments.status, "succeeded")))
      .limit(1);
    if (newer) {
      throw new StepFailure({
        causeCode: "superseded",
        cause: `A newer deployment (${short(newer.commit)}) serves by now.`,
        whoCanFix: "you",
        nextAction: `Deploy ${short(deployment.commit)} again if it should replace it.`,
      });
    }
    return { row, deployment };
  });
}

async function hasSwitched(on: Pick<Tx, "select">, { environmentId, version }: { environmentId: string; version: number }): Promise<boolean> {
  const [row] = await on.select({ handle: environments.handle }).from(environments).where(eq(environments.id, environmentId));
  return row?.handle?.version === version;
}

/** The route is a column: whichever replica looks it up after this commit gets the new version. */
async function switchTo(run: EngineRun<Input>, deployment: DeploymentRow, handle: Record<string, unknown>, made: Provisioned): Promise<void> {
  await run.commit(async (tx) => {
    const [row] = await tx
      .update(environments)
      .set({
        handle,
        url: made.url,
        isolation: made.isolation,
        commit: deployment.commit,
        ref: deployment.ref,
        status: "ready",
        statusReason: null,
        keptUntil: null,
        drift: null,
        readyAt: sql`coalesce(${environments.readyAt}, clock_timestamp())`,
        health: sql`jsonb_build_object('state', 'healthy', 'checkedAt', to_char(clock_timestamp() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))`,
      })
      .where(and(eq(environments.id, run.input.environmentId), inArray(environments.status, [...DEPLOYABLE])))
      .returning({ name: environments.name });
    if (!row) throw goingAway("being deleted");
    await tx.execute(sql`select pg_notify('waymark_route', ${row.name})`);
  });
}

async function deploySpec(run: EngineRun<Input>, row: EnvironmentRow, deployment: DeploymentRow): Promise<DeploySpec> {
  const spec = await environmentSpec(run, row, deployment.commit);
  // Getters are kept: how much memory the version needs is known once its sources are there.
  return Object.assign(spec, {
    version: deployment.version,
    handle: row.handle,
    switchTo: (handle: Record<string, unknown>, made: Provisioned) => switchTo(run, deployment, handle, made),
    hasSwitched: () => hasSwitched(db(), deployment),
  });
}

/** Says in the outcome that nothing changed for those who use the service. */
function keepsServing(error: unknown, row: EnvironmentRow, commit: string): unknown {
  if (!(error instanceof StepFailure)) return error;
  const before = servingCommit(row);
  const kept = before ? `${short(before)} keeps serving` : "nothing serves there yet";
  return new StepFailure({ ...error.outcome, summary: `${short(commit)} was not deployed to ${row.name}; ${kept}` }, { cause: error });
}

export const deployRun: RunKind<Input> = {
  kind: "environment.deploy",
  deadlineMs: DEPLOY_DEADLINE_MS,
  plan: () => DEPLOY_STEPS_BEFORE,
  async execute(run) {
    const { row, deployment } = await begin(run);
    const driver = driverNamed(row.driver);
    await checkStep(run, { ability: "environment.deploy", subjectId: deployment.id, harmless: ["check"] }, async (step) => {
      const missing = await driver.unavailable();
      if (missing) throw new StepFailure({ causeCode: "no-capacity", cause: missing, whoCanFix: "platform-team", nextAction: "Provide what is missing, then retry." });
      step.log(
        `Commit ${deployment.commit} (${deployment.ref}) to ${row.name}, ${servingCommit(row) ? `where ${short(servingCommit(row) ?? "")} serves` : "where nothing serves yet"}.`,
      );
    });
    try {
      const made = await driver.deploy(run, await deploySpec(run, row, deployment));
      const url = `/environments/${row.id}`;
      return {
        summary: `${row.name} runs ${short(deployment.commit)}`,
        evidence: [
          { title: "Open", url: made.url },
          { title: "Environment", url },
        ],
      };
    } catch (error) {
      throw keepsServing(error, row, deployment.commit);
    }
  },
  onEnd: afterDeploy,
};

async function afterDeploy(tx: Tx, run: EndedRun<Input>): Promise<void> {
  await finishDeployment(tx, run.input.deploymentId, run);
}
