import { and, eq, inArray, isNotNull, isNull, like } from "drizzle-orm";
import type { Connection, Tx } from "@/db/client";
import { deliveries, integrations, notifications, users } from "@/db/schema";
import { env } from "@/lib/core/env";
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
    | "service-failed"
    | "dependency-decommissioned"
    | "proposal-waiting"
    | "proposal-answered"
    | "campaign-due"
    | "confirmation-waiting"
    | "provisioning-token-ending";
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

/** Marks a notice of a person as read: what it asks for is done. */
export async function settleNotice(on: Connection, userId: string, dedupeKey: string, now: Date): Promise<void> {
  await on
    .update(notifications)
    .set({ readAt: now })
    .where(and(eq(notifications.userId, userId), eq(notifications.dedupeKey, dedupeKey), isNull(notifications.readAt)));
}

interface Message {
  title: string;
  body: string;
  href: string;
  /** The same message reaches a person, or the chat channel, once. */
  dedupeKey: string;
}

/** Queues an e-mail to each person who has an address, where mail is set up. Demo people get none: their addresses are made up. Returns how many are new. */
export async function postMail(tx: Tx, userIds: string[], message: Message, now: Date): Promise<number> {
  if (userIds.length === 0 || !(await isSetUp(tx, "mail"))) return 0;
  const reachable = await tx
    .select({ id: users.id })
    .from(users)
    .where(and(inArray(users.id, userIds), isNotNull(users.email), eq(users.isDemo, false)));
  if (reachable.length === 0) return 0;
  const rows = await tx
    .insert(deliveries)
    .values(reachable.map(({ id }) => ({ id: newId("delivery"), channel: "email" as const, userId: id, dueAt: now, ...message })))
    .onConflictDoNothing()
    .returning({ id: deliveries.id });
  return rows.length;
}

/** Queues one message to the chat channel, where one is set up. Returns whether it is new: 0 or 1. */
export async function postChat(tx: Tx, message: Message, now: Date): Promise<number> {
  if (!(await isSetUp(tx, "chat"))) return 0;
  const rows = await tx
    .insert(deliveries)
    .values({ id: newId("delivery"), channel: "chat", userId: null, dueAt: now, ...message })
    .onConflictDoNothing()
    .returning({ id: deliveries.id });
  return rows.length;
}

async function isSetUp(tx: Tx, name: "mail" | "chat"): Promise<boolean> {
  if (name === "mail" && env().mail) return true;
  const [row] = await tx.select({ name: integrations.name }).from(integrations).where(eq(integrations.name, name));
  return row !== undefined;
}

/** Takes back what still waits for a person and begins with the key: they have done what it asks for. */
export async function withdraw(tx: Tx, userId: string, keyBegins: string): Promise<void> {
  await tx.delete(deliveries).where(and(eq(deliveries.userId, userId), eq(deliveries.state, "waiting"), like(deliveries.dedupeKey, `${keyBegins.replace(/[\\%_]/g, "\\$&")}%`)));
}
