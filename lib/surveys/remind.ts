import { and, eq, isNull } from "drizzle-orm";
import type { Tx } from "@/db/client";
import { surveyParticipation, surveys } from "@/db/schema";
import { notify } from "@/lib/notifications/notify";
import { daysSince, titleOf } from "./calendar";
import { REMINDER_DAYS } from "./contract";
import { duration, type Question } from "./items";

const PEOPLE_PER_STATEMENT = 2_000;
type SurveyRow = typeof surveys.$inferSelect;

/** Reminds those who have not answered, on day 3 and day 6; after a longer stop only the latest of the two is sent. */
export async function remind(tx: Tx, survey: SurveyRow, now: Date): Promise<void> {
  const day = REMINDER_DAYS.filter((one) => one <= daysSince(survey.opensAt, now)).at(-1);
  if (!day || survey.remindedDay >= day) return;
  const silent = await tx
    .select({ userId: surveyParticipation.userId })
    .from(surveyParticipation)
    .where(and(eq(surveyParticipation.surveyId, survey.id), isNull(surveyParticipation.answeredOn)));
  const questions = survey.questions as Question[];
  const asked = `${questions.length} questions, ${duration(questions)}`;
  for (let at = 0; at < silent.length; at += PEOPLE_PER_STATEMENT) {
    await notify(
      tx,
      silent.slice(at, at + PEOPLE_PER_STATEMENT).map((person) => person.userId),
      {
        kind: "survey-reminder",
        title: `The ${titleOf(survey.period, survey.round)} survey waits for you`,
        body: daysSince(now, survey.closesAt) < 1 ? `It closes tomorrow. ${asked}.` : `${asked}, confidential.`,
        href: "/survey",
        dedupeKey: `survey-reminder:${survey.id}:${day}`,
      },
    );
  }
  await tx.update(surveys).set({ remindedDay: day }).where(eq(surveys.id, survey.id));
}
