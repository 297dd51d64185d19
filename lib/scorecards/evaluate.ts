import { createHash } from "node:crypto";
import { sql } from "drizzle-orm";
import { db } from "@/db/client";
import type { scorecards } from "@/db/schema";
import { appliesSql } from "./applies";
import { documentOf, evaluator, observedBy, verdictOf } from "./conditions";
import type { Check, ScorecardDefinition } from "./contract";
import { ScorecardDefinition as Definition } from "./contract";
import { observedAt, type StoredFacts, wholeFacts } from "./facts/stored";
import { levelOf } from "./levels";
import { applyExceptions, type Known, loadKnown, type ResultRecord, writeResults } from "./write-results";

// Evaluation in batches of entities: read facts, ask the thread once per batch, write what differs. Repeatable at any point:
// a crash leaves entities marked, and the next pass evaluates them again to the same rows.

const BATCH = 500;

export type ScorecardRow = typeof scorecards.$inferSelect;

interface FactRow extends StoredFacts {
  entity_ref: string;
  changed_at: string;
  definition: Record<string, unknown>;
}

/** A stored definition. */
export const storedDefinition = (row: Record<string, unknown>): ScorecardDefinition => Definition.parse(row);

export const hashOf = (condition: string): string => createHash("sha256").update(condition).digest("hex").slice(0, 16);

/** Evaluates a scorecard over all its entities, or over those of them whose facts have changed. Returns how many there were. */
export async function evaluateScorecard(row: ScorecardRow, now: Date, only: "all" | "dirty"): Promise<number> {
  const definition = storedDefinition(row.definition);
  const checked = await evaluator().check(definition.checks.map(({ condition }) => condition));
  const checks = definition.checks.map((check, index) => ({ ...check, hash: hashOf(check.condition), references: checked[index]?.references ?? [] }));
  let evaluated = 0;
  for (let after = ""; ; ) {
    const batch = await readBatch(definition, after, only);
    const last = batch.at(-1);
    if (!last) return evaluated;
    await evaluateBatch(row, definition, checks, batch, now);
    evaluated += batch.length;
    after = last.entity_ref;
  }
}

async function readBatch(definition: ScorecardDefinition, after: string, only: "all" | "dirty"): Promise<FactRow[]> {
  const rows = await db().execute<FactRow & Record<string, unknown>>(sql`
    select f.entity_ref, f.facts, f.observed, f.answered, f.changed_at, e.definition from scorecard_facts f join entities e on e.ref = f.entity_ref
    where f.entity_ref > ${after} and ${only === "dirty" ? sql`f.is_dirty` : sql`true`} and ${appliesSql(definition.appliesTo)} order by f.entity_ref limit ${BATCH}`);
  return rows.map((row) => ({ ...row, facts: wholeFacts(row) }));
}

type ReadyCheck = Check & { hash: string; references: string[][] };

async function evaluateBatch(row: ScorecardRow, definition: ScorecardDefinition, checks: ReadyCheck[], batch: FactRow[], now: Date): Promise<void> {
  const documents = batch.map(documentOf);
  const answers = await evaluator().evaluate(
    checks.map(({ condition }) => condition),
    documents,
  );
  const known = await loadKnown(
    db(),
    row.id,
    batch.map(({ entity_ref }) => entity_ref),
  );
  const results = batch.flatMap((entity, at) =>
    checks.map((check, index) => {
      const { outcome, reason } = verdictOf(answers[index]?.[at]);
      const left = entity.facts.goldenPath?.ejected;
      const isEjected = Boolean(check.concern) && Array.isArray(left) && (left.includes(check.concern) || left.includes("*"));
      return resultOf({
        entity,
        check,
        outcome,
        reason,
        isEjected,
        observed: observedBy(check.references, documents[at] ?? {}),
        before: known.results.get(`${entity.entity_ref} ${check.id}`),
        now,
      });
    }),
  );
  const settled = applyExceptions(results, known.exceptions, now);
  const names = definition.levels.map(({ name }) => name);
  const levels = batch.map(({ entity_ref: entityRef }, at) => {
    const own = settled.slice(at * checks.length, (at + 1) * checks.length);
    return {
      entityRef,
      level: levelOf(
        names,
        own.map(({ checkId, state, lastKnown }, index) => ({ id: checkId, level: checks[index]?.level ?? "", state, lastKnown })),
      ),
    };
  });
  await db().transaction((tx) => writeResults(tx, { scorecardId: row.id, revision: row.revision, results: settled, levels, known, now }));
}

interface Found {
  entity: FactRow;
  check: ReadyCheck;
  outcome: "pass" | "fail" | "unknown";
  reason: string | null;
  isEjected: boolean;
  observed: Record<string, unknown>;
  before: Known | undefined;
  now: Date;
}

function resultOf({ entity, check, outcome, reason, isEjected, observed, before, now }: Found): ResultRecord {
  const isSame = before?.conditionHash === check.hash;
  const lastKnown = outcome !== "unknown" ? outcome : isSame ? before.lastKnown : null;
  // Known until now, or since it was last known.
  const lastKnownAt = outcome !== "unknown" || (isSame && before.outcome !== "unknown") ? now.toISOString() : isSame ? before.lastKnownAt : null;
  const groups = new Set(check.references.map(([group = ""]) => group));
  const times = [...groups].flatMap((group) => observedAt(entity, group) ?? []).sort();
  return {
    entityRef: entity.entity_ref,
    checkId: check.id,
    state: outcome,
    outcome,
    lastKnown,
    lastKnownAt,
    reason,
    observed,
    observedAt: times.at(-1) ?? new Date(entity.changed_at).toISOString(),
    conditionHash: check.hash,
    isEjected,
  };
}
