import "server-only";
import { and, eq, isNull } from "drizzle-orm";
import { z } from "zod";
import { notifications } from "@/db/schema";
import type { Ctx } from "@/lib/core/ctx";
import { DomainError } from "@/lib/core/errors";
import { mutation } from "@/lib/core/operation";
import { forgetOutlet, loadOutlet, requireChangeable, storeOutlet } from "./connections";
import { ConnectChat, ConnectMail, OfChannel } from "./contract";
import { postChat, postMail } from "./notify";
import { ownInbox } from "./queries";

const idOf = (ctx: Ctx) => (ctx.actor.type === "user" ? ctx.actor.id : null);
const targets = { email: { type: "integration", id: "mail", label: "Mail" }, chat: { type: "integration", id: "chat", label: "Chat" } };

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

export const connectMail = mutation({
  name: "integration.edit",
  summary: "Set the mail server and the sender; the address with its password is stored sealed and never shown again.",
  input: ConnectMail,
  subject: () => null,
  run: async (tx, { url, from }, ctx) => {
    requireChangeable("email");
    const kept = url ?? (await loadOutlet(tx, "email"))?.url;
    if (!kept) throw new DomainError("invalid", "Enter the address of the mail server.", { fields: [{ path: "url", message: "Enter the address of the mail server." }] });
    await storeOutlet(tx, "email", { url: kept, from }, idOf(ctx), ctx.now);
    return { host: new URL(kept).host, from };
  },
  audit: ({ url }, { host, from }) => ({ target: targets.email, detail: { change: "connected", host, from, newSecrets: url === undefined ? [] : ["url"] } }),
});

export const connectChat = mutation({
  name: "integration.edit",
  summary: "Set the incoming webhook of the chat channel; it is stored sealed and never shown again.",
  input: ConnectChat,
  subject: () => null,
  run: async (tx, { url }, ctx) => {
    await storeOutlet(tx, "chat", { url, from: null }, idOf(ctx), ctx.now);
    return { host: new URL(url).host };
  },
  audit: (_input, { host }) => ({ target: targets.chat, detail: { change: "connected", host, newSecrets: ["url"] } }),
});

export const disconnectChannel = mutation({
  name: "integration.edit",
  summary: "Forget the mail server or the chat channel; messages stay in the portal.",
  input: OfChannel,
  subject: () => null,
  run: async (tx, { channel }) => {
    requireChangeable(channel);
    return { disconnected: await forgetOutlet(tx, channel) };
  },
  audit: ({ channel }, { disconnected }) => (disconnected ? { target: targets[channel], detail: { change: "disconnected" } } : null),
});

export const testChannel = mutation({
  name: "integration.edit",
  summary: "Send a test message to yourself by mail, or to the chat channel.",
  input: OfChannel,
  subject: () => null,
  run: async (tx, { channel }, ctx) => {
    if (!(await loadOutlet(tx, channel))) throw new DomainError("conflict", "This channel is not set up. Set it up first.");
    const message = { title: "A test from Waymark", body: "Messages arrive here.", href: "/", dedupeKey: `test:${ctx.requestId}` };
    const queued = channel === "chat" ? await postChat(tx, message, ctx.now) : await postMail(tx, [idOf(ctx) ?? ""], message, ctx.now);
    if (queued === 0) throw new DomainError("conflict", "You have no e-mail address of your own here, so there is nobody to send the test to.");
    return { queued };
  },
  audit: ({ channel }) => ({ target: targets[channel], detail: { change: "tested" } }),
});
