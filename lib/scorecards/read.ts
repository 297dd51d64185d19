import { desc, eq, sql } from "drizzle-orm";
import type { Connection } from "@/db/client";
import { scorecardRevisions, scorecards, users } from "@/db/schema";
import { DomainError } from "@/lib/core/errors";
import type { ScorecardDefinition, ScorecardSummary, TrendPoint } from "./contract";
import { type ScorecardRow, storedDefinition } from "./evaluate";

const TREND_DAYS = 182;
const BEFORE_DAYS = 28;

/** The row of this name. Throws not_found. */
export async function loadScorecard(on: Connection, name: string): Promise<ScorecardRow> {
  const [row] = await on.select().from(scorecards).where(eq(scorecards.name, name.toLowerCase()));
  if (!row) throw new DomainError("not_found", `There is no scorecard "${name.slice(0, 60)}".`);
  return row;
}

/** Numbers per level as a list that begins with the entities that have none. */
export function listOfCounts(levels: number, rows: { level: number; n: number }[]): number[] {
  return Array.from({ length: levels + 1 }, (_, level) => rows.find((row) => row.level === level)?.n ?? 0);
}

async function countsNow(on: Connection) {
  return on.execute<{ scorecard: string; level: number; n: number }>(sql`select scorecard_id as scorecard, level, count(*)::int as n from scorecard_levels group by 1, 2`);
}

/** The distribution of the last evaluated day up to four weeks ago. */
async function countsBefore(on: Connection, now: Date) {
  return on.execute<{ scorecard: string; level: number; n: number }>(sql`
    select d.scorecard_id as scorecard, d.level, d.entities as n from scorecard_days d
      join (select scorecard_id, max(day) as day from scorecard_days where day <= ${now.toISOString()}::timestamptz::date - ${BEFORE_DAYS}::int group by 1) last using (scorecard_id, day)`);
}

/** Every scorecard with its distribution, in the order of their making. */
export async function readSummaries(on: Connection, now: Date): Promise<ScorecardSummary[]> {
  const [rows, current, before] = await Promise.all([on.select().from(scorecards).orderBy(scorecards.createdAt, scorecards.id), countsNow(on), countsBefore(on, now)]);
  return rows.map((row) => {
    const definition = storedDefinition(row.definition);
    const past = before.filter(({ scorecard }) => scorecard === row.id);
    return summarize(
      row,
      definition,
      current.filter(({ scorecard }) => scorecard === row.id),
      past.length ? past : null,
    );
  });
}

function summarize(row: ScorecardRow, definition: ScorecardDefinition, counts: { level: number; n: number }[], before: { level: number; n: number }[] | null): ScorecardSummary {
  const { title, description, appliesTo, levels, checks } = definition;
  return {
    name: row.name,
    title,
    description,
    appliesTo,
    levels,
    checks: checks.length,
    isEnabled: row.isEnabled,
    revision: row.revision,
    entities: counts.reduce((sum, { n }) => sum + n, 0),
    distribution: listOfCounts(levels.length, counts),
    before: before && listOfCounts(levels.length, before),
    evaluatedAt: row.evaluatedAt?.toISOString() ?? null,
    updatedAt: row.updatedAt.toISOString(),
  };
}

/** The distribution of each day that was evaluated, oldest first; at most half a year. */
export async function readTrend(on: Connection, scorecardId: string, levels: number, now: Date): Promise<TrendPoint[]> {
  const rows = await on.execute<{ day: string; level: number; n: number }>(sql`
    select day::text, level, entities as n from scorecard_days where scorecard_id = ${scorecardId} and day > ${now.toISOString()}::timestamptz::date - ${TREND_DAYS}::int order by day`);
  const days = [...new Set(rows.map(({ day }) => day))];
  return days.map((day) => ({
    day,
    counts: listOfCounts(
      levels,
      rows.filter((row) => row.day === day),
    ),
  }));
}

/** Earlier definitions, the newest first. */
export async function readRevisions(on: Connection, scorecardId: string) {
  const rows = await on
    .select({
      revision: scorecardRevisions.revision,
      note: scorecardRevisions.note,
      savedAt: scorecardRevisions.savedAt,
      definition: scorecardRevisions.definition,
      savedBy: users.handle,
    })
    .from(scorecardRevisions)
    .leftJoin(users, eq(users.id, scorecardRevisions.savedBy))
    .where(eq(scorecardRevisions.scorecardId, scorecardId))
    .orderBy(desc(scorecardRevisions.revision))
    .limit(50);
  return rows.map(({ savedAt, definition, ...row }) => ({ ...row, savedAt: savedAt.toISOString(), definition: storedDefinition(definition) }));
}
