import { eq } from "drizzle-orm";
import type { Tx } from "@/db/client";
import { surveyParticipation, surveys } from "@/db/schema";
import { DomainError } from "@/lib/core/errors";
import { titleOf } from "./calendar";
import { publishResults } from "./publish";
import { settle } from "./settle";

/** Closes an open survey and publishes its results, in one transaction. Throws not_found, or conflict when it is not open. */
export async function closeNow(tx: Tx, surveyId: string, now: Date, closedBy: string | null): Promise<typeof surveys.$inferSelect> {
  const [survey] = await tx.select().from(surveys).where(eq(surveys.id, surveyId)).for("update");
  if (!survey) throw new DomainError("not_found", "There is no such survey.");
  const title = titleOf(survey.period, survey.round);
  if (survey.state === "closed") throw new DomainError("conflict", `The survey of ${title} is closed already. Its results were published once and do not change.`);
  if (survey.state === "scheduled") throw new DomainError("conflict", `The survey of ${title} has not opened yet.`);
  await tx.update(surveyParticipation).set({ attempt: null }).where(eq(surveyParticipation.surveyId, surveyId));
  await settle(tx, surveyId, now);
  await publishResults(tx, survey);
  const [closed] = await tx.update(surveys).set({ state: "closed", closedAt: now, closedBy }).where(eq(surveys.id, surveyId)).returning();
  if (!closed) throw new Error("a survey vanished while it was being closed");
  return closed;
}
