import type { Connection } from "@/db/client";
import { notifications } from "@/db/schema";
import { newId } from "@/lib/core/id";

export interface Notice {
  kind:
    | "environment-expiring"
    | "environment-failed"
    | "environment-unhealthy"
    | "environment-leaked"
    | "deployment-failed"
    | "survey-open"
    | "survey-reminder"
    | "feedback-answered"
    | "feedback-new"
    | "service-failed";
  title: string;
  body: string;
  href: string;
  /** The same notice reaches a person once. */
  dedupeKey: string;
}

/** Puts a notice into the inbox of each person, once per dedupe key. */
export async function notify(on: Connection, userIds: string[], notice: Notice): Promise<void> {
  if (userIds.length === 0) return;
  await on
    .insert(notifications)
    .values(userIds.map((userId) => ({ id: newId("notification"), userId, ...notice })))
    .onConflictDoNothing();
}
