import { sql } from "drizzle-orm";
import { db } from "@/db/client";
import type { StepContext } from "@/lib/runs/engine/types";
import type { DeploymentFact } from "../facts";
import { readRules } from "../rules";
import type { LoadHistoryInput } from "./contract";

const PART = 20_000;

/** Those of the commits that are not kept yet, only as a push told them, without parents or files, or classified by former rules; in their order. */
export async function commitsNotKnown(repository: string, shas: string[]): Promise<string[]> {
  const known = new Set<string>();
  const { version } = await readRules(db());
  for (let at = 0; at < shas.length; at += PART) {
    const rows = await db().execute<{ sha: string }>(sql`
      select sha from delivery_commits where repository = ${repository.toLowerCase()} and parents_reported and paths is not null and ai_version = ${version} and sha = any(${sql.param(shas.slice(at, at + PART))}::text[])`);
    for (const { sha } of rows) known.add(sha);
  }
  return shas.filter((sha) => !known.has(sha));
}

/** External ids of those deployments that are not kept yet. */
export async function deploymentsNotKnown(facts: DeploymentFact[]): Promise<Set<string>> {
  const keys = facts.map(({ service, environment, externalId }) => ({ service: service.toLowerCase(), environment, external_id: externalId }));
  const rows = await db().execute<{ id: string }>(sql`
    select f.external_id as id from jsonb_to_recordset(${JSON.stringify(keys)}::jsonb) as f(service text, environment text, external_id text)
    where not exists (select 1 from delivery_deployments d where d.service = f.service and d.environment = f.environment and d.external_id = f.external_id)`);
  return new Set(rows.map((row) => row.id));
}

/** Whole ids of the commits that the service has had deployed from this repository. */
export async function deployedCommits({ service, repository = "" }: LoadHistoryInput): Promise<string[]> {
  const rows = await db().execute<{ commit: string }>(
    sql`select distinct commit from delivery_deployments where service = ${service} and repository = ${repository.toLowerCase()} and not is_demo and length(commit) = 40`,
  );
  return rows.map((row) => row.commit);
}

/** What the figures of the service rest on now, in a sentence; what they lack goes into the log. */
export async function figuresOf(service: string, step: StepContext): Promise<string> {
  const [row] = await db().execute<{ deployments: number; changes: number; unknown: number; median: number | null }>(sql`
    select (select count(*) from delivery_deployments where service = ${service} and not is_demo and tier = 'production' and status = 'success')::int as deployments,
      (select count(*) from delivery_deployments where service = ${service} and not is_demo and attribution in ('commits-unknown', 'partial', 'too-many'))::int as unknown,
      (select count(*) from delivery_changes where service = ${service} and not is_demo and counted)::int as changes`);
  if (row?.unknown) step.log(`${row.unknown} deployments lack commits; the data doctor names them.`, "warn");
  return `The service now has ${row?.deployments ?? 0} production deployments with ${row?.changes ?? 0} changes.`;
}
