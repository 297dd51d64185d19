import "server-only";
import { and, eq, isNull } from "drizzle-orm";
import { z } from "zod";
import { notifications } from "@/db/schema";
import { mutation } from "@/lib/core/operation";
import { ownInbox } from "./queries";

export const markNotificationsRead = mutation({
  name: "notification.mark-read",
  summary: "Mark all your notices as read.",
  input: z.strictObject({}),
  subject: (_on, _input, ctx) => ownInbox(ctx),
  run: async (tx, _input, ctx, { userId }) => {
    const rows = await tx
      .update(notifications)
      .set({ readAt: ctx.now })
      .where(and(eq(notifications.userId, userId ?? ""), isNull(notifications.readAt)))
      .returning({ id: notifications.id });
    return { marked: rows.length };
  },
  // Reading one's own inbox is nothing that another person would look up later.
  audit: () => null,
});
