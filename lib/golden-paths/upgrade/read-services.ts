import { and, asc, desc, eq, inArray, isNull, ne } from "drizzle-orm";
import type { Connection } from "@/db/client";
import { pathEjections, pullRequests, repositories, runs, teams } from "@/db/schema";
import { changeUrl } from "@/lib/repositories/contract";
import type { PathServiceState } from "../contract";
import { pathVersions, versionsBehind } from "./versions-behind";

const BUSY = ["queued", "running"];

/** Every service made from a golden path, those furthest behind first. */
export async function listServicesOf(on: Connection, name: string, entityRef?: string): Promise<{ current: string | null; items: PathServiceState[] }> {
  const versions = await pathVersions(on, name);
  const rows = await on
    .select({ row: repositories, team: teams.ref })
    .from(repositories)
    .innerJoin(teams, eq(teams.id, repositories.teamId))
    .where(and(eq(repositories.goldenPath, name), eq(repositories.status, "ready"), entityRef ? eq(repositories.entityRef, entityRef) : undefined))
    .orderBy(asc(repositories.name));
  const ids = rows.map(({ row }) => row.id);
  const [pulls, ejections, upgrades] = ids.length
    ? await Promise.all([
        openUpgrades(on, ids),
        openEjectionsOf(on, ids),
        lastUpgrades(
          on,
          rows.map(({ row }) => row.entityRef ?? ""),
        ),
      ])
    : [[], [], []];
  const items = rows.flatMap(({ row, team }): PathServiceState[] => {
    if (!row.entityRef || !row.goldenPathVersion) return [];
    const pull = pulls.find(({ repositoryId }) => repositoryId === row.id);
    const own = ejections.filter(({ repositoryId }) => repositoryId === row.id);
    const last = upgrades.find((one) => one.entityRef === row.entityRef);
    return [
      {
        entityRef: row.entityRef,
        name: row.name,
        team,
        repository: { owner: row.owner, name: row.name },
        provider: row.provider,
        version: row.goldenPathVersion,
        behind: versions ? versionsBehind(versions, row.goldenPathVersion) : null,
        pullRequest: pull
          ? {
              number: pull.number,
              url: row.provider !== "waymark" ? changeUrl(row.provider, row.webUrl, pull.number) : `/repositories/${row.owner}/${row.name}/pulls/${pull.number}`,
              to: pull.upgrade?.to ?? "",
              isDraft: pull.isDraft,
              conflicts: pull.isDraft ? (pull.upgrade?.conflicts.length ?? 0) : pull.conflicts.length,
            }
          : null,
        isBusy: BUSY.includes(last?.status ?? ""),
        failed: last?.status === "failed" ? { run: last.id, cause: last.outcome?.cause ?? last.outcome?.summary ?? "" } : null,
        ejected: own.flatMap(({ concern }) => (concern ? [concern] : [])),
        hasLeft: own.some(({ concern }) => concern === null),
      },
    ];
  });
  return { current: versions?.current ?? null, items: items.sort((a, b) => (b.behind ?? 0) - (a.behind ?? 0)) };
}

const openUpgrades = (on: Connection, ids: string[]) =>
  on
    .select()
    .from(pullRequests)
    .where(and(inArray(pullRequests.repositoryId, ids), eq(pullRequests.status, "open")))
    .then((rows) => rows.filter(({ upgrade }) => upgrade !== null));

const openEjectionsOf = (on: Connection, ids: string[]) =>
  on
    .select()
    .from(pathEjections)
    .where(and(inArray(pathEjections.repositoryId, ids), isNull(pathEjections.rejoinedAt)));

const lastUpgrades = (on: Connection, refs: string[]) =>
  on
    .selectDistinctOn([runs.entityRef], { id: runs.id, entityRef: runs.entityRef, status: runs.status, outcome: runs.outcome })
    .from(runs)
    .where(and(eq(runs.kind, "service.upgrade"), inArray(runs.entityRef, refs), ne(runs.status, "cancelled")))
    .orderBy(runs.entityRef, desc(runs.createdAt));
