import { eq } from "drizzle-orm";
import type { Tx } from "@/db/client";
import { deployments, environments } from "@/db/schema";
import { recordDeployment } from "@/lib/metrics/mutations";
import { notify } from "@/lib/notifications/notify";
import { findRepository } from "@/lib/repositories/queries";
import type { EndedRun } from "@/lib/runs/engine/types";
import { continueWaiting } from "./begin-deployment";
import { type DeploymentRow, servedIn, short } from "./deployments";
import type { EnvironmentRow } from "./subject";

/** What a deployment came to. What serves counts: a run that was stopped after the switch has deployed. */
function resultOf(row: EnvironmentRow, deployment: DeploymentRow, status: EndedRun["status"]): "succeeded" | "failed" | "cancelled" {
  const switched = (row.handle?.version ?? 0) === deployment.version && row.status === "ready" && row.commit === deployment.commit;
  if (switched) return "succeeded";
  return status === "cancelled" ? "cancelled" : "failed";
}

/** Ends a deployment together with its run: its result, the metrics' fact, a notice, and the start of what waited meanwhile. */
export async function finishDeployment(tx: Tx, id: string, run: EndedRun): Promise<void> {
  const [deployment] = await tx.select().from(deployments).where(eq(deployments.id, id));
  if (!deployment) return;
  const [row] = await tx.select().from(environments).where(eq(environments.id, deployment.environmentId)).for("update");
  if (!row) return;
  const status = resultOf(row, deployment, run.status);
  const reason = status === "succeeded" ? null : (run.outcome.cause ?? run.outcome.summary);
  await tx.update(deployments).set({ status, reason, finishedAt: run.now }).where(eq(deployments.id, id));
  if (status !== "cancelled") await tellMetrics(tx, row, deployment, status, run.now);
  if (status === "failed" && deployment.requestedBy) await tellRequester(tx, row, deployment, run, reason ?? "");
  await continueWaiting(tx, row.id, run.now);
}

/** A deployment of any tier is a fact of the delivery metrics; a rollback repairs the one that it takes back. */
async function tellMetrics(tx: Tx, row: EnvironmentRow, deployment: DeploymentRow, status: "succeeded" | "failed", now: Date): Promise<void> {
  const repository = row.repositoryId ? await findRepository(tx, { id: row.repositoryId }) : null;
  if (!repository || !row.entityRef) return;
  const takenBack = deployment.kind === "rollback" ? (await servedIn(tx, row.id)).findLast((one) => one.version < deployment.version) : undefined;
  const fact = {
    externalId: deployment.id,
    service: row.entityRef,
    environment: row.name,
    tier: row.tier,
    status: status === "succeeded" ? ("success" as const) : ("failure" as const),
    commit: deployment.commit,
    repository: `${repository.owner}/${repository.name}`,
    startedAt: deployment.startedAt ?? deployment.createdAt,
    finishedAt: now,
    remediates: takenBack?.id,
    flags: deployment.kind === "deploy" ? [] : [deployment.kind],
    isDemo: repository.isDemo,
  };
  await recordDeployment(tx, fact, now);
}

async function tellRequester(tx: Tx, row: EnvironmentRow, deployment: DeploymentRow, run: EndedRun, body: string): Promise<void> {
  await notify(tx, [deployment.requestedBy ?? row.ownerId], {
    kind: "deployment-failed",
    title: `${short(deployment.commit)} was not deployed to ${row.name}`,
    body,
    href: `/runs/${run.runId}`,
    dedupeKey: `deployment:${run.runId}:${run.now.toISOString()}`,
  });
}
