import { and, eq, sql } from "drizzle-orm";
import type { Tx } from "@/db/client";
import { surveyParticipation, surveyPreferences, surveys } from "@/db/schema";
import { env } from "@/lib/core/env";
import { DomainError } from "@/lib/core/errors";
import { newId } from "@/lib/core/id";
import { postChat } from "@/lib/notifications/notify";
import { loadSettings } from "@/lib/platform/queries";
import { closingOf, periodOf, titleOf } from "./calendar";
import { audienceWords } from "./contract-form";
import { duration, questionsIn } from "./contract-items";
import { translationsOf } from "./contract-languages";
import { currentForm } from "./form";
import { tell } from "./remind";
import { readAudience } from "./tree";

const PEOPLE_PER_STATEMENT = 2_000;
type SurveyRow = typeof surveys.$inferSelect;

/**
 * Opens a survey now: one scheduled for later in this month is replaced by it. Its questions, people, teams and smallest group are
 * those of this moment and stay: a later edit changes the next survey. Throws conflict while one is open, or when so few would be asked that nothing could be shown.
 */
export async function openNow(tx: Tx, now: Date, openedBy: string | null): Promise<SurveyRow> {
  await tx.execute(sql`select pg_advisory_xact_lock(hashtext('waymark.surveys'))`);
  const [running] = await tx
    .select()
    .from(surveys)
    .where(and(eq(surveys.state, "open"), eq(surveys.kind, "monthly"), eq(surveys.isDemo, false)));
  if (running) throw new DomainError("conflict", `The survey of ${titleOf(running.period, running.round)} is open. Close it first.`);
  const period = periodOf(now, env().timeZone);
  const form = await currentForm(tx);
  const k = (await loadSettings(tx))["surveys.k"];
  const audience = await readAudience(tx, { audience: form.audience, period });
  if (audience.people.length < k) {
    throw new DomainError(
      "conflict",
      `${audience.people.length} ${audience.people.length === 1 ? "person" : "people"} would be asked. Results are shown for ${k} or more answers, so this survey could never show anything. Open it when more people have signed in, or for a larger audience; who has answered in this month is not asked again.`,
    );
  }
  const questions = questionsIn(form.items, period, form.calendar);
  await tx.delete(surveys).where(and(eq(surveys.state, "scheduled"), eq(surveys.period, period), eq(surveys.isDemo, false)));
  const [row] = await tx
    .insert(surveys)
    .values({
      id: newId("survey"),
      period,
      round: await nextRound(tx, period),
      state: "open",
      opensAt: now,
      closesAt: closingOf(now, form.windowDays),
      openedBy,
      audience: audienceWords(form.audience),
      questions,
      translations: translationsOf(questions, form.translations),
      tree: audience.tree,
      k,
    })
    .returning();
  if (!row) throw new Error("a survey was not inserted");
  for (let at = 0; at < audience.people.length; at += PEOPLE_PER_STATEMENT) {
    const some = audience.people.slice(at, at + PEOPLE_PER_STATEMENT);
    await tx.insert(surveyParticipation).values(some.map((person) => ({ surveyId: row.id, ...person })));
  }
  const notice = {
    kind: "survey-open" as const,
    title: `The ${titleOf(row.period, row.round)} survey is open`,
    body: `${questions.length} questions, ${duration(questions)}, confidential. It closes in ${form.windowDays} days.`,
    href: "/survey",
    dedupeKey: `survey-open:${row.id}`,
  };
  // What was put off was another survey.
  await tx.update(surveyPreferences).set({ snoozedUntil: null });
  await tell(
    tx,
    audience.people.map(({ userId }) => userId),
    notice,
    now,
  );
  const { title, body, href, dedupeKey } = notice;
  await postChat(tx, { title, body, href, dedupeKey }, now);
  return row;
}

async function nextRound(tx: Tx, period: string): Promise<number> {
  const [last] = await tx
    .select({ round: sql<number>`coalesce(max(${surveys.round}), 0)::int` })
    .from(surveys)
    .where(and(eq(surveys.period, period), eq(surveys.kind, "monthly"), eq(surveys.isDemo, false)));
  return (last?.round ?? 0) + 1;
}
