import { and, eq, inArray, sql } from "drizzle-orm";
import { db } from "@/db/client";
import { deployments, environments, runs } from "@/db/schema";
import { writeAudit } from "@/lib/core/audit";
import { systemCtx } from "@/lib/core/ctx";
import { log } from "@/lib/core/log";
import { startRun } from "@/lib/runs/enqueue";
import { continueWaiting } from "./begin-deployment";
import { startDelete } from "./delete";
import { allDrivers, driverNamed } from "./drivers";
import type { EnvironmentDriver } from "./drivers/driver";
import { RESTART_DEADLINE_MS } from "./limits";
import type { EnvironmentRow } from "./subject";

// Compares the world with the table in both directions. Level-triggered: it needs no memory of what happened in between,
// so it also repairs what a lost job, a reboot or a hand in the system left behind.

const MAX_AUTO_RESTARTS_PER_HOUR = 3;
const LEAK_RETRY_MINUTES = 5;

/** Table → world: health and drift of every ready environment; one whose process is gone is started again. */
export async function reconcileReady(): Promise<void> {
  const rows = await db()
    .select()
    .from(environments)
    .where(and(eq(environments.status, "ready"), eq(environments.isDemo, false)));
  for (const row of rows) {
    try {
      await reconcileOne(row);
    } catch (error) {
      log().warn({ err: error, environmentId: row.id }, "an environment could not be reconciled");
    }
  }
}

async function reconcileOne({ id }: { id: string }): Promise<void> {
  // Read now: since the list was made, a deployment may have put another version in its place.
  const row = await db().query.environments.findFirst({ where: and(eq(environments.id, id), eq(environments.status, "ready")) });
  if (!row) return;
  await endOtherVersions(row);
  const observed = await driverNamed(row.driver).status({ environmentId: row.id, name: row.name, handle: row.handle });
  const drift = observed.state === "running" ? null : observed.state === "stopped" ? "The process is not running." : "Nothing of it was found on the machine.";
  await db().update(environments).set({ health: observed.health, drift }).where(unchanged(row));
  if (drift) await restartLost(row);
}

/** Still ready, and served by the version that was looked at. */
const unchanged = (row: EnvironmentRow) =>
  and(eq(environments.id, row.id), eq(environments.status, "ready"), sql`${environments.handle}->>'version' is not distinct from ${servingVersion(row)}`);

const servingVersion = (row: EnvironmentRow) => (typeof row.handle?.version === "number" ? String(row.handle.version) : null);

/** What a deployment left that was stopped in the middle; nothing while one is under way. */
async function endOtherVersions(row: EnvironmentRow): Promise<void> {
  if (!row.repositoryId) return;
  const open = await db()
    .select({ version: deployments.version })
    .from(deployments)
    .where(and(eq(deployments.environmentId, row.id), inArray(deployments.status, ["running", "waiting"])));
  if (open.length > 0) return;
  const ended = await driverNamed(row.driver).removeOtherVersions({ environmentId: row.id, name: row.name, handle: row.handle }, []);
  if (ended.length > 0) log().info({ environmentId: row.id, versions: ended }, "versions that serve nobody were ended");
}

async function restartLost(row: EnvironmentRow): Promise<void> {
  const ctx = await systemCtx("reconcile");
  await db().transaction(async (tx) => {
    const [recent] = await tx.execute<{ active: number; restarts: number }>(sql`
      select count(*) filter (where status in ('queued', 'running'))::int as active,
        count(*) filter (where kind = 'environment.restart' and requested_by is null and created_at > now() - interval '1 hour')::int as restarts
      from runs where environment_id = ${row.id}`);
    const [same] = await tx.select({ id: environments.id }).from(environments).where(unchanged(row)).for("update");
    if (!same || !recent || recent.active > 0 || recent.restarts >= MAX_AUTO_RESTARTS_PER_HOUR) return;
    const runId = await startRun(tx, {
      kind: "environment.restart",
      title: `Restart environment ${row.name}`,
      input: { environmentId: row.id },
      plan: driverNamed(row.driver).restartSteps,
      deadlineMs: RESTART_DEADLINE_MS,
      requestedBy: null,
      teamId: row.teamId,
      environmentId: row.id,
      exclusiveKey: row.id,
      now: ctx.now,
    });
    const target = { type: "environment", id: row.id, label: row.name };
    await writeAudit(tx, ctx, "environment.restart", "done", { target, teamId: row.teamId, detail: { reason: "Its process was gone.", run: runId } });
  });
}

/** Starts deployments that wait although no run is at work any more: it was one that does not know of deployments, or it was lost. */
export async function startWaitingDeployments(): Promise<void> {
  const rows = await db().execute<{ id: string }>(sql`
    select d.environment_id as id from deployments d where d.status = 'waiting' and not exists (
      select 1 from runs r where r.environment_id = d.environment_id and r.status in ('queued', 'running'))`);
  const { now } = await systemCtx("reconcile");
  for (const { id } of rows) await db().transaction((tx) => continueWaiting(tx, id, now));
}

/** World → table: removes what carries our label and belongs to no living environment and no run at work. */
export async function removeOrphans(): Promise<void> {
  for (const driver of allDrivers()) {
    if (await driver.unavailable()) continue;
    const found = [...new Set((await driver.inventory()).map((resource) => resource.environmentId))];
    for (const id of await unclaimed(found)) await removeOne(driver, id);
  }
}

async function unclaimed(ids: string[]): Promise<string[]> {
  if (ids.length === 0) return [];
  const living = await db()
    .select({ id: environments.id })
    .from(environments)
    .where(and(inArray(environments.id, ids), sql`${environments.status} <> 'deleted'`));
  const busy = await db()
    .select({ id: runs.environmentId })
    .from(runs)
    .where(and(inArray(runs.environmentId, ids), sql`${runs.status} in ('queued', 'running')`));
  const claimed = new Set([...living, ...busy].map((row) => row.id));
  return ids.filter((id) => !claimed.has(id));
}

async function removeOne(driver: EnvironmentDriver, id: string): Promise<void> {
  try {
    const items = await driver.removeOrphan(id);
    const ctx = await systemCtx("reconcile");
    await writeAudit(db(), ctx, "environment.remove-orphan", "done", {
      target: { type: "environment", id },
      detail: { removed: items.map((item) => `${item.kind} ${item.name}`) },
    });
  } catch (error) {
    log().warn({ err: error, environmentId: id }, "an orphan could not be removed");
  }
}

/** Tries again to remove what would not go. */
export async function retryLeaked(): Promise<void> {
  const rows = await db().execute<{ id: string }>(sql`
    select e.id from environments e where e.status = 'leaked' and not exists (
      select 1 from runs r where r.environment_id = e.id and (r.status in ('queued', 'running') or r.created_at > now() - ${LEAK_RETRY_MINUTES} * interval '1 minute'))`);
  const { now } = await systemCtx("reconcile");
  for (const { id } of rows) await db().transaction((tx) => startDelete(tx, id, { reason: "Removal tried again.", requestedBy: null, now }));
}
