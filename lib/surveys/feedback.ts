import { and, count, desc, eq, gt, isNotNull, isNull, sql } from "drizzle-orm";
import type { Connection, Tx } from "@/db/client";
import { feedback, users } from "@/db/schema";
import { decodeCursor, encodeCursor } from "@/lib/core/cursor";
import { DomainError } from "@/lib/core/errors";
import { newId } from "@/lib/core/id";
import { notify } from "@/lib/notifications/notify";
import type { Feedback } from "./contract";

const HOURLY_LIMIT = 20;
const HOUR_MS = 3_600_000;
const EXCERPT_CHARACTERS = 80;

const excerpt = (text: string) => (text.length > EXCERPT_CHARACTERS ? `${text.slice(0, EXCERPT_CHARACTERS)}…` : text);

/** Stores what somebody tells and puts a notice into the inbox of every platform admin. Throws rate_limited after 20 in an hour. */
export async function takeFeedback(tx: Tx, given: { text: string; page: string | null; userId: string; now: Date }): Promise<{ id: string }> {
  const { text, page, userId, now } = given;
  const [recent] = await tx
    .select({ n: count() })
    .from(feedback)
    .where(and(eq(feedback.userId, userId), gt(feedback.createdAt, new Date(now.getTime() - HOUR_MS))));
  if ((recent?.n ?? 0) >= HOURLY_LIMIT) throw new DomainError("rate_limited", `That are ${HOURLY_LIMIT} messages within an hour. Wait a little, or put them into one.`);
  const id = newId("feedback");
  await tx.insert(feedback).values({ id, userId, text, page, createdAt: now });
  const admins = await tx
    .select({ id: users.id })
    .from(users)
    .where(and(eq(users.role, "platform-admin"), isNull(users.disabledAt)));
  await notify(
    tx,
    admins.map((admin) => admin.id).filter((admin) => admin !== userId),
    {
      kind: "feedback-new",
      title: "Somebody told the platform team something",
      body: excerpt(text),
      href: `/admin/feedback?message=${id}`,
      dedupeKey: `feedback:${id}`,
    },
  );
  return { id };
}

/** Stores the answer and tells the sender. Throws not_found. */
export async function answerFeedbackOf(tx: Tx, given: { id: string; answer: string; by: string; now: Date }): Promise<{ id: string }> {
  const { id, answer, by, now } = given;
  const [row] = await tx.update(feedback).set({ answer, answeredBy: by, answeredAt: now }).where(eq(feedback.id, id)).returning({ userId: feedback.userId });
  if (!row) throw new DomainError("not_found", "There is no such message.");
  await notify(tx, [row.userId], {
    kind: "feedback-answered",
    title: "The platform team answered you",
    body: excerpt(answer),
    href: `/feedback/${id}`,
    dedupeKey: `feedback-answer:${id}:${now.toISOString()}`,
  });
  return { id };
}

const answerers = sql<string | null>`(select u.name from users u where u.id = ${feedback.answeredBy})`;

function present(row: { message: typeof feedback.$inferSelect; handle: string; name: string; answerer: string | null }): Feedback {
  const { id, text, page, createdAt, answer, answeredAt, isDemo } = row.message;
  return {
    id,
    text,
    page,
    from: { handle: row.handle, name: row.name },
    createdAt: createdAt.toISOString(),
    answer: answer && answeredAt ? { text: answer, by: row.answerer ?? "the platform team", at: answeredAt.toISOString() } : null,
    isDemo,
  };
}

const selection = { message: feedback, handle: users.handle, name: users.name, answerer: answerers };

/** Newest first, with the number of all and of those without an answer. */
export async function pageOfFeedback(on: Connection, filter: { state?: "open" | "answered" | undefined; userId?: string; limit: number; cursor?: string | undefined }) {
  const { state, userId, limit, cursor } = filter;
  const where = and(
    state === "open" ? isNull(feedback.answeredAt) : state === "answered" ? isNotNull(feedback.answeredAt) : undefined,
    userId ? eq(feedback.userId, userId) : undefined,
  );
  const after = cursor ? decodeCursor(cursor) : null;
  const page = after ? sql`(${feedback.createdAt}, ${feedback.id}) < (${after.at.toISOString()}::timestamptz, ${after.id})` : undefined;
  const [rows, [totals]] = await Promise.all([
    on
      .select(selection)
      .from(feedback)
      .innerJoin(users, eq(users.id, feedback.userId))
      .where(and(where, page))
      .orderBy(desc(feedback.createdAt), desc(feedback.id))
      .limit(limit + 1),
    on.select({ n: count() }).from(feedback).where(where),
  ]);
  const shown = rows.slice(0, limit);
  const last = shown.at(-1)?.message;
  return { items: shown.map(present), nextCursor: rows.length > limit && last ? encodeCursor({ at: last.createdAt, id: last.id }) : null, total: totals?.n ?? 0 };
}

/** One message. Throws not_found. */
export async function oneFeedback(on: Connection, id: string): Promise<{ message: Feedback; userId: string }> {
  const [row] = await on.select(selection).from(feedback).innerJoin(users, eq(users.id, feedback.userId)).where(eq(feedback.id, id));
  if (!row) throw new DomainError("not_found", "There is no such message.");
  return { message: present(row), userId: row.message.userId };
}
