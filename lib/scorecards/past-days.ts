import { sql } from "drizzle-orm";
import { db } from "@/db/client";
import { env } from "@/lib/core/env";
import { dayOf } from "@/lib/metrics/queries";
import { appliesSql } from "./applies";
import { documentOf, evaluator, verdictOf } from "./conditions";
import type { Facts } from "./contract";
import { type ScorecardRow, storedDefinition } from "./evaluate";
import { DELIVERY_SOURCES } from "./facts/delivery";
import { wholeFacts } from "./facts/stored";
import { levelOf } from "./levels";

const WEEKS = 26;
const WEEK_MS = 7 * 86_400_000;

interface Row extends Record<string, unknown> {
  ref: string;
  facts: Facts;
  answered: string[] | null;
  definition: Record<string, unknown>;
}

/** A level that an entity has had since a week of the past, and the one before. */
interface Stay {
  level: number;
  since: Date;
  before: number | null;
}

/**
 * The trend of the demo company's scorecards before they were made: evaluated week by week over the dated facts of delivery as they
 * were then, with everything else as it is now. Done once, when its deliveries are worked out.
 */
export async function notePastDays(card: ScorecardRow, now: Date): Promise<void> {
  const [state] = await db().execute<{ ready: boolean }>(sql`
    select not exists (select 1 from delivery_dirty where is_demo) and exists (select 1 from delivery_service_days where is_demo)
      and not exists (select 1 from scorecard_days where scorecard_id = ${card.id} and day < ${dayOf(now, env().timeZone)}::date) as ready`);
  if (!state?.ready) return;
  const stays = new Map<string, Stay>();
  for (let week = WEEKS; week >= 1; week -= 1) {
    const then = new Date(now.getTime() - week * WEEK_MS);
    for (const [ref, level] of await notePastDay(card, then)) {
      const known = stays.get(ref);
      if (known?.level !== level) stays.set(ref, { level, since: then, before: known?.level ?? null });
    }
  }
  await noteStays(card.id, stays);
}

/** Levels of now that were reached in the past, with the week in which they were. */
async function noteStays(cardId: string, stays: Map<string, Stay>): Promise<void> {
  const rows = [...stays].map(([ref, stay]) => ({ ref, ...stay }));
  await db().execute(sql`
    update scorecard_levels l set level_since = s.since, previous_level = s.before
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as s(ref text, level int, since timestamptz, before int)
    where l.scorecard_id = ${cardId} and l.entity_ref = s.ref and l.level = s.level`);
}

/** Evaluates as of then and keeps the counts. Returns the level of each entity. */
async function notePastDay(card: ScorecardRow, then: Date): Promise<[ref: string, level: number][]> {
  const { appliesTo, checks, levels } = storedDefinition(card.definition);
  const dated = sql.join(
    DELIVERY_SOURCES.map(({ group, rows }) => sql`left join (${rows(db(), then)}) ${sql.identifier(group)} on ${sql.identifier(group)}.entity_ref = f.entity_ref`),
    sql` `,
  );
  const over = sql.join(
    DELIVERY_SOURCES.map(({ group }) => sql`jsonb_build_object(${group}::text, ${sql.identifier(group)}.facts)`),
    sql` || `,
  );
  const rows = await db().execute<Row>(sql`
    select f.entity_ref as ref, f.facts || ${over} as facts, f.answered, e.definition from scorecard_facts f join entities e on e.ref = f.entity_ref ${dated} where e.is_demo and ${appliesSql(appliesTo)}`);
  const answers = await evaluator().evaluate(
    checks.map(({ condition }) => condition),
    rows.map((row) => documentOf({ definition: row.definition, facts: wholeFacts(row) })),
  );
  const names = levels.map(({ name }) => name);
  const reached = rows.map((_, at) =>
    levelOf(
      names,
      checks.map((check, index) => ({ id: check.id, level: check.level, state: verdictOf(answers[index]?.[at]).outcome, lastKnown: null })),
    ),
  );
  const counted = [...new Set(reached)].map((level) => ({ level, entities: reached.filter((one) => one === level).length }));
  await db().execute(sql`
    insert into scorecard_days (scorecard_id, day, level, entities)
    select ${card.id}, ${dayOf(then, env().timeZone)}::date, n.level, n.entities from jsonb_to_recordset(${JSON.stringify(counted)}::jsonb) as n(level int, entities int) on conflict do nothing`);
  return rows.map(({ ref }, at) => [ref, reached[at] ?? 0]);
}
