import { and, eq, sql } from "drizzle-orm";
import type { Connection, Tx } from "@/db/client";
import { repositories, runs } from "@/db/schema";
import { DomainError } from "@/lib/core/errors";
import { newId } from "@/lib/core/id";
import { isRepositoryName } from "@/lib/git/names";
import type { Repository } from "./contract";
import { ownAddresses } from "./providers/waymark";
import { presentRepository, type RepositoryRow } from "./read";

export interface Reservation {
  provider: Repository["provider"];
  owner: string;
  name: string;
  /** Where a host is going to have it; empty where that is known only when it is made. */
  cloneUrl: string;
  description: string;
  defaultBranch: string;
  teamId: string;
  goldenPath: { name: string; version: string };
  madeByRun: string;
  answersSealed: string | null;
  createdBy: string | null;
  now: Date;
}

const taken = (message: string) => new DomainError("conflict", message, { fields: [{ path: "values.name", message }] });

/**
 * Keeps the name for a run; the repository is shown nowhere until `openRepository`. A name that is only kept by a run which
 * failed or was cancelled is taken over. Throws conflict with the field `values.name`.
 */
export async function reserveRepository(tx: Tx, { now, goldenPath, ...wanted }: Reservation): Promise<Repository> {
  if (!isRepositoryName(wanted.name) || !isRepositoryName(wanted.owner)) {
    const message = "Use letters, digits, hyphens, dots and underscores, at most 100, beginning with a letter or digit.";
    throw new DomainError("invalid", message, { fields: [{ path: "values.name", message }] });
  }
  await releaseAbandoned(tx, wanted);
  const addresses = wanted.provider === "waymark" ? ownAddresses(wanted.owner, wanted.name) : { webUrl: "" };
  const [row] = await tx
    .insert(repositories)
    .values({ id: newId("repository"), ...wanted, ...addresses, goldenPath: goldenPath.name, goldenPathVersion: goldenPath.version, status: "creating", createdAt: now })
    .onConflictDoNothing()
    .returning();
  if (!row) throw taken(`${wanted.owner} has a repository ${wanted.name} already. Choose another name.`);
  return presentRepository(row);
}

async function releaseAbandoned(tx: Tx, { provider, owner, name }: Pick<Reservation, "provider" | "owner" | "name">): Promise<void> {
  const same = and(eq(repositories.provider, provider), sql`lower(${repositories.owner}) = ${owner.toLowerCase()}`, sql`lower(${repositories.name}) = ${name.toLowerCase()}`);
  const ended = sql`not exists (select 1 from ${runs} where ${runs.id} = ${repositories.madeByRun} and ${runs.status} in ('queued', 'running', 'succeeded'))`;
  await tx.delete(repositories).where(and(same, eq(repositories.status, "creating"), ended));
}

/** The repository that this run reserved; null when the name went to another one since. */
export async function reservedBy(on: Connection, repositoryId: string, runId: string): Promise<RepositoryRow | null> {
  const [row] = await on
    .select()
    .from(repositories)
    .where(and(eq(repositories.id, repositoryId), eq(repositories.madeByRun, runId)));
  return row ?? null;
}

/** Notes that the host had no repository of the name when this run looked: what is found there afterwards is its own. */
export async function noteIsFree(tx: Tx, repositoryId: string, webUrl: string): Promise<void> {
  await tx
    .update(repositories)
    .set({ webUrl })
    .where(and(eq(repositories.id, repositoryId), eq(repositories.status, "creating")));
}

/** Shows the finished repository to everybody. Returns it; throws conflict when it is no longer this run's. */
export async function openRepository(
  tx: Tx,
  change: { repositoryId: string; runId: string; cloneUrl: string; webUrl: string; entityRef: string | null; description: string; defaultBranch: string },
): Promise<Repository> {
  const { repositoryId, runId, ...columns } = change;
  const [row] = await tx
    .update(repositories)
    .set({ ...columns, status: "ready", answersSealed: null })
    .where(and(eq(repositories.id, repositoryId), eq(repositories.madeByRun, runId)))
    .returning();
  if (!row) throw new DomainError("conflict", "The name went to another repository in the meantime.");
  return presentRepository(row);
}
