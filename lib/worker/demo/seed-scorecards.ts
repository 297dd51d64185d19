import { eq } from "drizzle-orm";
import type { Tx } from "@/db/client";
import { scorecardCampaigns, scorecardExceptions, settings, users } from "@/db/schema";
import { newId } from "@/lib/core/id";
import { insertScorecard } from "@/lib/scorecards/mutations";
import { CAMPAIGN, EXCEPTION, PRODUCTION_READINESS } from "./scorecards";

const DAY_MS = 86_400_000;
/** Older than its trend, which the worker works out from the dated facts of delivery. */
const MADE_DAYS_AGO = 200;

/** Makes the demo company's scorecard, once. Its results come from the worker, like those of any other. */
export async function seedDemoScorecards(tx: Tx, now: Date): Promise<void> {
  const [seeded] = await tx.insert(settings).values({ key: "demo.scorecards", value: true }).onConflictDoNothing().returning();
  if (!seeded) return;
  const [pat] = await tx.select({ id: users.id }).from(users).where(eq(users.handle, EXCEPTION.grantedBy));
  const made = new Date(now.getTime() - MADE_DAYS_AGO * DAY_MS);
  const { id } = await insertScorecard(tx, { name: "production-readiness", definition: PRODUCTION_READINESS, by: pat?.id ?? null, now: made, isDemo: true });
  await tx.insert(scorecardExceptions).values({
    id: newId("scorecardException", now.getTime()),
    scorecardId: id,
    entityRef: EXCEPTION.entityRef,
    checkId: EXCEPTION.checkId,
    reason: EXCEPTION.reason,
    expiresAt: new Date(now.getTime() + EXCEPTION.days * DAY_MS),
    grantedBy: pat?.id ?? null,
    createdAt: new Date(now.getTime() - 6 * DAY_MS),
  });
  const { title, why, checks, entitiesAtStart, doneAtStart } = CAMPAIGN;
  const lastDay = new Date(now.getTime() + CAMPAIGN.daysLeft * DAY_MS);
  await tx.insert(scorecardCampaigns).values({
    id: newId("scorecardCampaign", now.getTime()),
    scorecardId: id,
    title,
    why,
    checks,
    endsAt: new Date(Date.UTC(lastDay.getUTCFullYear(), lastDay.getUTCMonth(), lastDay.getUTCDate() + 1)),
    entitiesAtStart,
    doneAtStart,
    told: ["start"],
    createdBy: pat?.id ?? null,
    createdAt: new Date(now.getTime() - CAMPAIGN.startedDaysAgo * DAY_MS),
  });
}
