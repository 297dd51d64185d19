import { sql } from "drizzle-orm";
import type { Tx } from "@/db/client";
import type { incidents } from "@/db/schema";
import { newId } from "@/lib/core/id";
import type { Incident } from "./contract";
import type { IncidentFact } from "./facts";
import { teamsOfServices } from "./owner";
import { askForRollUp } from "./record";
import { rowsAsJson } from "./rows-as-json";
import { readRules } from "./rules";

const COLUMNS = sql`id text, service text, external_id text, title text, severity text, environment text, opened_at timestamptz, resolved_at timestamptz,
  caused_by text, declared_by text, team_id text, source text, is_demo boolean`;

/** Keeps incidents under (service, external id). What is resolved stays so, whatever arrives later about its opening. */
export async function recordIncidents(tx: Tx, facts: IncidentFact[], now: Date): Promise<void> {
  if (facts.length === 0) return;
  const owners = await teamsOfServices(tx, [...new Set(facts.map((fact) => fact.service.toLowerCase()))]);
  const rows = new Map(facts.map((fact) => [`${fact.service.toLowerCase()} ${fact.externalId}`, incidentRow(fact, owners)]));
  const given = sql`jsonb_to_recordset(${rowsAsJson([...rows.values()])}::jsonb) as f(${COLUMNS})`;
  const touched = await tx.execute(sql`
    insert into incidents as i (id, service, external_id, title, severity, environment, opened_at, resolved_at, caused_by, declared_by, team_id, source, is_demo, received_at)
    select f.*, ${now.toISOString()}::timestamptz from ${given}
    on conflict (service, external_id) do update set title = excluded.title, severity = excluded.severity, environment = coalesce(excluded.environment, i.environment),
      opened_at = excluded.opened_at, resolved_at = coalesce(excluded.resolved_at, i.resolved_at), caused_by = coalesce(excluded.caused_by, i.caused_by), received_at = excluded.received_at
    where (i.title, i.severity, i.environment, i.opened_at, i.resolved_at, i.caused_by)
      is distinct from (excluded.title, excluded.severity, coalesce(excluded.environment, i.environment), excluded.opened_at, coalesce(excluded.resolved_at, i.resolved_at), coalesce(excluded.caused_by, i.caused_by))
    returning i.id`);
  if (touched.length > 0)
    await markIncidents(
      tx,
      touched.map((row) => String(row.id)),
    );
}

/** Has the services of these incidents worked out again from the earliest deployment on that they may hang on. */
export async function markIncidents(tx: Tx, ids: string[]): Promise<void> {
  const { rules } = await readRules(tx);
  await tx.execute(sql`
    insert into delivery_dirty (service, is_demo, since)
    select service, is_demo, min(opened_at) - ${rules.incidentWindowHours} * interval '1 hour' from incidents where id = any(${sql.param(ids)}::text[]) group by 1, 2 order by 1, 2`);
  await askForRollUp(tx);
}

function incidentRow(fact: IncidentFact, owners: Map<string, string | null>) {
  const service = fact.service.toLowerCase();
  return {
    id: newId("incident"),
    service,
    external_id: fact.externalId,
    title: fact.title,
    severity: fact.severity,
    environment: fact.environment ?? null,
    opened_at: fact.openedAt.toISOString(),
    resolved_at: fact.resolvedAt?.toISOString() ?? null,
    caused_by: fact.causedBy ?? null,
    declared_by: fact.declaredBy ?? null,
    team_id: owners.get(service) ?? fact.teamId ?? null,
    source: fact.source,
    is_demo: fact.isDemo ?? false,
  };
}

/** Which of the rows are already there, as `service external_id`. */
export async function existingIncidents(tx: Tx, rows: { service: string; external_id: string }[]): Promise<Set<string>> {
  const given = sql`jsonb_to_recordset(${JSON.stringify(rows.map(({ service, external_id }) => ({ service, external_id })))}::jsonb) as f(service text, external_id text)`;
  const found = await tx.execute<{ service: string; external_id: string }>(
    sql`select i.service, i.external_id from ${given} join incidents i on i.service = f.service and i.external_id = f.external_id`,
  );
  return new Set(found.map((row) => `${row.service} ${row.external_id}`));
}

/** The incident as the API shows it. */
export function presentIncident(row: typeof incidents.$inferSelect): Incident {
  return {
    id: row.id,
    external_id: row.externalId,
    service: row.service,
    title: row.title,
    severity: row.severity,
    environment: row.environment,
    opened_at: row.openedAt.toISOString(),
    resolved_at: row.resolvedAt?.toISOString() ?? null,
    caused_by: row.causedBy,
    deployment_id: row.deploymentId,
    link: row.link,
    declaredBy: row.declaredBy,
    resolvedBy: row.resolvedBy,
    source: row.source,
    isDemo: row.isDemo,
  };
}
