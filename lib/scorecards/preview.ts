import { sql } from "drizzle-orm";
import type { z } from "zod";
import type { Connection } from "@/db/client";
import type { Outcome } from "@/lib/core/cel/cel";
import { appliesSql } from "./applies";
import { documentOf, draftEvaluator, observedBy, verdictOf } from "./conditions";
import { type CheckPreview, levelAt, type Preview, type PreviewInput } from "./contract";
import { type StoredFacts, wholeFacts } from "./facts/stored";
import { levelOf } from "./levels";
import { observedFacts } from "./of-entity";
import { listOfCounts } from "./read";

const BATCH = 500;

type Draft = z.output<typeof PreviewInput>;

interface Row extends StoredFacts {
  ref: string;
  title: string;
  definition: Record<string, unknown>;
}

interface Running {
  check: Draft["checks"][number];
  references: string[][];
  preview: CheckPreview;
}

/** What a draft would say of the entities that it applies to, by the facts as they were last gathered. Nothing is stored. */
export async function previewDraft(on: Connection, draft: Draft): Promise<Preview> {
  const cel = draftEvaluator();
  const checked = draft.checks.length ? await cel.check(draft.checks.map(({ condition }) => condition)) : [];
  const running: Running[] = draft.checks.map((check, index) => ({
    check,
    references: checked[index]?.references ?? [],
    preview: { id: check.id, problem: checked[index]?.problem ?? null, counts: { pass: 0, fail: 0, unknown: 0 } },
  }));
  const names = draft.levels.map(({ name }) => name);
  const perLevel = new Map<number, number>();
  let entities = 0;
  let entity: Preview["entity"] = null;
  for (let after = ""; ; ) {
    const batch = await readBatch(on, draft, after);
    const last = batch.at(-1);
    if (!last) break;
    const usable = running.filter(({ preview }) => preview.problem === null);
    const documents = batch.map(documentOf);
    const answers = usable.length
      ? await cel.evaluate(
          usable.map(({ check }) => check.condition),
          documents,
        )
      : [];
    for (const [index, one] of usable.entries()) noteUnusable(one, answers[index]);
    batch.forEach((row, at) => {
      const verdicts = usable.map((one, index) => ({ one, ...verdictOf(answers[index]?.[at]) }));
      for (const { one, outcome } of verdicts) one.preview.counts[outcome] += 1;
      const level = levelOf(
        names,
        verdicts.map(({ one, outcome }) => ({ id: one.check.id, level: one.check.level, state: outcome, lastKnown: null })),
      );
      perLevel.set(level, (perLevel.get(level) ?? 0) + 1);
      if (row.ref !== draft.entityRef?.toLowerCase()) return;
      const checks = verdicts.map(({ one, outcome, reason }) => ({
        id: one.check.id,
        outcome,
        reason,
        observed: observedFacts(observedBy(one.references, documents[at] ?? {}), row, true),
      }));
      entity = { ref: row.ref, title: row.title, level: names.length ? levelAt(draft.levels, level) : null, checks };
    });
    entities += batch.length;
    after = last.ref;
  }
  const isWhole = names.length > 0 && running.every(({ preview }) => preview.problem === null);
  return {
    entities,
    distribution: isWhole
      ? listOfCounts(
          names.length,
          [...perLevel].map(([level, n]) => ({ level, n })),
        )
      : null,
    checks: running.map(({ preview }) => preview),
    entity,
  };
}

/** One that could be decided of nothing takes too long, compares what cannot be compared, or has a pattern that cannot be read. It is not asked again. */
function noteUnusable({ preview }: Running, answers: Outcome[] | undefined): void {
  const reasons = (answers ?? []).map((answer) => (typeof answer === "object" && "because" in answer ? answer.because : null));
  const [first] = reasons;
  if (first && reasons.every(Boolean)) preview.problem = { line: 1, column: 1, message: first };
}

async function readBatch(on: Connection, { appliesTo }: Draft, after: string): Promise<Row[]> {
  const rows = await on.execute<Row & Record<string, unknown>>(sql`
    select e.ref, e.title, f.facts, f.observed, f.answered, e.definition from scorecard_facts f join entities e on e.ref = f.entity_ref
    where f.entity_ref > ${after} and ${appliesSql(appliesTo)} order by f.entity_ref limit ${BATCH}`);
  return rows.map((row) => ({ ...row, facts: wholeFacts(row) }));
}
