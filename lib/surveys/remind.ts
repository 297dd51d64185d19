import { and, eq, inArray, isNull, lte, not, or, sql } from "drizzle-orm";
import type { Tx } from "@/db/client";
import { notifications, surveyParticipation, surveyPreferences, surveys, users } from "@/db/schema";
import { env } from "@/lib/core/env";
import { type Notice, notify, postChat, postMail } from "@/lib/notifications/notify";
import { dayOf, daysSince, titleOf } from "./calendar";
import { REMINDER_DAYS } from "./contract";
import { duration, type Question } from "./contract-items";

const PEOPLE_PER_STATEMENT = 2_000;
type SurveyRow = typeof surveys.$inferSelect;

/** Tells people in the portal and by mail. Both keep the notice's key, so that it reaches nobody twice. */
export async function tell(tx: Tx, userIds: string[], notice: Notice, now: Date): Promise<void> {
  for (let at = 0; at < userIds.length; at += PEOPLE_PER_STATEMENT) {
    const some = userIds.slice(at, at + PEOPLE_PER_STATEMENT);
    await notify(tx, some, notice);
    const { title, body, href, dedupeKey } = notice;
    await postMail(tx, some, { title, body, href, dedupeKey }, now);
  }
}

/**
 * Reminds those who have not answered, on day 3 and day 6; after a longer stop only the latest of the two is sent. Who opted out
 * gets none, who put it off gets one on their day instead.
 */
export async function remind(tx: Tx, survey: SurveyRow, now: Date): Promise<void> {
  await remindSnoozed(tx, survey, now);
  const day = REMINDER_DAYS.filter((one) => one <= daysSince(survey.opensAt, now)).at(-1);
  if (!day || survey.remindedDay >= day) return;
  const notice = noticeOf(survey, now, `survey-reminder:${survey.id}:${day}`);
  // Whoever was reminded on the day they chose is not reminded again on that day.
  const own = sql`exists (select 1 from ${notifications} where ${notifications.userId} = ${surveyParticipation.userId} and ${notifications.dedupeKey} = ${snoozeKey(survey, now)})`;
  await tell(tx, await silent(tx, survey, and(isNull(surveyPreferences.snoozedUntil), notOptedOut, not(own))), notice, now);
  const { title, body, href, dedupeKey } = notice;
  await postChat(tx, { title: title.replace("waits for you", "waits for answers"), body, href, dedupeKey }, now);
  await tx.update(surveys).set({ remindedDay: day }).where(eq(surveys.id, survey.id));
}

/** Reminds those whose day has come, once: the snooze ends with it. */
async function remindSnoozed(tx: Tx, survey: SurveyRow, now: Date): Promise<void> {
  const today = dayOf(now, env().timeZone);
  const due = await silent(tx, survey, and(lte(surveyPreferences.snoozedUntil, today), notOptedOut));
  if (due.length === 0) return;
  await tell(tx, due, noticeOf(survey, now, snoozeKey(survey, now)), now);
  await tx.update(surveyPreferences).set({ snoozedUntil: null }).where(inArray(surveyPreferences.userId, due));
}

const snoozeKey = (survey: SurveyRow, now: Date) => `survey-snoozed:${survey.id}:${dayOf(now, env().timeZone)}`;

const notOptedOut = or(isNull(surveyPreferences.isOptedOut), eq(surveyPreferences.isOptedOut, false));

async function silent(tx: Tx, survey: SurveyRow, condition: ReturnType<typeof and>): Promise<string[]> {
  const rows = await tx
    .select({ userId: surveyParticipation.userId })
    .from(surveyParticipation)
    .innerJoin(users, eq(users.id, surveyParticipation.userId))
    .leftJoin(surveyPreferences, eq(surveyPreferences.userId, surveyParticipation.userId))
    // Who has left the company since is asked for nothing more.
    .where(and(eq(surveyParticipation.surveyId, survey.id), isNull(surveyParticipation.answeredOn), isNull(users.disabledAt), condition))
    .orderBy(sql`random()`);
  return rows.map(({ userId }) => userId);
}

function noticeOf(survey: SurveyRow, now: Date, dedupeKey: string): Notice {
  const questions = survey.questions as Question[];
  const asked = `${questions.length} questions, ${duration(questions)}`;
  const left = daysSince(now, survey.closesAt);
  const closes = left < 1 ? "within a day" : left === 1 ? "tomorrow" : `in ${left} days`;
  return {
    kind: "survey-reminder",
    title: `The ${titleOf(survey.period, survey.round)} survey waits for you`,
    body: `It closes ${closes}. ${asked}, confidential.`,
    href: "/survey",
    dedupeKey,
  };
}
