import { and, asc, desc, eq, inArray, isNull, type SQL } from "drizzle-orm";
import type { Connection } from "@/db/client";
import { scorecardCampaigns, scorecards, teams, users } from "@/db/schema";
import { ownTeamIds } from "@/lib/core/actor";
import type { Ctx } from "@/lib/core/ctx";
import { DomainError } from "@/lib/core/errors";
import type { Campaign, CampaignState, OwnCampaign, ScorecardDefinition } from "../contract";
import { storedDefinition } from "../evaluate";
import { type CampaignRow, lastDayOf, readProgress, sumOf } from "./progress";

function stateOf({ endedAt, endsAt }: CampaignRow, { entities, done }: { entities: number; done: number }, now: Date): CampaignState {
  if (endedAt) return "ended";
  if (entities > 0 && done === entities) return "reached";
  return endsAt <= now ? "overdue" : "open";
}

/** Campaigns with their progress: open ones first, those that end soonest first. */
export async function readCampaigns(on: Connection, now: Date, where: SQL | undefined): Promise<Campaign[]> {
  const rows = await on
    .select({ row: scorecardCampaigns, name: scorecards.name, definition: scorecards.definition, by: users.handle })
    .from(scorecardCampaigns)
    .innerJoin(scorecards, eq(scorecards.id, scorecardCampaigns.scorecardId))
    .leftJoin(users, eq(users.id, scorecardCampaigns.createdBy))
    .where(where)
    .orderBy(desc(isNull(scorecardCampaigns.endedAt)), asc(scorecardCampaigns.endsAt), asc(scorecardCampaigns.id))
    .limit(50);
  return Promise.all(rows.map(async ({ row, name, definition, by }) => present(on, row, { name, definition: storedDefinition(definition), by, now })));
}

interface Around {
  name: string;
  definition: ScorecardDefinition;
  by: string | null;
  now: Date;
}

async function present(on: Connection, row: CampaignRow, { name, definition, by, now }: Around): Promise<Campaign> {
  const progress = await readProgress(on, row, definition);
  const sum = sumOf(progress);
  return {
    id: row.id,
    scorecard: name,
    title: row.title,
    why: row.why,
    level: definition.levels.find((level) => level.name === row.level) ?? null,
    checks: definition.checks.filter(({ id }) => row.checks.includes(id)).map(({ id, title }) => ({ id, title })),
    owners: row.owners,
    until: lastDayOf(row),
    state: stateOf(row, sum, now),
    ...sum,
    entitiesAtStart: row.entitiesAtStart,
    doneAtStart: row.doneAtStart,
    teams: progress,
    createdBy: by,
    createdAt: row.createdAt.toISOString(),
    endedAt: row.endedAt?.toISOString() ?? null,
  };
}

/** The row of a campaign of a scorecard. Throws not_found. */
export async function loadCampaign(on: Connection, scorecardId: string, id: string): Promise<CampaignRow> {
  const [row] = await on
    .select()
    .from(scorecardCampaigns)
    .where(and(eq(scorecardCampaigns.id, id), eq(scorecardCampaigns.scorecardId, scorecardId)));
  if (!row) throw new DomainError("not_found", "The scorecard has no such campaign.");
  return row;
}

/** Open campaigns of enabled scorecards, with what they still wait for from the reader's own teams. */
export async function readOwnCampaigns(on: Connection, { actor, now }: Ctx): Promise<OwnCampaign[]> {
  if (actor.type !== "user") return [];
  const refs = await on
    .select({ ref: teams.ref })
    .from(teams)
    .where(inArray(teams.id, ownTeamIds(actor)));
  const own = new Set<string | null>(refs.map(({ ref }) => ref));
  const open = await readCampaigns(on, now, and(isNull(scorecardCampaigns.endedAt), eq(scorecards.isEnabled, true)));
  return open.flatMap(({ id, scorecard, title, until, state, teams: all }) => {
    const mine = all.filter(({ ownerRef, entities, done }) => own.has(ownerRef) && done < entities);
    const left = mine.reduce((sum, { entities, done }) => sum + entities - done, 0);
    return left ? [{ id, scorecard, title, until, isOverdue: state === "overdue", left, owners: mine.flatMap(({ ownerRef }) => ownerRef ?? []) }] : [];
  });
}
