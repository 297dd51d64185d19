import { and, eq, notInArray, sql } from "drizzle-orm";
import type { Connection, Tx } from "@/db/client";
import { environments, teams } from "@/db/schema";
import { DomainError } from "@/lib/core/errors";
import { loadSettings } from "@/lib/platform/queries";
import type { Quota } from "./contract";

/** What a team uses of its quota: a number of sandboxes, and the memory of everything. Deleted environments do not count, leaked ones do. */
export async function teamQuota(on: Connection, team: { id: string; name: string }): Promise<Quota> {
  const [settings, [used]] = await Promise.all([
    loadSettings(on),
    on
      .select({ count: sql<number>`(count(*) filter (where ${environments.lifetime} = 'ephemeral'))::int`, memory: sql<number>`coalesce(sum(${environments.memoryMib}), 0)::int` })
      .from(environments)
      .where(and(eq(environments.teamId, team.id), notInArray(environments.status, ["deleted"]), eq(environments.isDemo, false))),
  ]);
  return {
    team: team.name,
    count: { used: used?.count ?? 0, limit: settings["environments.teamQuotaCount"] },
    memoryMiB: { used: used?.memory ?? 0, limit: settings["environments.teamQuotaMemoryMib"] },
  };
}

const WAY_OUT = "Delete one that is not needed any more, or ask a platform admin for a larger quota.";

/** Holds the team's row, so that simultaneous requests are counted one by one. */
async function heldQuota(tx: Tx, team: { id: string; name: string }): Promise<Quota> {
  await tx.select({ id: teams.id }).from(teams).where(eq(teams.id, team.id)).for("update");
  return teamQuota(tx, team);
}

function requireMemory(quota: Quota, memoryMiB: number): void {
  if (quota.memoryMiB.used + memoryMiB <= quota.memoryMiB.limit) return;
  throw new DomainError("conflict", `Team ${quota.team} uses ${quota.memoryMiB.used} of ${quota.memoryMiB.limit} MiB and this needs ${memoryMiB} MiB more. ${WAY_OUT}`);
}

/** Throws conflict if that much more memory does not fit into the team's quota. */
export async function reserveMemory(tx: Tx, teamId: string, memoryMiB: number): Promise<void> {
  const [team] = await tx.select({ id: teams.id, name: teams.name }).from(teams).where(eq(teams.id, teamId));
  if (team && memoryMiB > 0) requireMemory(await heldQuota(tx, team), memoryMiB);
}

/** Throws conflict if one more environment does not fit: a sandbox by number and memory, a permanent one by memory alone. */
export async function reserveQuota(tx: Tx, team: { id: string; name: string }, { memoryMiB, isPermanent }: { memoryMiB: number; isPermanent: boolean }): Promise<void> {
  const quota = await heldQuota(tx, team);
  if (!isPermanent && quota.count.used + 1 > quota.count.limit) {
    throw new DomainError("conflict", `Team ${team.name} has ${quota.count.used} of ${quota.count.limit} sandboxes. ${WAY_OUT}`);
  }
  requireMemory(quota, memoryMiB);
}
