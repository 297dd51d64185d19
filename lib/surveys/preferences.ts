import { eq } from "drizzle-orm";
import type { Connection, Tx } from "@/db/client";
import { surveyPreferences } from "@/db/schema";
import { withdraw } from "@/lib/notifications/notify";
import type { Preferences } from "./contract";

type Row = typeof surveyPreferences.$inferInsert;

/** What a person said about being asked; by default they are. */
export async function preferencesOf(on: Connection, userId: string): Promise<Preferences & { oneTapOn: string | null }> {
  const [row] = await on.select().from(surveyPreferences).where(eq(surveyPreferences.userId, userId));
  return { isOptedOut: row?.isOptedOut ?? false, snoozedUntil: row?.snoozedUntil ?? null, oneTapOn: row?.oneTapOn ?? null };
}

/** Keeps what a person said; what is left out stays. */
export async function prefer(on: Connection, userId: string, change: Partial<Omit<Row, "userId">>): Promise<void> {
  await on
    .insert(surveyPreferences)
    .values({ userId, ...change })
    .onConflictDoUpdate({ target: surveyPreferences.userId, set: change });
}

/** Keeps a person's choice and takes back reminders on their way. */
export async function choose(tx: Tx, userId: string, choice: Partial<Preferences>): Promise<Preferences> {
  if (Object.keys(choice).length) await prefer(tx, userId, choice);
  if (choice.isOptedOut || choice.snoozedUntil) await withdraw(tx, userId, "survey-");
  const { isOptedOut, snoozedUntil } = await preferencesOf(tx, userId);
  return { isOptedOut, snoozedUntil };
}
