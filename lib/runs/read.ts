import { asc, eq, inArray, sql } from "drizzle-orm";
import type { Connection } from "@/db/client";
import { runSteps, runs, teams, users } from "@/db/schema";
import { DomainError } from "@/lib/core/errors";
import type { Run, RunStep } from "./contract";

type Row = { run: typeof runs.$inferSelect; user: { id: string; handle: string; name: string } | null; team: string | null };

const columns = { run: runs, user: { id: users.id, handle: users.handle, name: users.name }, team: teams.ref };

/** Runs with their requester and team; add a where. */
export function selectRuns(on: Connection) {
  return on.select(columns).from(runs).leftJoin(users, eq(users.id, runs.requestedBy)).leftJoin(teams, eq(teams.id, runs.teamId));
}

const iso = (date: Date | null) => date?.toISOString() ?? null;

/** A row as the contract shows it. */
export function presentRun({ run, user, team }: Row, steps: RunStep[]): Run {
  return {
    id: run.id,
    kind: run.kind,
    title: run.title,
    status: run.status,
    ...(run.environmentId ? { environmentId: run.environmentId } : {}),
    ...(run.entityRef ? { entityRef: run.entityRef } : {}),
    requestedBy: user,
    team,
    attempt: run.attempt,
    createdAt: run.createdAt.toISOString(),
    startedAt: iso(run.startedAt),
    finishedAt: iso(run.finishedAt),
    deadlineAt: run.deadlineAt.toISOString(),
    cancelRequestedAt: iso(run.cancelRequestedAt),
    retryUntil: iso(run.retryUntil),
    steps,
    outcome: run.outcome,
    logLines: run.lastSeq,
    maskedSecrets: run.maskedSecrets,
    isDemo: run.isDemo,
  };
}

/** The steps of each of these runs, in order. */
export async function stepsOf(on: Connection, ids: string[]): Promise<Map<string, RunStep[]>> {
  const grouped = new Map<string, RunStep[]>();
  if (ids.length === 0) return grouped;
  for (const step of await on.select().from(runSteps).where(inArray(runSteps.runId, ids)).orderBy(asc(runSteps.position))) {
    const { name, title, status, attempt } = step;
    const list = grouped.get(step.runId) ?? [];
    list.push({ name, title, status, attempt, startedAt: iso(step.startedAt), finishedAt: iso(step.finishedAt), usualMs: null });
    grouped.set(step.runId, list);
  }
  return grouped;
}

/** Median milliseconds per step over the last 20 succeeded runs of a run's kind. */
async function usualDurations(on: Connection, id: string): Promise<Map<string, number>> {
  const rows = await on.execute<{ name: string; ms: number }>(sql`
    select s.name, round(percentile_cont(0.5) within group (order by extract(epoch from s.finished_at - s.started_at) * 1000))::int as ms
    from run_steps s where s.status = 'succeeded' and s.run_id in (
      select id from runs where kind = (select kind from runs where id = ${id}) and status = 'succeeded' and not is_demo order by created_at desc limit 20) group by s.name`);
  return new Map(rows.map((row) => [row.name, row.ms]));
}

/** One run with its steps and their usual durations, without asking who may see it. Throws not_found. */
export async function readRun(on: Connection, id: string): Promise<Run> {
  const [[row], usual] = await Promise.all([selectRuns(on).where(eq(runs.id, id)), usualDurations(on, id)]);
  if (!row) throw new DomainError("not_found", "There is no such run.");
  // Only then: a run that has ended is never shown with steps that have not, and whoever follows it looks no more once it has.
  const steps = await stepsOf(on, [id]);
  return presentRun(
    row,
    (steps.get(id) ?? []).map((step) => ({ ...step, usualMs: usual.get(step.name) ?? null })),
  );
}
