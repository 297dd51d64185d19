import { sql } from "drizzle-orm";
import type { Connection, Tx } from "@/db/client";
import type { CheckState } from "./contract";

export interface ResultRecord {
  entityRef: string;
  checkId: string;
  state: CheckState;
  outcome: "pass" | "fail" | "unknown";
  lastKnown: "pass" | "fail" | null;
  lastKnownAt: string | null;
  reason: string | null;
  observed: Record<string, unknown>;
  observedAt: string;
  conditionHash: string;
  isEjected: boolean;
}

/** A stored result, as far as the next one depends on it. */
export interface Known extends ResultRecord {
  stateSince: string;
}

interface Before {
  /** By `entity check`. */
  results: Map<string, Known>;
  /** Open exceptions, by `entity check` → when each ends. */
  exceptions: Map<string, Date>;
}

/** What is stored of these entities. */
export async function loadKnown(on: Connection, scorecardId: string, refs: string[]): Promise<Before> {
  const of = sql`scorecard_id = ${scorecardId} and entity_ref = any(${sql.param(refs)}::text[])`;
  const [results, exceptions] = await Promise.all([
    on.execute<Known & Record<string, unknown>>(sql`
      select entity_ref as "entityRef", check_id as "checkId", state, outcome, last_known as "lastKnown", last_known_at as "lastKnownAt", reason, observed, observed_at as "observedAt",
        condition_hash as "conditionHash", is_ejected as "isEjected", state_since as "stateSince" from scorecard_results where ${of}`),
    on.execute<{ entity: string; check: string; ends: string }>(
      sql`select entity_ref as entity, check_id as "check", expires_at as ends from scorecard_exceptions where ${of} and ended_at is null`,
    ),
  ]);
  return {
    results: new Map(results.map((row) => [`${row.entityRef} ${row.checkId}`, row])),
    exceptions: new Map(exceptions.map(({ entity, check, ends }) => [`${entity} ${check}`, new Date(ends)])),
  };
}

/** What people see of each outcome: a pass is a pass; what was granted or left on purpose stands over the rest. */
export function applyExceptions<T extends Pick<ResultRecord, "entityRef" | "checkId" | "outcome" | "isEjected" | "state">>(
  results: T[],
  exceptions: Before["exceptions"],
  now: Date,
): T[] {
  return results.map((result) => {
    const ends = exceptions.get(`${result.entityRef} ${result.checkId}`);
    const isExempt = ends !== undefined && ends > now;
    const state: CheckState = result.outcome === "pass" ? "pass" : isExempt ? "exempt" : result.isEjected ? "ejected" : result.outcome;
    return { ...result, state };
  });
}

interface Writing {
  scorecardId: string;
  revision: number;
  results: ResultRecord[];
  levels: { entityRef: string; level: number }[];
  known: Before;
  now: Date;
}

const isWritten = (result: ResultRecord, known: Known | undefined): boolean =>
  known !== undefined &&
  known.state === result.state &&
  known.outcome === result.outcome &&
  known.conditionHash === result.conditionHash &&
  known.isEjected === result.isEjected &&
  known.reason === result.reason &&
  Date.parse(known.observedAt) === Date.parse(result.observedAt) &&
  sorted(known.observed) === sorted(result.observed);

/** The database keeps no order of keys. */
const sorted = (value: Record<string, unknown>) => JSON.stringify(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));

/** Writes results that differ from what is stored, and the level of every entity. Checks that are no longer there are removed with the rest of an edit. */
export async function writeResults(tx: Tx, { scorecardId, revision, results, levels, known, now }: Writing): Promise<void> {
  const changed = results.filter((result) => !isWritten(result, known.results.get(`${result.entityRef} ${result.checkId}`)));
  if (changed.length > 0) {
    await tx.execute(sql`
      insert into scorecard_results as r (scorecard_id, entity_ref, check_id, state, outcome, last_known, last_known_at, reason, observed, observed_at, condition_hash, is_ejected, state_since)
      select ${scorecardId}, n."entityRef", n."checkId", n.state, n.outcome, n."lastKnown", n."lastKnownAt", n.reason, n.observed, n."observedAt", n."conditionHash", n."isEjected", ${now.toISOString()}::timestamptz
      from jsonb_to_recordset(${JSON.stringify(changed)}::jsonb) as n("entityRef" text, "checkId" text, state text, outcome text, "lastKnown" text, "lastKnownAt" timestamptz, reason text,
        observed jsonb, "observedAt" timestamptz, "conditionHash" text, "isEjected" boolean)
      where exists (select 1 from scorecard_facts f where f.entity_ref = n."entityRef")
      on conflict (scorecard_id, entity_ref, check_id) do update set state = excluded.state, outcome = excluded.outcome, last_known = excluded.last_known, last_known_at = excluded.last_known_at,
        reason = excluded.reason, observed = excluded.observed, observed_at = excluded.observed_at, condition_hash = excluded.condition_hash, is_ejected = excluded.is_ejected,
        state_since = case when r.state = excluded.state then r.state_since else excluded.state_since end`);
  }
  await writeLevels(tx, { scorecardId, revision, levels, now });
}

/** Keeps what the level was before, and since when it is what it is. */
export async function writeLevels(tx: Tx, { scorecardId, revision, levels, now }: Pick<Writing, "scorecardId" | "revision" | "levels" | "now">): Promise<void> {
  await tx.execute(sql`
    insert into scorecard_levels as l (scorecard_id, entity_ref, level, previous_level, level_since, revision, evaluated_at)
    select ${scorecardId}, n."entityRef", n.level, null, ${now.toISOString()}::timestamptz, ${revision}, ${now.toISOString()}::timestamptz
    from jsonb_to_recordset(${JSON.stringify(levels)}::jsonb) as n("entityRef" text, level int)
    where exists (select 1 from scorecard_facts f where f.entity_ref = n."entityRef")
    on conflict (scorecard_id, entity_ref) do update set level = excluded.level, revision = excluded.revision, evaluated_at = excluded.evaluated_at,
      previous_level = case when l.level = excluded.level then l.previous_level else l.level end,
      level_since = case when l.level = excluded.level then l.level_since else excluded.level_since end`);
}
