import { eq } from "drizzle-orm";
import type { Tx } from "@/db/client";
import { environments } from "@/db/schema";
import { DomainError } from "@/lib/core/errors";
import { requestCancel, startRun } from "@/lib/runs/enqueue";
import { driverNamed } from "./drivers";
import { DELETE_DEADLINE_MS, DELETE_STEPS_BEFORE } from "./limits";

const DELETE_KIND = "environment.delete";

/**
 * Begins the removal of an environment: marks it, asks a run at work on it to stop, and starts the delete run.
 * Repeatable: an environment that is being deleted, or is deleted, is left as it is (`begun: false`).
 */
export async function startDelete(tx: Tx, id: string, why: { reason: string; requestedBy: string | null; now: Date }) {
  // Runs before the environment, as the worker locks them: the other way round two of us could wait for each other.
  await requestCancel(tx, { environmentId: id, exceptKind: DELETE_KIND }, why.reason, why.now);
  const [row] = await tx.select().from(environments).where(eq(environments.id, id)).for("update");
  if (!row) throw new DomainError("not_found", "There is no such environment.");
  const known = await activeDelete(tx, id);
  if (row.status === "deleted" || (row.status === "deleting" && known)) return { begun: false, id, name: row.name, runId: known };
  await tx.update(environments).set({ status: "deleting", statusReason: why.reason, url: null }).where(eq(environments.id, id));
  const runId = await startRun(tx, {
    kind: DELETE_KIND,
    title: `Delete environment ${row.name}`,
    input: { environmentId: id, reason: why.reason },
    plan: [...DELETE_STEPS_BEFORE, ...driverNamed(row.driver).destroySteps],
    deadlineMs: DELETE_DEADLINE_MS,
    requestedBy: why.requestedBy,
    teamId: row.teamId,
    environmentId: id,
    exclusiveKey: `${id}:delete`,
    now: why.now,
  });
  return { begun: true, id, name: row.name, runId };
}

async function activeDelete(tx: Tx, id: string): Promise<string | null> {
  const latest = await tx.query.runs.findFirst({
    where: (run, { and, eq: equals, inArray }) => and(equals(run.environmentId, id), equals(run.kind, DELETE_KIND), inArray(run.status, ["queued", "running", "succeeded"])),
    orderBy: (run, { desc }) => desc(run.createdAt),
    columns: { id: true },
  });
  return latest?.id ?? null;
}
