import { and, eq, isNull } from "drizzle-orm";
import type { Tx } from "@/db/client";
import { scorecardCampaigns } from "@/db/schema";
import type { Ctx } from "@/lib/core/ctx";
import { DomainError } from "@/lib/core/errors";
import { newId } from "@/lib/core/id";
import { enqueue } from "@/lib/core/jobs";
import { mutation } from "@/lib/core/operation";
import { type Campaign, CampaignKey, CreateCampaignInput, EditCampaignInput, type ScorecardDefinition } from "../contract";
import { storedDefinition } from "../evaluate";
import { ownerRefOf } from "../owner-ref";
import { loadScorecard } from "../read";
import { readProgress, sumOf } from "./progress";
import { loadCampaign, readCampaigns } from "./read";

const DAY_MS = 86_400_000;
const MAX_DAYS = 366;

const userOf = (ctx: Ctx) => (ctx.actor.type === "user" ? ctx.actor.id : null);
const invalid = (path: string, message: string) => new DomainError("invalid", message, { fields: [{ path, message }] });

/** The end of a day that is still to come, a year ahead at most. Throws invalid. */
function endOf(until: string, now: Date): Date {
  const end = new Date(Date.parse(until) + DAY_MS);
  if (end <= now) throw invalid("until", "Give a day that is still to come.");
  if (end.getTime() - now.getTime() > MAX_DAYS * DAY_MS) throw invalid("until", "A campaign lasts a year at most. Make it smaller, so that its end can be seen.");
  return end;
}

function requireKnown({ levels, checks }: ScorecardDefinition, wanted: { level?: string | undefined; checks: string[] }): void {
  if (wanted.level !== undefined && !levels.some(({ name }) => name === wanted.level))
    throw invalid("level", `The scorecard has no level "${wanted.level}". It has: ${levels.map(({ name }) => name).join(", ")}.`);
  const unknown = wanted.checks.find((id) => !checks.some((check) => check.id === id));
  if (unknown !== undefined) throw invalid("checks", `The scorecard has no check "${unknown}". It has: ${checks.map(({ id }) => id).join(", ")}.`);
}

async function shown(tx: Tx, id: string, now: Date): Promise<Campaign> {
  const [campaign] = await readCampaigns(tx, now, eq(scorecardCampaigns.id, id));
  if (!campaign) throw new Error("a campaign that was written is not there");
  return campaign;
}

const audited =
  (change: string) =>
  (_input: unknown, { id, title, scorecard }: Campaign) => ({
    target: { type: "scorecard-campaign", id, label: title },
    detail: { change, scorecard },
  });

export const startCampaign = mutation({
  name: "scorecard.edit",
  summary: "Ask teams to bring their entities to a level, or through some checks, by a day. They are told now, a week before its end and at its end.",
  input: CreateCampaignInput,
  subject: () => null,
  run: async (tx, { name, title, why, level, checks, owners, until }, ctx): Promise<Campaign> => {
    const card = await loadScorecard(tx, name);
    const definition = storedDefinition(card.definition);
    requireKnown(definition, { level, checks });
    const endsAt = endOf(until, ctx.now);
    const refs = owners.map(ownerRefOf);
    const goal = { scorecardId: card.id, level: level ?? null, checks: [...new Set(checks)], owners: [...new Set(refs)] };
    const { entities, done } = sumOf(await readProgress(tx, goal, definition));
    if (entities === 0)
      throw invalid(
        "owners",
        refs.length ? "None of these teams has an entity that the scorecard is about." : "The scorecard is about no entity yet, so there is nothing to ask for.",
      );
    if (done === entities) throw invalid("level", `All ${entities} entities are there already.`);
    const id = newId("scorecardCampaign", ctx.now.getTime());
    await tx.insert(scorecardCampaigns).values({ id, ...goal, title, why, endsAt, entitiesAtStart: entities, doneAtStart: done, createdBy: userOf(ctx), createdAt: ctx.now });
    await enqueue(tx, "scorecards.tend", {}, { jobKey: "scorecards.tend" });
    return shown(tx, id, ctx.now);
  },
  audit: audited("started"),
});

export const editCampaign = mutation({
  name: "scorecard.edit",
  summary: "Change a campaign's title, reason or last day. What it asks for stays: end it and start another one.",
  input: EditCampaignInput,
  subject: () => null,
  run: async (tx, { name, id, title, why, until }, ctx): Promise<Campaign> => {
    const row = await loadCampaign(tx, (await loadScorecard(tx, name)).id, id);
    if (row.endedAt) throw new DomainError("conflict", "This campaign was ended. Start another one.");
    const endsAt = until === undefined ? row.endsAt : endOf(until, ctx.now);
    const isLater = endsAt > row.endsAt;
    await tx
      .update(scorecardCampaigns)
      // With more time its teams are reminded again before the new end.
      .set({
        ...(title === undefined ? {} : { title }),
        ...(why === undefined ? {} : { why }),
        endsAt,
        ...(isLater ? { told: row.told.filter((stage) => stage === "start") } : {}),
      })
      .where(eq(scorecardCampaigns.id, id));
    return shown(tx, id, ctx.now);
  },
  audit: audited("changed"),
});

export const endCampaign = mutation({
  name: "scorecard.edit",
  summary: "End a campaign: nobody is asked or reminded any more. Repeatable.",
  input: CampaignKey,
  subject: () => null,
  run: async (tx, { name, id }, ctx) => {
    await loadCampaign(tx, (await loadScorecard(tx, name)).id, id);
    const ended = await tx
      .update(scorecardCampaigns)
      .set({ endedAt: ctx.now, endedBy: userOf(ctx) })
      .where(and(eq(scorecardCampaigns.id, id), isNull(scorecardCampaigns.endedAt)))
      .returning({ id: scorecardCampaigns.id });
    return { ...(await shown(tx, id, ctx.now)), isNew: ended.length > 0 };
  },
  audit: (input, result) => (result.isNew ? audited("ended")(input, result) : null),
});
