import { sql } from "drizzle-orm";
import type { Tx } from "@/db/client";
import { attribute } from "./attribute";
import { linkFailures } from "./failures";
import { fullHashes, readGraph, type ServiceKey } from "./graph";
import { mergedBy } from "./merged-by";
import { matcherOf } from "./rules";
import type { Rules } from "./rules-shape";

/** Deployments worked out in one go; what they need of the graph must fit into memory. */
const CHUNK = 300;

interface DeploymentToDo {
  [column: string]: unknown;
  id: string;
  repository: string;
  environment: string;
  commit: string;
  paths: string[] | null;
  finished_at: string;
  previous_commit: string | null;
  ran_before: boolean;
  is_first: boolean;
}

/** Works a service out again from a moment on: kinds, changes, lead times, failures. Returns the first day (organisation's zone) whose sums may differ. */
export async function recomputeService(tx: Tx, key: ServiceKey, since: Date, timeZone: string, rules: Rules): Promise<string> {
  const from = since.toISOString();
  const mine = sql`service = ${key.service} and is_demo = ${key.isDemo}`;
  await tx.execute(sql`delete from delivery_changes where ${mine} and deployed_at >= ${from}`);
  await tx.execute(sql`delete from delivery_missing where ${mine} and deployed_at >= ${from}`);
  // The old day as well: a corrected time may have moved a deployment to another one.
  const [days] = await tx.execute<{ first: string }>(sql`
    select least(min(day), (${from}::timestamptz at time zone ${timeZone})::date)::text as first from delivery_deployments where ${mine} and finished_at >= ${from}`);
  await tx.execute(sql`
    update delivery_deployments set kind = null, attribution = null, changes = 0, bot_changes = 0, previous_commit = null,
      day = case when tier = 'production' then (finished_at at time zone ${timeZone})::date end
    where ${mine} and finished_at >= ${from}`);
  const todo = await deploymentsSince(tx, key, from);
  for (let at = 0; at < todo.length; at += CHUNK) await attributeChunk(tx, key, todo.slice(at, at + CHUNK), rules);
  const failures = await linkFailures(tx, key, rules);
  const first = days?.first ?? from.slice(0, 10);
  return failures && failures < first ? failures : first;
}

async function deploymentsSince(tx: Tx, { service, isDemo }: ServiceKey, from: string): Promise<DeploymentToDo[]> {
  const rows = await tx.execute<DeploymentToDo>(sql`
    with d as (
      select id, repository, environment, commit, paths, finished_at,
        lag(commit) over (partition by environment order by finished_at, started_at, external_id) as previous_commit,
        row_number() over (partition by environment, commit order by finished_at, started_at, external_id) > 1 as ran_before,
        row_number() over (partition by repository order by finished_at, started_at, external_id) = 1 as is_first,
        row_number() over (order by finished_at, started_at, external_id) as position
      from delivery_deployments where service = ${service} and is_demo = ${isDemo} and tier = 'production' and status = 'success'
    )
    select id, repository, environment, commit, paths, finished_at, previous_commit, ran_before, is_first from d where finished_at >= ${from} order by position`);
  return [...rows];
}

async function attributeChunk(tx: Tx, key: ServiceKey, chunk: DeploymentToDo[], rules: Rules): Promise<void> {
  const isBot = rules.countBots ? () => false : matcherOf(rules.bots);
  for (const repository of new Set(chunk.map((one) => one.repository))) {
    const mine = chunk.filter((one) => one.repository === repository);
    const full = await fullHashes(
      tx,
      repository,
      mine.map((one) => one.commit),
    );
    const commitOf = (sha: string) => full.get(sha) ?? sha;
    const { graph, seen } = await readGraph(tx, key, repository, [...new Set(mine.map((one) => commitOf(one.commit)))], isBot);
    const done = mine.map((one) => {
      const { commit, environment, previous_commit: before } = one;
      const paths = one.paths ?? rules.paths[key.service] ?? null;
      const head = { id: one.id, commit: commitOf(commit), environment, paths, previousCommit: before && commitOf(before), ranBefore: one.ran_before };
      const found = attribute(head, graph, seen, one.is_first);
      return {
        deployment: one,
        ...found,
        merges: mergedBy(
          head.commit,
          found.fresh.map(({ sha }) => sha),
          graph,
        ),
      };
    });
    await store(tx, key, repository, done, graph);
  }
}

type Done = { deployment: DeploymentToDo; merges: Map<string, string> } & ReturnType<typeof attribute>;

async function store(tx: Tx, { service, isDemo }: ServiceKey, repository: string, done: Done[], graph: Awaited<ReturnType<typeof readGraph>>["graph"]): Promise<void> {
  const kinds = done.map(({ deployment, kind, attribution, fresh }) => ({
    id: deployment.id,
    kind,
    attribution,
    changes: fresh.filter((one) => one.leftOut === null).length,
    bot_changes: fresh.filter((one) => one.leftOut === "bot").length,
    previous_commit: deployment.previous_commit,
  }));
  await tx.execute(sql`
    update delivery_deployments d set kind = f.kind, attribution = f.attribution, changes = f.changes, bot_changes = f.bot_changes, previous_commit = f.previous_commit
    from jsonb_to_recordset(${JSON.stringify(kinds)}::jsonb) as f(id text, kind text, attribution text, changes integer, bot_changes integer, previous_commit text) where d.id = f.id`);
  const fresh = done.flatMap(({ deployment, fresh: list, merges }) =>
    list.map(({ sha, leftOut }) => ({ sha, left_out: leftOut, id: deployment.id, merged_by: merges.get(sha) ?? null, authored_at: graph.get(sha)?.authoredAt ?? null })),
  );
  await tx.execute(sql`
    insert into delivery_changes (service, is_demo, repository, sha, deployment_id, merged_by, deployed_at, counted, left_out, team_id, day, lead_seconds, raw_lead_seconds)
    select d.service, d.is_demo, d.repository, f.sha, d.id, f.merged_by, d.finished_at, f.left_out is null, f.left_out, d.team_id, d.day, greatest(0, lead.seconds), lead.seconds
    from jsonb_to_recordset(${JSON.stringify(fresh)}::jsonb) as f(sha text, left_out text, id text, merged_by text, authored_at timestamptz)
      join delivery_deployments d on d.id = f.id
      cross join lateral (select round(extract(epoch from d.finished_at - coalesce(f.authored_at, d.finished_at)))::integer as seconds) lead
    on conflict do nothing`);
  const missing = done.flatMap(({ deployment, missing: list }) => list.map((sha) => ({ sha, id: deployment.id, at: deployment.finished_at })));
  await tx.execute(sql`
    insert into delivery_missing (service, is_demo, repository, sha, deployment_id, deployed_at)
    select ${service}, ${isDemo}, ${repository}, f.sha, f.id, f.at from jsonb_to_recordset(${JSON.stringify(missing)}::jsonb) as f(sha text, id text, at timestamptz)
    on conflict do nothing`);
}
