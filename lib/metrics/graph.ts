import { sql } from "drizzle-orm";
import type { Tx } from "@/db/client";
import type { GraphCommit } from "./attribute";

/** More commits than this are not read at once; what lies beyond counts as unknown. */
const MAX_GRAPH = 100_000;

export interface ServiceKey {
  service: string;
  isDemo: boolean;
}

interface GraphRow {
  [column: string]: unknown;
  sha: string;
  known: boolean;
  parents: string[] | null;
  authored_at: string | null;
  paths: string[] | null;
  author: string | null;
  seen_in: string | null;
}

/** The commits that lead from these heads back to what the service has had in production, and which environment had that. */
export async function readGraph(tx: Tx, key: ServiceKey, repository: string, heads: string[], isBot: (author: string) => boolean) {
  const had = (sha: ReturnType<typeof sql>) => sql`s.service = ${key.service} and s.is_demo = ${key.isDemo} and s.repository = ${repository} and s.sha = ${sha}`;
  const rows = await tx.execute<GraphRow>(sql`
    with recursive walk(sha) as (
      select unnest(${sql.param(heads)}::text[])
      union
      select parent.sha from walk join delivery_commits c on c.repository = ${repository} and c.sha = walk.sha
        cross join lateral unnest(c.parents) as parent(sha)
      where not exists (select 1 from delivery_changes s where ${had(sql`walk.sha`)})
    )
    select walk.sha, c.sha is not null as known, c.parents, least(c.authored_at, p.first_authored_at) as authored_at, c.paths, c.author, coalesce(d.environment, s.deployment_id) as seen_in
    from (select sha from walk limit ${MAX_GRAPH}) walk
      left join delivery_commits c on c.repository = ${repository} and c.sha = walk.sha
      left join delivery_pull_requests p on p.repository = ${repository} and p.merge_commit = walk.sha and p.state = 'merged' and cardinality(c.parents) <= 1
      left join delivery_changes s on ${had(sql`walk.sha`)}
      left join delivery_deployments d on d.id = s.deployment_id`);
  const graph = new Map<string, GraphCommit>();
  const seen = new Map<string, string>();
  for (const row of rows) {
    graph.set(row.sha, {
      sha: row.sha,
      known: row.known,
      parents: row.parents ?? [],
      authoredAt: row.authored_at,
      paths: row.paths,
      isBot: row.author !== null && isBot(row.author),
    });
    if (row.seen_in !== null) seen.set(row.sha, row.seen_in);
  }
  return { graph, seen };
}

/** Full hashes for heads that were told short; a short one that fits no commit, or several, stays as it is. */
export async function fullHashes(tx: Tx, repository: string, heads: string[]): Promise<Map<string, string>> {
  const full = new Map<string, string>();
  for (const head of heads.filter((sha) => sha.length < 40)) {
    const rows = await tx.execute<{ sha: string }>(sql`select sha from delivery_commits where repository = ${repository} and sha like ${`${head}%`} limit 2`);
    if (rows.length === 1 && rows[0]) full.set(head, rows[0].sha);
  }
  return full;
}
