import { and, eq } from "drizzle-orm";
import type { Tx } from "@/db/client";
import { environments } from "@/db/schema";
import type { EndedRun, EngineRun, RunKind } from "@/lib/runs/engine/types";
import { continueWaiting } from "./begin-deployment";
import { driverNamed } from "./drivers";
import { RESTART_DEADLINE_MS } from "./limits";
import { readyRow } from "./run-create";
import { environmentSpec } from "./spec";
import type { EnvironmentRow } from "./subject";

/** Restarts an environment as a part of any run, with its current variables and databases. */
export async function restartWithin(run: EngineRun, environmentId: string): Promise<EnvironmentRow> {
  const row = await readyRow(environmentId);
  const made = await driverNamed(row.driver).restart(run, await environmentSpec(run, row));
  await run.commit(async (tx) => {
    await tx
      .update(environments)
      .set({ url: made.url, isolation: made.isolation, drift: null, health: { state: "healthy", checkedAt: run.now.toISOString() } })
      .where(and(eq(environments.id, row.id), eq(environments.status, "ready")));
  });
  return row;
}

interface Input extends Record<string, unknown> {
  environmentId: string;
}

export const restartRun: RunKind<Input> = {
  kind: "environment.restart",
  deadlineMs: RESTART_DEADLINE_MS,
  plan: () => [],
  async execute(run) {
    const row = await restartWithin(run, run.input.environmentId);
    return { summary: `${row.name} was restarted`, evidence: [{ title: "Environment", url: `/environments/${row.id}` }] };
  },
  async onEnd(tx, run) {
    if (run.status !== "succeeded") await markUnhealthy(tx, run);
    await continueWaiting(tx, run.input.environmentId, run.now);
  },
};

async function markUnhealthy(tx: Tx, run: EndedRun<Input>): Promise<void> {
  const health = { state: "unhealthy" as const, checkedAt: run.now.toISOString(), reason: run.outcome.cause ?? "The restart failed." };
  await tx
    .update(environments)
    .set({ health })
    .where(and(eq(environments.id, run.input.environmentId), eq(environments.status, "ready")));
}
