import { and, eq, inArray, max } from "drizzle-orm";
import type { Tx } from "@/db/client";
import { deployments, environments, runs } from "@/db/schema";
import { DomainError } from "@/lib/core/errors";
import { newId } from "@/lib/core/id";
import { startRun } from "@/lib/runs/enqueue";
import { type DeploymentRow, short } from "./deployments";
import { driverNamed } from "./drivers";
import { DEPLOY_DEADLINE_MS, DEPLOY_STEPS_BEFORE } from "./limits";
import type { EnvironmentRow } from "./subject";

// At most one run works on an environment. Whoever starts one locks its active run first and then the environment, in the order in which
// the end of a run does: so a push either sees that a run is under way, or the end of that run sees the push.

export interface Wanted {
  kind: DeploymentRow["kind"];
  ref: string;
  commit: string;
  subject: string | null;
  promotedFrom?: string;
  requestedBy: string | null;
  now: Date;
}

interface Busy {
  runId: string;
  title: string;
}

/** The environment, held until the transaction ends, and the run at work on it. Throws conflict where nothing can be deployed. */
export async function lockForDeployment(tx: Tx, environmentId: string): Promise<{ row: EnvironmentRow; busy: Busy | null }> {
  const [busy] = await tx
    .select({ runId: runs.id, title: runs.title })
    .from(runs)
    .where(and(eq(runs.environmentId, environmentId), inArray(runs.status, ["queued", "running"])))
    .for("update");
  const [row] = await tx.select().from(environments).where(eq(environments.id, environmentId)).for("update");
  if (!row || ["deleting", "deleted", "leaked"].includes(row.status))
    throw new DomainError("conflict", `The environment is ${row?.status ?? "gone"}, so nothing can be deployed to it.`);
  if (!row.repositoryId) throw new DomainError("conflict", `${row.name} was made from a golden path and has no repository, so there is no commit to deploy.`);
  return { row, busy: busy ?? null };
}

/** What serves now; null while nothing does. */
export const servingCommit = (row: EnvironmentRow) => (row.status === "ready" ? row.commit : null);

async function nextVersion(tx: Tx, environmentId: string): Promise<number> {
  const [newest] = await tx
    .select({ version: max(deployments.version) })
    .from(deployments)
    .where(eq(deployments.environmentId, environmentId));
  return (newest?.version ?? 0) + 1;
}

async function insertDeployment(tx: Tx, row: EnvironmentRow, { now, ...wanted }: Wanted, status: "running" | "waiting"): Promise<string> {
  const id = newId("deployment");
  const version = await nextVersion(tx, row.id);
  await tx.insert(deployments).values({ id, environmentId: row.id, version, status, previousCommit: servingCommit(row), createdAt: now, ...wanted });
  return id;
}

async function start(tx: Tx, row: EnvironmentRow, deploymentId: string, { commit, requestedBy, now }: Pick<Wanted, "commit" | "requestedBy" | "now">): Promise<string> {
  const runId = await startRun(tx, {
    kind: "environment.deploy",
    title: `Deploy ${short(commit)} to ${row.name}`,
    input: { environmentId: row.id, deploymentId },
    plan: [...DEPLOY_STEPS_BEFORE, ...driverNamed(row.driver).deploySteps],
    deadlineMs: DEPLOY_DEADLINE_MS,
    requestedBy,
    teamId: row.teamId,
    environmentId: row.id,
    ...(row.entityRef ? { entityRef: row.entityRef } : {}),
    exclusiveKey: row.id,
    now,
  });
  await tx
    .update(deployments)
    .set({ status: "running", runId, startedAt: now, previousCommit: servingCommit(row) })
    .where(eq(deployments.id, deploymentId));
  return runId;
}

/** Starts a deployment to an environment that is locked. Returns its id and its run's. */
export async function startDeployment(tx: Tx, row: EnvironmentRow, wanted: Wanted): Promise<{ deploymentId: string; runId: string }> {
  const deploymentId = await insertDeployment(tx, row, wanted, "running");
  return { deploymentId, runId: await start(tx, row, deploymentId, wanted) };
}

const waitingOf = (environmentId: string) => and(eq(deployments.environmentId, environmentId), eq(deployments.status, "waiting"));

/** Puts a deployment behind the run under way and returns its id; one that was waiting already gives way to it. */
export async function queueDeployment(tx: Tx, row: EnvironmentRow, wanted: Wanted): Promise<string> {
  await tx
    .update(deployments)
    .set({ status: "superseded", reason: `${short(wanted.commit)} was pushed before its turn came.`, finishedAt: wanted.now })
    .where(waitingOf(row.id));
  return insertDeployment(tx, row, wanted, "waiting");
}

/** Starts what waited for the run that ends in this transaction; where the environment goes away, nothing. */
export async function continueWaiting(tx: Tx, environmentId: string, now: Date): Promise<void> {
  const [row] = await tx.select().from(environments).where(eq(environments.id, environmentId)).for("update");
  const [waiting] = await tx.select().from(deployments).where(waitingOf(environmentId));
  if (!row || !waiting) return;
  const reason = !["ready", "failed"].includes(row.status)
    ? `The environment is ${row.status}.`
    : waiting.commit === servingCommit(row)
      ? `${short(waiting.commit)} runs here already.`
      : null;
  if (reason) await tx.update(deployments).set({ status: "superseded", reason, finishedAt: now }).where(eq(deployments.id, waiting.id));
  else await start(tx, row, waiting.id, { ...waiting, now });
}
