import "server-only";
import { and, count, desc, eq, isNull } from "drizzle-orm";
import { z } from "zod";
import { notifications } from "@/db/schema";
import type { Ctx } from "@/lib/core/ctx";
import { query } from "@/lib/core/operation";
import type { Notification } from "./contract";

/** The subject of abilities about one's own inbox. */
export function ownInbox(ctx: Ctx) {
  return { userId: ctx.actor.type === "user" ? ctx.actor.id : null };
}

export const listNotifications = query({
  name: "notification.read",
  summary: "Your newest notices.",
  input: z.strictObject({ limit: z.coerce.number().int().min(1).max(100).default(20) }),
  subject: (_on, _input, ctx) => ownInbox(ctx),
  run: async (on, input, _ctx, { userId }): Promise<{ items: Notification[]; unread: number }> => {
    const mine = eq(notifications.userId, userId ?? "");
    const [rows, [unread]] = await Promise.all([
      on.select().from(notifications).where(mine).orderBy(desc(notifications.createdAt)).limit(input.limit),
      on
        .select({ n: count() })
        .from(notifications)
        .where(and(mine, isNull(notifications.readAt))),
    ]);
    const items = rows.map(({ id, kind, title, body, href, createdAt, readAt }) => ({
      id,
      kind,
      title,
      body,
      href,
      createdAt: createdAt.toISOString(),
      readAt: readAt?.toISOString() ?? null,
    }));
    return { items, unread: unread?.n ?? 0 };
  },
});
