import { and, asc, eq, sql } from "drizzle-orm";
import type { Connection } from "@/db/client";
import { scorecardFacts, scorecardLevels, scorecardResults, scorecards } from "@/db/schema";
import { type Actor, ownTeamIds } from "@/lib/core/actor";
import type { Ctx } from "@/lib/core/ctx";
import { can } from "@/lib/core/policy";
import { dueOf, openCampaigns } from "./campaigns/due";
import { type CheckResult, type EntityScorecard, type LevelBadge, type LevelDrop, levelAt, type ObservedFact, type ScorecardException, sourceOf, TEAM_ONLY } from "./contract";
import { storedDefinition } from "./evaluate";
import { observedAt, type StoredFacts } from "./facts/stored";
import { counts, missingForNext } from "./levels";
import { readExceptions } from "./read-exceptions";

/** Who sees the delivery figures of a team: the same people as everywhere. */
const seesFigures = (actor: Actor, teamId: string | null) => (teamId === null ? can(actor, "metric.read-organisation") : can(actor, "metric.read", { teamId }));

/** Values with their source and time; what only the team may know is left out. */
export function observedFacts(observed: Record<string, unknown>, times: Pick<StoredFacts, "observed" | "answered">, maySeeFigures: boolean): ObservedFact[] {
  return Object.entries(observed).map(([path, value]) => {
    const group = path.split(/[.[]/)[0] ?? "";
    const at = observedAt(times, group);
    const isWithheld = !maySeeFigures && (TEAM_ONLY as string[]).includes(group);
    return { path, ...(isWithheld || value === null ? {} : { value }), isWithheld, source: sourceOf(path), at: at ? new Date(at).toISOString() : null };
  });
}

interface Entity {
  ref: string;
  teamId: string | null;
  ownerRef: string | null;
}

/** How an entity stands to every scorecard that applies to it. */
export async function readEntityScorecards(on: Connection, ctx: Ctx, { ref: entityRef, teamId, ownerRef }: Entity): Promise<EntityScorecard[]> {
  const [cards, results, [facts], exceptions] = await Promise.all([
    on
      .select({ card: scorecards, level: scorecardLevels })
      .from(scorecardLevels)
      .innerJoin(scorecards, eq(scorecards.id, scorecardLevels.scorecardId))
      .where(and(eq(scorecardLevels.entityRef, entityRef), eq(scorecards.isEnabled, true)))
      .orderBy(asc(scorecards.createdAt), asc(scorecards.id)),
    on.select().from(scorecardResults).where(eq(scorecardResults.entityRef, entityRef)),
    on.select({ observed: scorecardFacts.observed, answered: scorecardFacts.answered }).from(scorecardFacts).where(eq(scorecardFacts.entityRef, entityRef)),
    readExceptionsByCard(on, ctx, entityRef),
  ]);
  const campaigns = await openCampaigns(
    on,
    cards.map(({ card }) => card.id),
  );
  const maySee = seesFigures(ctx.actor, teamId);
  return cards.map(({ card, level }) => {
    const { title, description, levels, checks } = storedDefinition(card.definition);
    const own = results.filter(({ scorecardId }) => scorecardId === card.id);
    const rows = checks.flatMap((check): (CheckResult & { standing: "pass" | "fail" | null })[] => {
      const found = own.find(({ checkId }) => checkId === check.id);
      if (!found) return [];
      const { concern: _concern, ...shown } = check;
      return [
        {
          ...shown,
          state: found.state,
          standing: found.lastKnown,
          lastKnown: found.outcome === "unknown" && found.lastKnown && found.lastKnownAt ? { outcome: found.lastKnown, at: found.lastKnownAt.toISOString() } : null,
          reason: found.reason,
          observed: observedFacts(found.observed, facts ?? { observed: {}, answered: [] }, maySee),
          stateSince: found.stateSince.toISOString(),
          due: counts(found)
            ? null
            : dueOf(
                campaigns.filter(({ scorecardId }) => scorecardId === card.id),
                check,
                levels,
                ownerRef,
              ),
          exception: exceptions.get(card.id)?.find(({ checkId }) => checkId === check.id) ?? null,
        },
      ];
    });
    const missing = missingForNext(
      levels.map(({ name }) => name),
      rows.map((row) => ({ ...row, lastKnown: row.standing })),
    );
    return {
      name: card.name,
      title,
      description,
      levels,
      level: levelAt(levels, level.level),
      previousLevel: level.previousLevel === null ? null : levelAt(levels, level.previousLevel),
      levelSince: level.levelSince.toISOString(),
      evaluatedAt: (card.evaluatedAt ?? level.evaluatedAt).toISOString(),
      next: missing.map(({ id, title: what, effort }) => ({ id, title: what, effort })),
      checks: rows.map(({ standing: _standing, ...row }) => row),
      mayExempt: can(ctx.actor, "scorecard.exempt", { teamId }),
    };
  });
}

async function readExceptionsByCard(on: Connection, ctx: Ctx, entityRef: string): Promise<Map<string, ScorecardException[]>> {
  const ids = await on.execute<{ id: string; card: string }>(sql`select id, scorecard_id as card from scorecard_exceptions where entity_ref = ${entityRef} and ended_at is null`);
  const all = await readExceptions(on, ctx.actor, ctx.now, sql`x.entity_ref = ${entityRef}`);
  const byCard = new Map<string, ScorecardException[]>();
  for (const { id, card } of ids) byCard.set(card, [...(byCard.get(card) ?? []), ...all.filter((one) => one.id === id)]);
  return byCard;
}

/** Levels of these entities, of each the oldest scorecard first. */
export async function readBadges(on: Connection, refs: string[]): Promise<Record<string, LevelBadge[]>> {
  if (refs.length === 0) return {};
  const rows = await on
    .select({ ref: scorecardLevels.entityRef, level: scorecardLevels.level, name: scorecards.name, definition: scorecards.definition })
    .from(scorecardLevels)
    .innerJoin(scorecards, eq(scorecards.id, scorecardLevels.scorecardId))
    .where(and(sql`${scorecardLevels.entityRef} = any(${sql.param(refs)}::text[])`, eq(scorecards.isEnabled, true)))
    .orderBy(asc(scorecards.createdAt), asc(scorecards.id));
  const badges: Record<string, LevelBadge[]> = {};
  const read = new Map<string, ReturnType<typeof storedDefinition>>();
  for (const { ref, level, name, definition } of rows) {
    const known = read.get(name) ?? storedDefinition(definition);
    read.set(name, known);
    const { title, levels } = known;
    badges[ref] = [...(badges[ref] ?? []), { scorecard: name, title, level: levelAt(levels, level) }];
  }
  return badges;
}

const DROP_DAYS = 7;

/** Entities of the reader's own teams whose level fell in the last seven days, newest first. */
export async function readDrops(on: Connection, { actor, now }: Ctx): Promise<LevelDrop[]> {
  if (actor.type !== "user") return [];
  const since = new Date(now.getTime() - DROP_DAYS * 86_400_000).toISOString();
  const rows = await on.execute<{
    name: string;
    definition: Record<string, unknown>;
    ref: string;
    title: string;
    level: number;
    previous: number;
    since: string;
    check: string | null;
  }>(sql`
    select c.name, c.definition, e.ref, e.title, l.level, l.previous_level as previous, l.level_since as since,
      (select r.check_id from scorecard_results r where r.scorecard_id = l.scorecard_id and r.entity_ref = l.entity_ref and r.state in ('fail', 'unknown') and r.state_since >= l.level_since limit 1) as "check"
    from scorecard_levels l join scorecards c on c.id = l.scorecard_id and c.is_enabled join entities e on e.ref = l.entity_ref join teams t on t.ref = e.owner_ref
    where l.previous_level > l.level and l.level_since > ${since}::timestamptz and t.id = any(${sql.param(ownTeamIds(actor))}::text[]) order by l.level_since desc, e.ref limit 20`);
  return rows.map((row) => {
    const { title, levels, checks } = storedDefinition(row.definition);
    return {
      scorecard: row.name,
      title,
      entityRef: row.ref,
      entityTitle: row.title,
      from: levelAt(levels, row.previous),
      to: levelAt(levels, row.level),
      at: new Date(row.since).toISOString(),
      check: checks.find(({ id }) => id === row.check)?.title ?? null,
    };
  });
}
