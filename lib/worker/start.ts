import { hostname } from "node:os";
import { eq, sql } from "drizzle-orm";
import { db, sqlClient } from "@/db/client";
import { workers } from "@/db/schema";
import { enqueueDueLocations, removeGoneEntities } from "@/lib/catalog/jobs";
import { databaseNow } from "@/lib/core/ctx";
import { newId } from "@/lib/core/id";
import { log } from "@/lib/core/log";
import { deleteDue, reconcileReady, removeOrphans, removeUnusedBuilds, retryLeaked, startWaitingDeployments, warnExpiring } from "@/lib/environments/jobs";
import { foldForms, forgetTestedFiles } from "@/lib/golden-paths/jobs";
import { forgetOldDecisions } from "@/lib/guardrails/jobs";
import { removeExpired } from "@/lib/identity/jobs";
import { drainDirty, enqueueComparison, forgetOldCopies, forgetOldDeliveries } from "@/lib/metrics/jobs";
import { forgetOldMessages, sendDue, warnEndingConnections } from "@/lib/notifications/jobs";
import { settleRepositories, settleUnfinished } from "@/lib/repositories/jobs";
import { type Active, executeRun } from "@/lib/runs/engine/execute";
import { HEARTBEAT_MS } from "@/lib/runs/engine/lease";
import { endOverdue, releaseLostJobs, requeueOrphans } from "@/lib/runs/engine/sweep";
import { tendSurveys } from "@/lib/surveys/jobs";
import { forgetTelemetry, trimTelemetry } from "@/lib/telemetry/jobs";
import { every } from "./every";
import { openQueue } from "./queue";
import { runKinds } from "./run-kinds";
import { tasks } from "./tasks";
import { tendAllScorecards } from "./tend-scorecards";

const SWEEP_MS = 1_000;
const EXPIRY_MS = 5_000;
const RECONCILE_MS = 30_000;
const DELIVERY_MS = 15_000;
const CLEANUP_MS = 3_600_000;
const SURVEYS_MS = 60_000;
const TELEMETRY_MS = 60_000;
const MESSAGES_MS = 5_000;
const SOURCES_MS = 30_000;
const SCORECARDS_MS = 5_000;

export interface Worker {
  id: string;
  /** Gives runs back and stops taking new ones; another worker, or this one after its restart, goes on. */
  stop(): Promise<void>;
}

/** Starts taking runs from the queue and keeping the world in order. `queueUrl` is the role that owns the queue. */
export async function startWorker(queueUrl: string): Promise<Worker> {
  const id = newId("worker");
  const active = new Map<string, Active>();
  await db().insert(workers).values({ id, host: hostname(), pid: process.pid });
  const cancels = await sqlClient().listen("waymark_cancel", (runId) => active.get(runId)?.stop("cancelled"));
  const queue = await openQueue(
    queueUrl,
    tasks((runId) => executeRun(runId, id, runKinds, active)),
  );
  const loops = [
    every(HEARTBEAT_MS, "heartbeat", () => heartbeat(id, queue.ids, active)),
    every(SWEEP_MS, "sweep", async () => {
      await releaseLostJobs();
      await requeueOrphans();
      await endOverdue(runKinds);
    }),
    every(EXPIRY_MS, "expiry", async () => {
      await deleteDue();
      await warnExpiring();
    }),
    every(RECONCILE_MS, "reconcile", reconcile),
    every(CLEANUP_MS, "clean-up", async () => {
      await removeExpired();
      await warnEndingConnections();
      await forgetOldDeliveries();
      await enqueueComparison();
      await forgetOldCopies(await databaseNow());
      await removeGoneEntities();
      await forgetOldMessages();
      await removeUnusedBuilds();
      await forgetTestedFiles(db());
      await foldForms(db());
      await forgetOldDecisions(db());
      await forgetTelemetry();
    }),
    // Events are worked on at once; this catches services that come into the catalog after their events.
    every(DELIVERY_MS, "delivery", drainDirty),
    every(SOURCES_MS, "catalog sources", enqueueDueLocations),
    every(MESSAGES_MS, "messages", async () => {
      await sendDue();
    }),
    every(TELEMETRY_MS, "telemetry", trimTelemetry),
    every(SURVEYS_MS, "surveys", () => tendSurveys()),
    every(SCORECARDS_MS, "scorecards", () => tendAllScorecards()),
  ];
  settleRepositories().catch((error: unknown) => log().warn({ err: error }, "pushes of before the start could not be looked for"));
  log().info({ workerId: id }, "worker started");
  return {
    id,
    async stop() {
      await db().update(workers).set({ draining: true }).where(eq(workers.id, id));
      for (const loop of loops) loop.stop();
      for (const run of active.values()) run.stop("draining");
      await queue.stop();
      await cancels.unlisten();
      await db().delete(workers).where(eq(workers.id, id));
    },
  };
}

/** Says that this worker lives, and stops what it no longer may do: cancelled runs whose notice was lost, runs taken by another. */
async function heartbeat(id: string, queueIds: string[], active: Map<string, Active>): Promise<void> {
  await db()
    .insert(workers)
    .values({ id, host: hostname(), pid: process.pid, queueIds })
    .onConflictDoUpdate({ target: workers.id, set: { heartbeatAt: sql`now()`, queueIds } });
  await db().execute(sql`delete from workers where heartbeat_at < now() - interval '1 hour'`);
  if (active.size === 0) return;
  const ids = sql.join(
    [...active.keys()].map((runId) => sql`${runId}`),
    sql`, `,
  );
  const rows = await db().execute<{ id: string; mine: boolean; cancelled: boolean }>(
    sql`select id, worker_id = ${id} as mine, cancel_requested_at is not null as cancelled from runs where id in (${ids})`,
  );
  for (const row of rows) {
    if (!row.mine) active.get(row.id)?.stop("lost");
    else if (row.cancelled) active.get(row.id)?.stop("cancelled");
  }
}

/** One replica at a time: the lock is held for the length of the pass. */
async function reconcile(): Promise<void> {
  await db().transaction(async (tx) => {
    const [lock] = await tx.execute<{ got: boolean }>(sql`select pg_try_advisory_xact_lock(hashtext('waymark.reconcile')) as got`);
    if (!lock?.got) return;
    await tx.execute(sql`set local idle_in_transaction_session_timeout = 0`);
    await reconcileReady();
    await removeOrphans();
    await retryLeaked();
    await startWaitingDeployments();
    await settleUnfinished();
  });
}
