import { and, asc, inArray, isNull } from "drizzle-orm";
import type { Connection } from "@/db/client";
import { scorecardCampaigns } from "@/db/schema";
import type { Check, Level } from "../contract";
import { type CampaignRow, lastDayOf } from "./progress";

/** Open campaigns of some scorecards, those that end soonest first. */
export function openCampaigns(on: Connection, scorecardIds: string[]): Promise<CampaignRow[]> {
  return on
    .select()
    .from(scorecardCampaigns)
    .where(and(inArray(scorecardCampaigns.scorecardId, scorecardIds), isNull(scorecardCampaigns.endedAt)))
    .orderBy(asc(scorecardCampaigns.endsAt));
}

/** The campaign that asks an owner's entities for this check soonest; `campaigns` as they come from `openCampaigns`. */
export function dueOf(campaigns: CampaignRow[], { id, level }: Pick<Check, "id" | "level">, levels: Level[], owner: string | null): { campaign: string; until: string } | null {
  const place = (name: string | null) => levels.findIndex((one) => one.name === name);
  const found = campaigns.find(
    (one) => (one.owners.length === 0 || (owner !== null && one.owners.includes(owner))) && (one.level === null ? one.checks.includes(id) : place(level) <= place(one.level)),
  );
  return found ? { campaign: found.title, until: lastDayOf(found) } : null;
}
