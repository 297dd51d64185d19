import { type SQL, sql } from "drizzle-orm";
import type { Connection } from "@/db/client";
import type { scorecardCampaigns } from "@/db/schema";
import type { CampaignTeam, ScorecardDefinition } from "../contract";

export type CampaignRow = typeof scorecardCampaigns.$inferSelect;

/** The same as `counts` in levels.ts, of a stored result `r`. */
const COUNTS = sql`(r.state in ('pass', 'exempt', 'ejected') or (r.state = 'unknown' and r.last_known is not distinct from 'pass'))`;

type Goal = Pick<CampaignRow, "scorecardId" | "level" | "checks" | "owners">;

/** Whether an entity is where a campaign wants it, as a condition on its level `l`. A level or check that is no longer there asks nothing. */
export function isDone({ scorecardId, level, checks }: Goal, { levels }: Pick<ScorecardDefinition, "levels">): SQL {
  if (level !== null) return sql`l.level >= ${levels.findIndex(({ name }) => name === level) + 1}`;
  return sql`not exists (
    select 1 from scorecard_results r where r.entity_ref = l.entity_ref and r.scorecard_id = ${scorecardId} and r.check_id = any(${sql.param(checks)}::text[]) and not ${COUNTS})`;
}

/** Whether a campaign is about an entity, as a condition on its level `l` and the entity `e`. */
export function isMeant({ scorecardId, owners }: Goal): SQL {
  return owners.length ? sql`l.scorecard_id = ${scorecardId} and e.owner_ref = any(${sql.param(owners)}::text[])` : sql`l.scorecard_id = ${scorecardId}`;
}

/** How far each team is, those with most to do first. */
export async function readProgress(on: Connection, goal: Goal, definition: Pick<ScorecardDefinition, "levels">): Promise<CampaignTeam[]> {
  const rows = await on.execute<{ owner: string | null; entities: number; done: number }>(sql`
    select e.owner_ref as owner, count(*)::int as entities, (count(*) filter (where ${isDone(goal, definition)}))::int as done
    from scorecard_levels l join entities e on e.ref = l.entity_ref where ${isMeant(goal)} group by 1 order by count(*) filter (where not ${isDone(goal, definition)}) desc, 1`);
  return rows.map(({ owner, entities, done }) => ({ ownerRef: owner, entities, done }));
}

/** The last day (UTC) of something that ends at the midnight after it. */
export const lastDayOf = ({ endsAt }: Pick<CampaignRow, "endsAt">): string => new Date(endsAt.getTime() - 1).toISOString().slice(0, 10);

/** Numbers of all teams together. */
export const sumOf = (teams: CampaignTeam[]) => teams.reduce((sum, { entities, done }) => ({ entities: sum.entities + entities, done: sum.done + done }), { entities: 0, done: 0 });
