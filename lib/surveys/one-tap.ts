import { and, eq } from "drizzle-orm";
import type { Connection, Tx } from "@/db/client";
import { surveyParticipation, surveys } from "@/db/schema";
import { env } from "@/lib/core/env";
import { DomainError } from "@/lib/core/errors";
import { newId } from "@/lib/core/id";
import { loadSettings } from "@/lib/platform/queries";
import { dayOf, nextOpening, periodOf } from "./calendar";
import { ONE_TAP_REST_DAYS } from "./contract";
import { ONE_TAP } from "./contract-items";
import { type Translations, translationsOf } from "./contract-languages";
import { currentForm } from "./form";
import { preferencesOf } from "./preferences";
import { readAudience } from "./tree";

const DAY_MS = 86_400_000;
const PEOPLE_PER_STATEMENT = 2_000;

/**
 * Opens this month's question after a run, where it is on and had not been opened before. It is a survey like any other, with one
 * question, nobody invited, and its end on the first of the next month; so it is stored, shuffled and published by the same rules.
 */
export async function openOneTap(tx: Tx, now: Date): Promise<boolean> {
  const { timeZone } = env();
  const period = periodOf(now, timeZone);
  const rows = await tx
    .select({ state: surveys.state, period: surveys.period })
    .from(surveys)
    .where(and(eq(surveys.kind, "one-tap"), eq(surveys.isDemo, false)));
  if (rows.some((row) => row.state === "open" || row.period === period)) return false;
  const form = await currentForm(tx);
  if (!form.oneTap) return false;
  const { tree, people } = await readAudience(tx, { audience: { kind: "everybody" }, period: null });
  const k = (await loadSettings(tx))["surveys.k"];
  if (people.length < k) return false;
  const { opensAt: closesAt } = nextOpening(1, timeZone, now, new Set([period]));
  const id = newId("survey");
  const translations = translationsOf([ONE_TAP], form.translations);
  await tx.insert(surveys).values({ id, kind: "one-tap", period, state: "open", opensAt: now, closesAt, questions: [ONE_TAP], translations, tree, k });
  for (let at = 0; at < people.length; at += PEOPLE_PER_STATEMENT)
    await tx.insert(surveyParticipation).values(people.slice(at, at + PEOPLE_PER_STATEMENT).map((person) => ({ surveyId: id, ...person })));
  return true;
}

/** The open question after a run with its translations, if it may be asked of the person now; else null. */
export async function oneTapOf(on: Connection, userId: string, now: Date): Promise<{ survey: string; translations: Translations } | null> {
  const [row] = await on
    .select({ id: surveys.id, translations: surveys.translations, closesAt: surveys.closesAt, answeredOn: surveyParticipation.answeredOn })
    .from(surveys)
    .innerJoin(surveyParticipation, and(eq(surveyParticipation.surveyId, surveys.id), eq(surveyParticipation.userId, userId)))
    .where(and(eq(surveys.kind, "one-tap"), eq(surveys.state, "open"), eq(surveys.isDemo, false)));
  if (!row || row.answeredOn || row.closesAt <= now) return null;
  const { isOptedOut, oneTapOn } = await preferencesOf(on, userId);
  return isOptedOut || !isRested(oneTapOn, now) ? null : { survey: row.id, translations: row.translations };
}

/** True when the question was last answered or put away at least 14 days ago. */
function isRested(lastOn: string | null, now: Date): boolean {
  return lastOn === null || Date.parse(dayOf(now, env().timeZone)) - Date.parse(lastOn) >= ONE_TAP_REST_DAYS * DAY_MS;
}

/** Throws conflict when the person was asked within the last 14 days. */
export async function requireRested(on: Connection, userId: string, now: Date): Promise<void> {
  const { oneTapOn } = await preferencesOf(on, userId);
  if (!isRested(oneTapOn, now)) throw new DomainError("conflict", `You were asked on ${oneTapOn}; nobody is asked more than once in ${ONE_TAP_REST_DAYS} days.`);
}
