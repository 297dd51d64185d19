import { and, count, eq } from "drizzle-orm";
import type { Connection } from "@/db/client";
import { surveyParticipation, surveyPreferences, type surveys } from "@/db/schema";
import { titleOf } from "./calendar";
import type { Survey } from "./contract";
import type { Question } from "./contract-items";

/** A survey as its readers see it: counts of the whole organisation, and where the given person stands. */
export async function presentSurvey(on: Connection, row: typeof surveys.$inferSelect, userId: string | null): Promise<Survey> {
  const [[totals], [me]] = await Promise.all([
    on
      .select({ asked: count(), answered: count(surveyParticipation.answeredOn) })
      .from(surveyParticipation)
      .where(eq(surveyParticipation.surveyId, row.id)),
    on
      .select({ answeredOn: surveyParticipation.answeredOn, isOptedOut: surveyPreferences.isOptedOut, snoozedUntil: surveyPreferences.snoozedUntil })
      .from(surveyParticipation)
      .leftJoin(surveyPreferences, eq(surveyPreferences.userId, surveyParticipation.userId))
      .where(and(eq(surveyParticipation.surveyId, row.id), eq(surveyParticipation.userId, userId ?? ""))),
  ]);
  return {
    id: row.id,
    period: row.period,
    title: row.kind === "one-tap" ? `After runs, ${titleOf(row.period)}` : titleOf(row.period, row.round),
    state: row.state,
    opensAt: row.opensAt.toISOString(),
    closesAt: row.closesAt.toISOString(),
    closedAt: row.closedAt?.toISOString() ?? null,
    questions: row.questions as Question[],
    translations: row.translations,
    audience: row.audience,
    k: row.k,
    isDemo: row.isDemo,
    asked: totals?.asked ?? 0,
    answered: totals?.answered ?? 0,
    mine: me ? (me.answeredOn ? "answered" : "invited") : "not-invited",
    isDue: me !== undefined && !me.answeredOn && !me.isOptedOut && !me.snoozedUntil,
  };
}
