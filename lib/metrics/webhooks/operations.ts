import { and, count, desc, eq, lt, or, sql } from "drizzle-orm";
import { z } from "zod";
import { users, webhookDeliveries, webhookSources } from "@/db/schema";
import { decodeCursor, encodeCursor } from "@/lib/core/cursor";
import { env } from "@/lib/core/env";
import { DomainError } from "@/lib/core/errors";
import { newId } from "@/lib/core/id";
import { enqueue } from "@/lib/core/jobs";
import { mutation, query } from "@/lib/core/operation";
import { encrypt, randomSecret } from "@/lib/core/secrets";
import {
  CreateWebhookSourceInput,
  SetWebhookSourceInput,
  WEBHOOK_STATUSES,
  type WebhookDelivery,
  type WebhookDeliveryDetail,
  type WebhookSource,
  WebhookSourceId,
} from "../contract";
import { ENVIRONMENT_SOURCE, secretPlace } from "./receive";

const OLD_SECRET_HOURS = 24;
const nobody = () => null;
const Nothing = z.strictObject({});
const targetOf = (id: string, name: string) => ({ type: "webhook-source", id, label: name });

export const listWebhookSources = query({
  name: "webhook-source.manage",
  summary: "Where signed events may come from; secrets are never shown again.",
  input: Nothing,
  subject: nobody,
  run: async (on): Promise<{ items: WebhookSource[]; nextCursor: null; total: number }> => {
    const [rows, counts] = await Promise.all([
      on.select().from(webhookSources).orderBy(webhookSources.name),
      on
        .select({ id: webhookDeliveries.sourceId, n: count(), last: sql<string | null>`max(${webhookDeliveries.receivedAt})` })
        .from(webhookDeliveries)
        .groupBy(webhookDeliveries.sourceId),
    ]);
    const seen = (id: string) => {
      const found = counts.find((one) => one.id === id);
      return { deliveries: found?.n ?? 0, lastDeliveryAt: found?.last ? new Date(found.last).toISOString() : null };
    };
    const addressOf = (type: string) => `${env().url}/api/webhooks/${type}`;
    const items: WebhookSource[] = rows.map((row) => ({
      id: row.id,
      name: row.name,
      type: row.type,
      address: addressOf(row.type),
      isEnabled: row.isEnabled,
      fromEnvironment: false,
      oldSecretUntil: row.previousUntil?.toISOString() ?? null,
      createdAt: row.createdAt.toISOString(),
      ...seen(row.id),
    }));
    if (env().githubWebhookSecret)
      items.unshift({
        id: ENVIRONMENT_SOURCE,
        name: "GITHUB_WEBHOOK_SECRET",
        type: "github",
        address: addressOf("github"),
        isEnabled: true,
        fromEnvironment: true,
        oldSecretUntil: null,
        createdAt: null,
        ...seen(ENVIRONMENT_SOURCE),
      });
    return { items, nextCursor: null, total: items.length };
  },
});

export const createWebhookSource = mutation({
  name: "webhook-source.manage",
  summary: "Add a source of signed events. The answer holds its secret, this once.",
  input: CreateWebhookSourceInput,
  subject: nobody,
  run: async (tx, { name, type }, ctx) => {
    const id = newId("webhookSource");
    const secret = randomSecret();
    const [made] = await tx
      .insert(webhookSources)
      .values({ id, name, type, secretSealed: encrypt(secret, secretPlace(id)), createdBy: ctx.actor.type === "user" ? ctx.actor.id : null, createdAt: ctx.now })
      .onConflictDoNothing()
      .returning();
    if (!made) throw new DomainError("conflict", `There is a source "${name}" already.`, { fields: [{ path: "name", message: "Choose another name." }] });
    return { id, name, address: `${env().url}/api/webhooks/${type}`, secret };
  },
  audit: (_input, { id, name }) => ({ target: targetOf(id, name), detail: { change: "created" } }),
});

export const rotateWebhookSecret = mutation({
  name: "webhook-source.manage",
  summary: "Give a source a new secret, shown this once; the old one works for another 24 hours.",
  input: WebhookSourceId,
  subject: nobody,
  run: async (tx, { id }, ctx) => {
    const [row] = await tx.select().from(webhookSources).where(eq(webhookSources.id, id));
    if (!row) throw new DomainError("not_found", "There is no such source.");
    const secret = randomSecret();
    const previousUntil = new Date(ctx.now.getTime() + OLD_SECRET_HOURS * 3_600_000);
    await tx
      .update(webhookSources)
      .set({ secretSealed: encrypt(secret, secretPlace(id)), previousSecretSealed: row.secretSealed, previousUntil })
      .where(eq(webhookSources.id, id));
    return { id, name: row.name, address: `${env().url}/api/webhooks/${row.type}`, secret };
  },
  audit: (_input, { id, name }) => ({ target: targetOf(id, name), detail: { change: "new secret" } }),
});

export const setWebhookSource = mutation({
  name: "webhook-source.manage",
  summary: "Switch a source on or off; off, its deliveries are refused.",
  input: SetWebhookSourceInput,
  subject: nobody,
  run: async (tx, { id, isEnabled }) => {
    const [row] = await tx.update(webhookSources).set({ isEnabled }).where(eq(webhookSources.id, id)).returning({ id: webhookSources.id, name: webhookSources.name });
    if (!row) throw new DomainError("not_found", "There is no such source.");
    return { ...row, isEnabled };
  },
  audit: (_input, { id, name, isEnabled }) => ({ target: targetOf(id, name), detail: { change: isEnabled ? "switched on" : "switched off" } }),
});

export const deleteWebhookSource = mutation({
  name: "webhook-source.manage",
  summary: "Remove a source. What it delivered stays.",
  input: WebhookSourceId,
  subject: nobody,
  run: async (tx, { id }) => {
    const [row] = await tx.delete(webhookSources).where(eq(webhookSources.id, id)).returning({ name: webhookSources.name });
    return { id, name: row?.name ?? null };
  },
  audit: (_input, { id, name }) => (name ? { target: targetOf(id, name), detail: { change: "removed" } } : null),
});

export const listWebhookDeliveries = query({
  name: "webhook-source.manage",
  summary: "Deliveries of the last 90 days, newest first, with what became of each.",
  input: z.strictObject({ status: z.enum(WEBHOOK_STATUSES).optional(), limit: z.coerce.number().int().min(1).max(200).default(50), cursor: z.string().max(200).optional() }),
  subject: nobody,
  run: async (on, { status, limit, cursor }): Promise<{ items: WebhookDelivery[]; nextCursor: string | null; total: number }> => {
    const d = webhookDeliveries;
    const filter = status ? eq(d.status, status) : undefined;
    const place = cursor ? decodeCursor(cursor) : null;
    const after = place ? or(lt(d.receivedAt, place.at), and(eq(d.receivedAt, place.at), lt(d.id, place.id))) : undefined;
    const [rows, [total]] = await Promise.all([
      on
        .select()
        .from(d)
        .where(and(filter, after))
        .orderBy(desc(d.receivedAt), desc(d.id))
        .limit(limit + 1),
      on.select({ n: count() }).from(d).where(filter),
    ]);
    const items = rows.slice(0, limit).map(({ id, event, deliveryKey, sourceId, receivedAt, status: state, result, repeats, processedAt }) => ({
      id,
      event,
      deliveryKey,
      sourceId,
      receivedAt: receivedAt.toISOString(),
      status: state,
      result,
      repeats,
      processedAt: processedAt?.toISOString() ?? null,
    }));
    const last = rows[limit - 1];
    return { items, nextCursor: rows.length > limit && last ? encodeCursor({ at: last.receivedAt, id: last.id }) : null, total: total?.n ?? 0 };
  },
});

const SHOWN_CHARS = 200_000;

export const getWebhookDelivery = query({
  name: "webhook-source.manage",
  summary: "One delivery with its payload and what became of it.",
  input: WebhookSourceId,
  subject: nobody,
  run: async (on, { id }): Promise<WebhookDeliveryDetail> => {
    const [found] = await on
      .select({ delivery: webhookDeliveries, source: webhookSources.name, sentBy: users.name })
      .from(webhookDeliveries)
      .leftJoin(webhookSources, eq(webhookSources.id, webhookDeliveries.sourceId))
      .leftJoin(users, eq(users.id, webhookDeliveries.sentBy))
      .where(eq(webhookDeliveries.id, id));
    if (!found) throw new DomainError("not_found", "There is no such delivery; they are kept for 90 days.");
    const { event, type, deliveryKey, sourceId, receivedAt, status, result, repeats, processedAt, body } = found.delivery;
    const text = readable(body);
    return {
      id,
      type,
      event,
      deliveryKey,
      sourceId,
      source: sourceId === ENVIRONMENT_SOURCE ? "GITHUB_WEBHOOK_SECRET" : found.source,
      sentBy: found.sentBy,
      receivedAt: receivedAt.toISOString(),
      status,
      result,
      repeats,
      processedAt: processedAt?.toISOString() ?? null,
      body: text.slice(0, SHOWN_CHARS),
      isCut: text.length > SHOWN_CHARS,
    };
  },
});

function readable(body: string): string {
  try {
    return JSON.stringify(JSON.parse(body), null, 2);
  } catch {
    return body;
  }
}

export const replayWebhookDelivery = mutation({
  name: "webhook-source.manage",
  summary: "Work on a stored delivery again. Figures do not change by it.",
  input: WebhookSourceId,
  subject: nobody,
  run: async (tx, { id }) => {
    const [row] = await tx
      .update(webhookDeliveries)
      .set({ status: "received", result: null })
      .where(eq(webhookDeliveries.id, id))
      .returning({ id: webhookDeliveries.id, event: webhookDeliveries.event });
    if (!row) throw new DomainError("not_found", "There is no such delivery; they are kept for 90 days.");
    await enqueue(tx, "webhook.received", { deliveryId: id }, { jobKey: `webhook.received:${id}` });
    return row;
  },
  audit: (_input, { id, event }) => ({ target: { type: "webhook-delivery", id, label: event } }),
});
