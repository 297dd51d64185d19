import { type SQL, sql } from "drizzle-orm";
import type { Tx } from "@/db/client";
import { newId } from "@/lib/core/id";
import { enqueue } from "@/lib/core/jobs";
import { aiClassifier } from "./ai/classify";
import type { CommitFact, DeploymentFact } from "./facts";
import { teamsOfServices } from "./owner";
import { rowsAsJson } from "./rows-as-json";
import { readRules } from "./rules";

const SUBJECT_CHARS = 200;

/** Asks the worker to work the marked services out again; several requests become one. */
export async function askForRollUp(tx: Tx): Promise<void> {
  await enqueue(tx, "metrics.roll-up", {}, { jobKey: "metrics.roll-up" });
}

/** The rows in one statement; a later row of the same key replaces an earlier one. */
function recordset<T>(rows: T[], key: (row: T) => string): string {
  return rowsAsJson([...new Map(rows.map((row) => [key(row), row])).values()]);
}

const DEPLOYMENT_COLUMNS = sql`id text, service text, environment text, external_id text, tier text, status text, repository text, commit text,
  started_at timestamptz, finished_at timestamptz, release_id text, paths text[], remediates text, flags text[], team_id text, source text, is_demo boolean`;
const changed = (
  d: SQL,
  f: SQL,
) => sql`(${d}.tier, ${d}.status, ${d}.repository, ${d}.commit, ${d}.started_at, ${d}.finished_at, ${d}.release_id, ${d}.paths, ${d}.remediates, ${d}.flags)
  is distinct from (${f}.tier, ${f}.status, ${f}.repository, ${f}.commit, ${f}.started_at, ${f}.finished_at, ${f}.release_id, ${f}.paths, ${f}.remediates, ${f}.flags)`;

/** Keeps deployments under (service, environment, external id). A repeat changes nothing, a correction replaces. */
export async function recordDeployments(tx: Tx, facts: DeploymentFact[], now: Date): Promise<void> {
  if (facts.length === 0) return;
  const owners = await teamsOfServices(tx, [...new Set(facts.map((fact) => fact.service.toLowerCase()))]);
  const rows = recordset(
    facts.map((fact) => deploymentRow(fact, owners)),
    (row) => `${row.service} ${row.environment} ${row.external_id}`,
  );
  const given = sql`jsonb_to_recordset(${rows}::jsonb) as f(${DEPLOYMENT_COLUMNS})`;
  await tx.execute(sql`
    insert into delivery_dirty (service, is_demo, since)
    select f.service, coalesce(d.is_demo, f.is_demo), min(least(f.finished_at, d.finished_at))
    from ${given} left join delivery_deployments d on d.service = f.service and d.environment = f.environment and d.external_id = f.external_id
    where (f.tier = 'production' or d.tier = 'production') and (d.id is null or ${changed(sql`d`, sql`f`)})
    group by 1, 2 order by 1, 2`);
  await tx.execute(sql`
    insert into delivery_deployments as d (id, service, environment, external_id, tier, status, repository, commit, started_at, finished_at, release_id, paths, remediates, flags, team_id, source, is_demo, received_at)
    select f.*, ${now.toISOString()}::timestamptz from ${given}
    on conflict (service, environment, external_id) do update set tier = excluded.tier, status = excluded.status, repository = excluded.repository,
      commit = excluded.commit, started_at = excluded.started_at, finished_at = excluded.finished_at, release_id = excluded.release_id, paths = excluded.paths,
      remediates = excluded.remediates, flags = excluded.flags, received_at = excluded.received_at
    where ${changed(sql`d`, sql`excluded`)}`);
  await askForRollUp(tx);
}

function deploymentRow(fact: DeploymentFact, owners: Map<string, string | null>) {
  const service = fact.service.toLowerCase();
  return {
    id: newId("deployment"),
    service,
    environment: fact.environment,
    external_id: fact.externalId,
    tier: fact.tier,
    status: fact.status,
    repository: fact.repository.toLowerCase(),
    commit: fact.commit.toLowerCase(),
    started_at: fact.startedAt.toISOString(),
    finished_at: fact.finishedAt.toISOString(),
    release_id: fact.releaseId ?? null,
    paths: fact.paths ?? null,
    remediates: fact.remediates ?? null,
    flags: [...new Set(fact.flags ?? [])].sort(),
    team_id: owners.get(service) ?? fact.teamId ?? null,
    source: fact.source ?? "platform",
    is_demo: fact.isDemo ?? false,
  };
}

const COMMIT_COLUMNS = sql`repository text, sha text, parents text[], parents_reported boolean, service text, authored_at timestamptz, committed_at timestamptz,
  author text, subject text, paths text[], ai text, ai_version integer, is_demo boolean`;

/** Keeps commits under (repository, sha). Services that waited for one of them are worked out again. */
export async function recordCommits(tx: Tx, facts: CommitFact[], now: Date): Promise<void> {
  if (facts.length === 0) return;
  const { version, rules } = await readRules(tx);
  const classify = aiClassifier(rules.aiSignals);
  const rows = recordset(
    facts.map((fact) => ({ ...commitRow(fact), ai: classify(fact.author, fact.message), ai_version: version })),
    (row) => `${row.repository} ${row.sha}`,
  );
  const given = sql`jsonb_to_recordset(${rows}::jsonb) as f(${COMMIT_COLUMNS})`;
  // A commit never changes, but what was told of it can: guessed parents give way to reported ones, missing paths to known ones.
  const better = sql`(f.parents_reported and (not c.parents_reported or c.parents is distinct from f.parents)) or (f.paths is not null and c.paths is distinct from f.paths) or c.authored_at is distinct from f.authored_at`;
  const marked = await tx.execute(sql`
    insert into delivery_dirty (service, is_demo, since)
    select service, is_demo, min(deployed_at) from (
      select m.service, m.is_demo, m.deployed_at from ${given} join delivery_missing m on m.repository = f.repository and (m.sha = f.sha or starts_with(f.sha, m.sha))
      union all
      select h.service, h.is_demo, h.deployed_at from ${given} join delivery_commits c on c.repository = f.repository and c.sha = f.sha
        join delivery_changes h on h.repository = f.repository and h.sha = f.sha where ${better}
    ) touched group by 1, 2 order by 1, 2 returning service`);
  await tx.execute(sql`
    insert into delivery_commits as c (repository, sha, parents, parents_reported, service, authored_at, committed_at, author, subject, paths, ai, ai_version, is_demo, received_at)
    select f.*, ${now.toISOString()}::timestamptz from ${given}
    on conflict (repository, sha) do update set
      parents = case when excluded.parents_reported or not c.parents_reported then excluded.parents else c.parents end,
      parents_reported = c.parents_reported or excluded.parents_reported,
      service = coalesce(excluded.service, c.service), authored_at = excluded.authored_at, committed_at = excluded.committed_at,
      author = excluded.author, subject = excluded.subject, ai = excluded.ai, ai_version = excluded.ai_version, paths = coalesce(excluded.paths, c.paths), received_at = excluded.received_at
    where (c.parents, c.parents_reported, c.authored_at, c.committed_at, c.author, c.subject, c.ai, c.ai_version, coalesce(excluded.service, c.service), coalesce(excluded.paths, c.paths))
      is distinct from (excluded.parents, excluded.parents_reported, excluded.authored_at, excluded.committed_at, excluded.author, excluded.subject, excluded.ai, excluded.ai_version, c.service, c.paths)`);
  if (marked.length > 0) await askForRollUp(tx);
}

function commitRow(fact: CommitFact) {
  return {
    repository: fact.repository.toLowerCase(),
    sha: fact.sha.toLowerCase(),
    parents: fact.parents.map((parent) => parent.toLowerCase()),
    parents_reported: fact.parentsReported ?? true,
    service: fact.service?.toLowerCase() ?? null,
    authored_at: new Date(fact.authoredAt).toISOString(),
    committed_at: new Date(fact.committedAt).toISOString(),
    author: fact.author.slice(0, 300),
    subject: (fact.message.split("\n")[0] ?? "").slice(0, SUBJECT_CHARS),
    paths: fact.paths ?? null,
    is_demo: fact.isDemo ?? false,
  };
}
