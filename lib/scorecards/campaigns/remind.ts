import { eq, isNull, sql } from "drizzle-orm";
import { db, type Tx } from "@/db/client";
import { scorecardCampaigns, scorecards } from "@/db/schema";
import { day } from "@/lib/core/format";
import { notify, postMail } from "@/lib/notifications/notify";
import { storedDefinition } from "../evaluate";
import { type CampaignRow, lastDayOf, readProgress } from "./progress";

const DAY_MS = 86_400_000;

/** When teams are told. A stage that another has overtaken is left out. */
const STAGES = [
  { name: "start", isDue: () => true },
  { name: "week", isDue: ({ endsAt }: CampaignRow, now: Date) => endsAt.getTime() - now.getTime() <= 7 * DAY_MS },
  { name: "last-day", isDue: ({ endsAt }: CampaignRow, now: Date) => endsAt.getTime() - now.getTime() <= DAY_MS },
  { name: "overdue", isDue: ({ endsAt }: CampaignRow, now: Date) => endsAt <= now },
];

/** Tells the people of each team what a campaign still waits for from them; each stage once, whatever is cut off. */
export async function remindOfCampaigns(now: Date): Promise<void> {
  const rows = await db()
    .select({ row: scorecardCampaigns, card: scorecards })
    .from(scorecardCampaigns)
    .innerJoin(scorecards, eq(scorecards.id, scorecardCampaigns.scorecardId))
    .where(isNull(scorecardCampaigns.endedAt));
  for (const { row, card } of rows) {
    const due = STAGES.filter((stage) => stage.isDue(row, now));
    const stage = due.at(-1);
    if (!card.isEnabled || !stage || row.told.includes(stage.name)) continue;
    await db().transaction(async (tx) => {
      for (const { ownerRef, entities, done } of await readProgress(tx, row, storedDefinition(card.definition)))
        if (ownerRef && done < entities) await tell(tx, row, { scorecard: card.name, stage: stage.name, ownerRef, left: entities - done, now });
      await tx
        .update(scorecardCampaigns)
        .set({ told: due.map(({ name }) => name) })
        .where(eq(scorecardCampaigns.id, row.id));
    });
  }
}

interface Telling {
  scorecard: string;
  stage: string;
  ownerRef: string;
  left: number;
  now: Date;
}

async function tell(tx: Tx, campaign: CampaignRow, { scorecard, stage, ownerRef, left, now }: Telling): Promise<void> {
  const people = await tx.execute<{ id: string }>(sql`
    select u.id from memberships m join teams t on t.id = m.team_id join users u on u.id = m.user_id where t.ref = ${ownerRef} and u.disabled_at is null`);
  const ids = people.map((one) => one.id);
  const team = ownerRef.split("/").at(-1) ?? ownerRef;
  const { id, title, why } = campaign;
  const lastDay = day(lastDayOf(campaign));
  const message = {
    title: stage === "overdue" ? `${title}: the day is over` : `${title} by ${lastDay}`,
    body: `${left} ${left === 1 ? "entity" : "entities"} of ${team} ${left === 1 ? "is" : "are"} not there yet. ${why}`.slice(0, 500),
    href: `/scorecards/${scorecard}?campaign=${id}&team=${encodeURIComponent(ownerRef)}`,
    dedupeKey: `campaign:${id}:${stage}:${lastDay}:${ownerRef}`,
  };
  await notify(tx, ids, { kind: "campaign-due", ...message });
  await postMail(tx, ids, message, now);
}
