import "server-only";
import { and, count, desc, eq, isNull, sql } from "drizzle-orm";
import { z } from "zod";
import type { Connection } from "@/db/client";
import { deliveries, notifications } from "@/db/schema";
import type { Ctx } from "@/lib/core/ctx";
import { query } from "@/lib/core/operation";
import { loadOutlet } from "./connections";
import { CHANNELS, type Channel, type ChannelState, type Notification } from "./contract";

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

export const listChannels = query({
  name: "integration.read",
  summary: "How messages leave the portal, by mail and to the chat, and what did not arrive; never the secrets.",
  input: z.strictObject({}),
  subject: () => null,
  run: async (on): Promise<{ items: ChannelState[] }> => ({ items: await Promise.all(CHANNELS.map((channel) => stateOf(on, channel))) }),
});

async function stateOf(on: Connection, channel: Channel): Promise<ChannelState> {
  const ofChannel = eq(deliveries.channel, channel);
  const [outlet, [counts], [problem]] = await Promise.all([
    loadOutlet(on, channel),
    on
      .select({
        waiting: sql<number>`count(*) filter (where ${deliveries.state} in ('waiting', 'sending'))::int`,
        sent: sql<number>`count(*) filter (where ${deliveries.state} = 'sent' and ${deliveries.claimedAt} > now() - interval '7 days')::int`,
        last: sql<string | null>`max(${deliveries.claimedAt}) filter (where ${deliveries.state} = 'sent')`,
      })
      .from(deliveries)
      .where(ofChannel),
    on
      .select({ title: deliveries.title, problem: deliveries.problem, at: deliveries.claimedAt })
      .from(deliveries)
      .where(and(ofChannel, sql`${deliveries.problem} is not null and ${deliveries.claimedAt} > now() - interval '7 days'`))
      .orderBy(desc(deliveries.claimedAt))
      .limit(1),
  ]);
  return {
    channel,
    source: outlet?.source ?? "none",
    host: outlet ? new URL(outlet.url).host : null,
    from: outlet?.from ?? null,
    waiting: counts?.waiting ?? 0,
    sentLately: counts?.sent ?? 0,
    lastProblem: problem ? { title: problem.title, problem: problem.problem ?? "", at: problem.at?.toISOString() ?? "" } : null,
    lastSentAt: counts?.last ? new Date(counts.last).toISOString() : null,
  };
}
