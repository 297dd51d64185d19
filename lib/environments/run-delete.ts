import { setTimeout as wait } from "node:timers/promises";
import { and, eq, sql } from "drizzle-orm";
import { db, type Tx } from "@/db/client";
import { environmentDatabases, environments, environmentVariables, users } from "@/db/schema";
import type { ReceiptItem } from "@/db/schema/environments";
import { writeAudit } from "@/lib/core/audit";
import { newId } from "@/lib/core/id";
import { notify } from "@/lib/notifications/notify";
import { type EndedRun, type EngineRun, type RunKind, StepFailure } from "@/lib/runs/engine/types";
import { isAdded } from "./added-databases";
import { driverNamed } from "./drivers";
import type { EnvironmentHandle } from "./drivers/driver";
import { DELETE_DEADLINE_MS } from "./limits";
import type { EnvironmentRow } from "./subject";

interface Input extends Record<string, unknown> {
  environmentId: string;
  reason: string;
}

const POLL_MS = 50;

/** Waits until the run that was asked to stop has ended, so that nothing is made behind the back of the removal. */
async function otherRunsEnded(run: EngineRun<Input>): Promise<void> {
  for (;;) {
    const [row] = await db().execute<{ n: number }>(
      sql`select count(*)::int as n from runs where environment_id = ${run.input.environmentId} and id <> ${run.runId} and status in ('queued', 'running') and kind <> 'environment.delete'`,
    );
    if (!row?.n) return;
    await wait(POLL_MS, undefined, { signal: run.signal });
  }
}

async function recordDeleted(tx: Tx, run: EngineRun<Input>, row: EnvironmentRow, items: ReceiptItem[]): Promise<void> {
  const [clock] = await tx.execute<{ now: string }>(sql`select to_char(clock_timestamp() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as now`);
  const completedAt = clock?.now ?? run.now.toISOString();
  await tx
    .update(environments)
    .set({
      status: "deleted",
      deletedAt: sql`clock_timestamp()`,
      receipt: { completedAt, items },
      url: null,
      handle: null,
      secretsSealed: null,
      keptUntil: null,
      drift: null,
      health: { state: "unknown", checkedAt: null },
    })
    .where(eq(environments.id, row.id));
  await tx.delete(environmentDatabases).where(eq(environmentDatabases.environmentId, row.id));
  await tx.delete(environmentVariables).where(eq(environmentVariables.environmentId, row.id));
  const ctx = { actor: { type: "system" as const, name: "worker" }, now: run.now, requestId: newId("request"), ipPrefix: null };
  await writeAudit(tx, ctx, "environment.deleted", "done", {
    target: { type: "environment", id: row.id, label: row.name },
    teamId: row.teamId,
    detail: { reason: run.input.reason, run: run.runId, removed: items.map((item) => `${item.kind} ${item.name}`) },
  });
}

async function handleOf({ id, name, handle }: EnvironmentRow): Promise<EnvironmentHandle> {
  const added = await db().select({ name: environmentDatabases.name }).from(environmentDatabases).where(isAdded(id));
  return { environmentId: id, name, handle, extraDatabases: added.map((database) => database.name) };
}

export const deleteRun: RunKind<Input> = {
  kind: "environment.delete",
  deadlineMs: DELETE_DEADLINE_MS,
  plan: () => [],
  async execute(run) {
    const row = await db().query.environments.findFirst({ where: eq(environments.id, run.input.environmentId) });
    if (!row)
      throw new StepFailure({
        causeCode: "not-found",
        cause: "The environment is gone from the table.",
        whoCanFix: "platform-team",
        nextAction: "Nothing to do: the reconcile loop removes what is left of it.",
      });
    await run.step("stop-runs", () => otherRunsEnded(run));
    const items = row.isDemo ? [] : await driverNamed(row.driver).destroy(run, await handleOf(row));
    await run.commit((tx) => recordDeleted(tx, run, row, items));
    return { summary: `${row.name} was deleted, ${items.length} things removed and verified`, evidence: [{ title: "Receipt", url: `/environments/${row.id}?tab=receipt` }] };
  },
  onEnd: afterDelete,
};

async function afterDelete(tx: Tx, run: EndedRun<Input>): Promise<void> {
  if (run.status === "succeeded") return;
  const [row] = await tx
    .update(environments)
    .set({ status: "leaked", statusReason: run.outcome.cause ?? "The removal did not finish." })
    .where(and(eq(environments.id, run.input.environmentId), eq(environments.status, "deleting")))
    .returning();
  if (!row) return;
  const admins = await tx.select({ id: users.id }).from(users).where(eq(users.role, "platform-admin"));
  await notify(
    tx,
    admins.map((admin) => admin.id),
    {
      kind: "environment-leaked",
      title: `${row.name} could not be removed`,
      body: row.statusReason ?? "",
      href: `/environments/${row.id}`,
      dedupeKey: `leaked:${run.runId}`,
    },
  );
}
