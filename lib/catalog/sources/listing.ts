import { and, asc, eq, isNull, type SQL, sql } from "drizzle-orm";
import type { Connection } from "@/db/client";
import { catalogLocations, catalogRepositories, teams } from "@/db/schema";
import type { CatalogLocation, CatalogRepository } from "../contract";

const MAX_ROWS = 500;

/** Entities of a repository that are there; of our own server by its id, of another by its page. */
const entitiesOf = sql<number>`(select count(*)::int from entities e where e.gone_at is null and (
  (e.source ->> 'type' = 'remote' and e.source ->> 'url' = ${catalogRepositories.url}) or
  (e.source ->> 'type' = 'git' and 'git:' || (e.source ->> 'repositoryId') = ${catalogRepositories.key})))`;
const findingsOf = sql<number>`(select count(*)::int from catalog_findings f where f.source_key = ${catalogRepositories.key})`;

/** Sources with their state and how much they hold, by address. */
export async function readLocations(on: Connection, where?: SQL): Promise<CatalogLocation[]> {
  const l = catalogLocations;
  const keys = sql`(select r.key from catalog_repositories r where r.location_id = ${l.id} union all select 'url:' || ${l.url})`;
  const pages = sql`(select r.url from catalog_repositories r where r.location_id = ${l.id})`;
  const rows = await on
    .select({
      row: l,
      team: teams.ref,
      repositories: sql<number>`(select count(*)::int from catalog_repositories r where r.location_id = ${l.id} and r.state <> 'gone')`,
      findings: sql<number>`(select count(*)::int from catalog_findings f where f.source_key in ${keys})`,
      entities: sql<number>`(select count(*)::int from entities e where e.gone_at is null and (
        (e.source ->> 'type' = 'url' and e.source ->> 'url' = ${l.url}) or (e.source ->> 'type' = 'remote' and e.source ->> 'url' in ${pages})))`,
    })
    .from(l)
    .leftJoin(teams, eq(teams.id, l.teamId))
    .where(where)
    .orderBy(asc(l.url))
    .limit(MAX_ROWS);
  return rows.map(({ row, ...counts }) => ({
    id: row.id,
    type: row.type,
    target: row.url,
    branch: row.branch,
    path: row.path,
    state: row.state,
    problem: row.problem,
    lastRunId: row.lastRunId,
    lastReadAt: row.lastReadAt?.toISOString() ?? null,
    nextReadAt: row.nextReadAt?.toISOString() ?? null,
    createdAt: row.createdAt.toISOString(),
    ...counts,
  }));
}

/** Repositories of a source, or of our own git server, by name. */
export async function readSourceRepositories(on: Connection, locationId: string | null): Promise<CatalogRepository[]> {
  const r = catalogRepositories;
  const rows = await on
    .select({ row: r, entities: entitiesOf, findings: findingsOf })
    .from(r)
    .where(and(locationId === null ? isNull(r.locationId) : eq(r.locationId, locationId)))
    .orderBy(asc(r.name))
    .limit(MAX_ROWS);
  return rows.map(({ row: { key, name, url, state, problem, commit, readAt }, entities, findings }) => ({
    key,
    name,
    url,
    state,
    problem,
    commit,
    readAt: readAt?.toISOString() ?? null,
    entities,
    findings,
  }));
}
