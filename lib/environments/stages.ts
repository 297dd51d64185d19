import { and, desc, eq, ne, type SQL, sql } from "drizzle-orm";
import type { Connection } from "@/db/client";
import { deployments, environments, environmentTraffic } from "@/db/schema";
import { quantileMs } from "@/lib/core/latency";
import { log } from "@/lib/core/log";
import type { Repository } from "@/lib/repositories/contract";
import { findRepository } from "@/lib/repositories/queries";
import { commitsBetween } from "@/lib/repositories/source";
import { type Environment, type ServiceEnvironments, STAGES, type Stage, type StageTraffic } from "./contract";
import { presentDeployment, selectDeployments, servedIn } from "./deployments";
import { previousOf } from "./history";
import { presentEnvironment } from "./present";

import { selectEnvironments } from "./read";

const TRAFFIC_MINUTES = 5;
const MOST_SANDBOXES = 50;
const MOST_COMMITS = 100;

/** What runs where of a service; `visible` limits the sandboxes that are listed. */
export async function readServiceEnvironments(on: Connection, entityRef: string, visible: SQL | undefined): Promise<ServiceEnvironments> {
  const [repository, rows, sandboxRows] = await Promise.all([
    findRepository(on, { entityRef }),
    selectEnvironments(on).where(and(eq(environments.entityRef, entityRef), eq(environments.lifetime, "permanent"), ne(environments.status, "deleted"))),
    selectEnvironments(on)
      .where(and(eq(environments.entityRef, entityRef), eq(environments.lifetime, "ephemeral"), ne(environments.status, "deleted"), visible))
      .orderBy(desc(environments.createdAt))
      .limit(MOST_SANDBOXES),
  ]);
  const shown = rows.map(presentEnvironment);
  const stages = await Promise.all(STAGES.map((tier) => readStage(on, tier, shown.find((environment) => environment.tier === tier) ?? null)));
  await compareStages(repository, stages);
  return {
    entityRef,
    repository: repository && { owner: repository.owner, name: repository.name, defaultBranch: repository.defaultBranch, webUrl: repository.webUrl },
    teamId: repository?.teamId ?? null,
    stages,
    sandboxes: sandboxRows.map(presentEnvironment),
  };
}

async function readStage(on: Connection, tier: Stage["tier"], environment: Environment | null): Promise<Stage> {
  if (!environment) return { tier, environment, serving: null, newest: null, previous: null, compared: null, traffic: null };
  const [served, [newest], traffic] = await Promise.all([
    servedIn(on, environment.id),
    selectDeployments(on).where(eq(deployments.environmentId, environment.id)).orderBy(desc(deployments.version)).limit(1),
    readStageTraffic(on, environment.id),
  ]);
  // The version that took over a moment ago serves, also while its run still stops the one before it.
  if (newest?.row.status === "running" && environment.status === "ready" && environment.commit === newest.row.commit) served.push(newest.row);
  const last = served.at(-1);
  const [serving] = last ? await selectDeployments(on).where(eq(deployments.id, last.id)) : [];
  const previous = previousOf(served);
  return {
    tier,
    environment,
    serving: serving ? presentDeployment(serving) : null,
    newest: newest && (newest.row.id !== last?.id || newest.row.status === "running") ? presentDeployment(newest) : null,
    previous: previous && { commit: previous.commit, subject: previous.subject },
    compared: null,
    traffic,
  };
}

async function readStageTraffic(on: Connection, environmentId: string): Promise<StageTraffic> {
  const rows = await on
    .select()
    .from(environmentTraffic)
    .where(and(eq(environmentTraffic.environmentId, environmentId), sql`${environmentTraffic.minute} > now() - ${TRAFFIC_MINUTES} * interval '1 minute'`));
  const requests = rows.reduce((sum, row) => sum + row.requests, 0);
  const errors = rows.reduce((sum, row) => sum + row.errors, 0);
  const buckets = rows.reduce<number[]>((sum, row) => row.buckets.map((count, index) => count + (sum[index] ?? 0)), []);
  return { requestsPerMinute: requests / TRAFFIC_MINUTES, errorShare: requests > 0 ? errors / requests : null, p95Ms: quantileMs(buckets, 0.95) };
}

/** Two commits compare in the same way for ever, so what git said is kept. */
const compared = new Map<string, { ahead: number; behind: number }>();
const MOST_COMPARED = 2_000;

async function compareStages(repository: Repository | null, stages: Stage[]): Promise<void> {
  for (const [index, stage] of stages.entries()) {
    const next = stages[index + 1]?.serving?.commit;
    const own = stage.serving?.commit;
    if (repository && next && own) stage.compared = await compare(repository, own, next);
  }
}

async function compare(repository: Repository, own: string, next: string): Promise<{ ahead: number; behind: number } | null> {
  if (own === next) return { ahead: 0, behind: 0 };
  const key = `${repository.id} ${own} ${next}`;
  const known = compared.get(key);
  if (known) return known;
  try {
    const [ahead, behind] = await Promise.all([commitsBetween(repository, next, own, MOST_COMMITS), commitsBetween(repository, own, next, MOST_COMMITS)]);
    if (compared.size >= MOST_COMPARED) compared.clear();
    const result = { ahead: ahead.length, behind: behind.length };
    compared.set(key, result);
    return result;
  } catch (error) {
    // A provider that cannot be asked now, or a commit that a force push removed: the page shows the rest.
    log().warn({ err: error, repository: `${repository.owner}/${repository.name}` }, "stages could not be compared");
    return null;
  }
}
