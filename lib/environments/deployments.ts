import { and, desc, eq, getTableColumns } from "drizzle-orm";
import type { Connection } from "@/db/client";
import { deployments, environments, users } from "@/db/schema";
import { DomainError } from "@/lib/core/errors";
import type { Deployment } from "./contract";

const MOST_SERVED = 200;

export type DeploymentRow = typeof deployments.$inferSelect;

const columns = {
  row: getTableColumns(deployments),
  environment: { name: environments.name, tier: environments.tier, entityRef: environments.entityRef },
  by: { handle: users.handle, name: users.name },
};

/** Deployments with their environment and requester; add a where. */
export function selectDeployments(on: Connection) {
  return on.select(columns).from(deployments).innerJoin(environments, eq(environments.id, deployments.environmentId)).leftJoin(users, eq(users.id, deployments.requestedBy));
}

type Selected = Awaited<ReturnType<typeof selectDeployments>>[number];

const iso = (date: Date | null) => date?.toISOString() ?? null;

/** A row as the contract shows it. */
export function presentDeployment({ row, environment, by }: Selected): Deployment {
  const { version: _version, createdAt, startedAt, finishedAt, requestedBy: _requestedBy, ...rest } = row;
  return {
    ...rest,
    environment: environment.name,
    tier: environment.tier,
    entityRef: environment.entityRef,
    requestedBy: by,
    createdAt: createdAt.toISOString(),
    startedAt: iso(startedAt),
    finishedAt: iso(finishedAt),
  };
}

/** One deployment. Throws not_found. */
export async function readDeployment(on: Connection, id: string): Promise<Deployment> {
  const [found] = await selectDeployments(on).where(eq(deployments.id, id));
  if (!found) throw new DomainError("not_found", "There is no such deployment.");
  return presentDeployment(found);
}

/** What succeeded in an environment, oldest first; at most the last 200. */
export async function servedIn(on: Connection, environmentId: string): Promise<DeploymentRow[]> {
  const rows = await on
    .select()
    .from(deployments)
    .where(and(eq(deployments.environmentId, environmentId), eq(deployments.status, "succeeded")))
    .orderBy(desc(deployments.version))
    .limit(MOST_SERVED);
  return rows.reverse();
}

/** First seven characters, as people write commits. */
export const short = (commit: string) => commit.slice(0, 7);
