import { inArray } from "drizzle-orm";
import type { Tx } from "@/db/client";
import { environments, runLogLines, runSteps, runs, settings, teams, users } from "@/db/schema";
import { newId } from "@/lib/core/id";
import { PAST_RUNS, type PastRun } from "./history";

/** Writes the demo company's past environments and runs, once; what an admin removed does not come back. Needs the demo people. */
export async function seedDemoHistory(tx: Tx, now: Date): Promise<void> {
  const [seeded] = await tx.insert(settings).values({ key: "demo.history", value: true }).onConflictDoNothing().returning();
  if (!seeded) return;
  const people = new Map(
    (
      await tx
        .select()
        .from(users)
        .where(inArray(users.handle, [...new Set(PAST_RUNS.map((run) => run.owner))]))
    ).map((user) => [user.handle, user.id]),
  );
  const groups = new Map((await tx.select().from(teams)).map((team) => [team.name, team.id]));
  const made = new Map<string, string>();
  for (const past of PAST_RUNS) {
    const ownerId = people.get(past.owner);
    const teamId = groups.get(past.team);
    if (!ownerId || !teamId) continue;
    const environmentId = made.get(past.environment) ?? (await pastEnvironment(tx, past, ownerId, teamId, now));
    made.set(past.environment, environmentId);
    await pastRun(tx, past, { environmentId, ownerId, teamId }, now);
  }
}

const hoursBefore = (now: Date, hours: number) => new Date(now.getTime() - hours * 3_600_000);
const totalMs = (past: PastRun) => past.steps.filter((step) => step.status !== "skipped").reduce((sum, step) => sum + step.ms, 0);

async function pastEnvironment(tx: Tx, past: PastRun, ownerId: string, teamId: string, now: Date): Promise<string> {
  const createdAt = hoursBefore(now, past.hoursAgo);
  const id = newId("environment", createdAt.getTime());
  const end = PAST_RUNS.find((run) => run.environment === past.environment && run.kind === "environment.delete");
  const deletedAt = end ? new Date(hoursBefore(now, end.hoursAgo).getTime() + totalMs(end)) : null;
  const phases = past.steps.map((step) => ({ name: step.title, ms: step.ms }));
  await tx.insert(environments).values({
    id,
    name: past.environment,
    lifetime: "ephemeral",
    tier: "sandbox",
    status: deletedAt ? "deleted" : "failed",
    statusReason: deletedAt ? "Its time to live ended." : (past.outcome.cause ?? null),
    goldenPath: "node-express",
    goldenPathVersion: "1.0.0",
    ownerId,
    teamId,
    driver: "local",
    ttlMinutes: 48 * 60,
    createdAt,
    readyAt: past.status === "succeeded" ? new Date(createdAt.getTime() + totalMs(past)) : null,
    expiresAt: deletedAt,
    deletedAt,
    provisioning: past.status === "succeeded" ? { totalMs: totalMs(past), phases } : null,
    receipt: deletedAt ? { completedAt: deletedAt.toISOString(), items: receiptItems(id, deletedAt) } : null,
    isDemo: true,
  });
  return id;
}

function receiptItems(id: string, at: Date) {
  const removedAt = at.toISOString();
  return [
    { kind: "process", name: `process of ${id}`, verified: "no process carries its label", removedAt },
    { kind: "database", name: id, verified: "not in pg_database", removedAt },
    { kind: "role", name: id, verified: "not in pg_roles", removedAt },
    { kind: "folder", name: id, verified: "path does not exist", removedAt },
    { kind: "socket", name: `${id}.sock`, verified: "path does not exist", removedAt },
  ];
}

async function pastRun(tx: Tx, past: PastRun, ids: { environmentId: string; ownerId: string; teamId: string }, now: Date): Promise<void> {
  const startedAt = hoursBefore(now, past.hoursAgo);
  const runId = newId("run", startedAt.getTime());
  const finishedAt = new Date(startedAt.getTime() + totalMs(past));
  const verb = past.kind === "environment.create" ? "Create" : "Delete";
  await tx.insert(runs).values({
    id: runId,
    kind: past.kind,
    title: `${verb} environment ${past.environment}`,
    status: past.status,
    input: { environmentId: ids.environmentId },
    teamId: ids.teamId,
    requestedBy: ids.ownerId,
    environmentId: ids.environmentId,
    fence: 1,
    startedAt,
    finishedAt,
    deadlineMs: 600_000,
    deadlineAt: new Date(startedAt.getTime() + 600_000),
    retryUntil: finishedAt,
    outcome: past.outcome,
    lastSeq: past.log.length,
    isDemo: true,
    createdAt: startedAt,
  });
  await tx.insert(runSteps).values(stepRows(past, runId, startedAt));
  await tx
    .insert(runLogLines)
    .values(
      past.log.map(([step, text, level], index) => ({ runId, seq: index + 1, at: new Date(startedAt.getTime() + index * 60), step, level: level ?? ("info" as const), text })),
    );
}

function stepRows(past: PastRun, runId: string, startedAt: Date) {
  let at = startedAt.getTime();
  return past.steps.map(({ name, title, ms, status = "succeeded" as const }, position) => {
    const ran = status !== "skipped";
    const begun = new Date(at);
    at += ran ? ms : 0;
    return { runId, name, title, position, status, attempt: ran ? 1 : 0, startedAt: ran ? begun : null, finishedAt: ran ? new Date(at) : null };
  });
}
