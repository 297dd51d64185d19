import { and, eq, inArray, lt, sql } from "drizzle-orm";
import { db } from "@/db/client";
import { deliveries, users } from "@/db/schema";
import { databaseNow } from "@/lib/core/ctx";
import { loadOutlet } from "./connections";
import type { Channel } from "./contract";
import { type Attempt, sendChat, sendMail } from "./send";

export { warnEndingConnections } from "./provisioning-notices";

type Delivery = typeof deliveries.$inferSelect;

const MOST_PER_PASS = 200;
const AT_ONCE = 4;
/** Minutes until the next attempt, after the first, second, … refused one. */
const PAUSES_MINUTES = [1, 5, 30, 120];
const LOST_AFTER_MS = 10 * 60_000;
const KEEP_DAYS = 90;

/**
 * Sends what is due. Each message is claimed, and the claim committed, before a byte leaves: whatever happens afterwards, no other
 * pass, replica or start sends it again. A message whose sender died is given up, because it may have gone out. Returns how many were sent.
 */
export async function sendDue(now?: Date): Promise<number> {
  const at = now ?? (await databaseNow());
  await giveUpLost(at);
  let sent = 0;
  for (let done = 0; done < MOST_PER_PASS; done += AT_ONCE) {
    const some = await claim(at);
    const attempts = await Promise.all(some.map(async (delivery) => ({ delivery, attempt: await attemptOf(delivery) })));
    for (const { delivery, attempt } of attempts) await note(delivery, attempt, at);
    sent += attempts.filter(({ attempt }) => attempt.result === "sent").length;
    if (some.length < AT_ONCE) break;
  }
  return sent;
}

async function claim(now: Date): Promise<Delivery[]> {
  return db().transaction(async (tx) => {
    const due = await tx
      .select({ id: deliveries.id })
      .from(deliveries)
      .where(and(eq(deliveries.state, "waiting"), sql`${deliveries.dueAt} <= ${now.toISOString()}::timestamptz`))
      .orderBy(deliveries.dueAt)
      .limit(AT_ONCE)
      .for("update", { skipLocked: true });
    if (due.length === 0) return [];
    const ids = due.map(({ id }) => id);
    return tx
      .update(deliveries)
      .set({ state: "sending", claimedAt: now, attempts: sql`${deliveries.attempts} + 1` })
      .where(inArray(deliveries.id, ids))
      .returning();
  });
}

async function attemptOf(delivery: Delivery): Promise<Attempt> {
  try {
    const outlet = await loadOutlet(db(), delivery.channel as Channel);
    if (!outlet) return { result: "final", problem: "The channel is no longer set up." };
    if (delivery.channel === "chat") return await sendChat(outlet, delivery);
    const [person] = await db()
      .select({ email: users.email, disabledAt: users.disabledAt })
      .from(users)
      .where(eq(users.id, delivery.userId ?? ""));
    if (!person?.email || person.disabledAt) return { result: "final", problem: "The person has no address, or may no longer sign in." };
    return await sendMail(outlet, person.email, delivery);
  } catch (error) {
    return { result: "refused", problem: error instanceof Error ? error.message : String(error) };
  }
}

async function note(delivery: Delivery, attempt: Attempt, now: Date): Promise<void> {
  const pause = PAUSES_MINUTES[delivery.attempts - 1];
  const set =
    attempt.result === "sent"
      ? { state: "sent" as const, problem: null }
      : attempt.result === "refused" && pause !== undefined
        ? { state: "waiting" as const, problem: attempt.problem, dueAt: new Date(now.getTime() + pause * 60_000) }
        : { state: "failed" as const, problem: attempt.problem };
  await db()
    .update(deliveries)
    .set(set)
    .where(and(eq(deliveries.id, delivery.id), eq(deliveries.state, "sending")));
}

async function giveUpLost(now: Date): Promise<void> {
  await db()
    .update(deliveries)
    .set({ state: "failed", problem: "The portal stopped while it was being sent. It may have arrived, so it is not sent again." })
    .where(and(eq(deliveries.state, "sending"), lt(deliveries.claimedAt, new Date(now.getTime() - LOST_AFTER_MS))));
}

/** Deletes messages of long ago; their keys are no longer needed by then. */
export async function forgetOldMessages(): Promise<void> {
  await db().delete(deliveries).where(sql`${deliveries.createdAt} < now() - make_interval(days => ${KEEP_DAYS})`);
}
