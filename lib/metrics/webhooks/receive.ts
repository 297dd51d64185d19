import { createHash } from "node:crypto";
import { eq, sql } from "drizzle-orm";
import { z } from "zod";
import { db, type Tx } from "@/db/client";
import { webhookDeliveries, webhookSources } from "@/db/schema";
import { databaseNow } from "@/lib/core/ctx";
import { env } from "@/lib/core/env";
import { DomainError } from "@/lib/core/errors";
import { newId } from "@/lib/core/id";
import { enqueue } from "@/lib/core/jobs";
import { decrypt } from "@/lib/core/secrets";
import type { WebhookType } from "../contract";
import { headOfPagerduty } from "./pagerduty";
import { HOW_TO_SIGN, isSignedBy } from "./signature";

/** Where a source's secret is bound to; part of what it is sealed with. */
export const secretPlace = (id: string) => `webhook_sources|${id}|secret`;
/** Id of the source that the environment variable stands for. */
export const ENVIRONMENT_SOURCE = "environment";

export interface IncomingWebhook {
  type: WebhookType;
  body: Buffer;
  headers: Pick<Headers, "get">;
}

/**
 * Keeps a signed delivery under its sender's id and has it worked on; a repeat only counts up. Throws DomainError
 * unauthenticated for a missing or wrong signature, invalid without id or event. The signature is checked before anything is parsed.
 */
export async function receiveWebhook({ type, body, headers }: IncomingWebhook): Promise<{ id: string; repeated: boolean }> {
  const now = await databaseNow();
  const sourceId = await signer(type, body, headers, now);
  const text = body.toString("utf8");
  if (text.includes("\u0000")) throw new DomainError("invalid", "The body contains the character NUL. Send JSON.");
  const head = HEADS[type](text, headers);
  return db().transaction((tx) => keepDelivery(tx, { type, ...head, sourceId, sentBy: null, about: null, body: text }, now));
}

interface Delivery {
  type: string;
  key: string;
  event: string;
  sourceId: string | null;
  sentBy: string | null;
  /** What else the log is searched by: an artifact. */
  about: string | null;
  body: string;
}

/** Stores a delivery under (type, key) and enqueues the work on it, once. */
export async function keepDelivery(tx: Tx, { key, ...delivery }: Delivery, now: Date): Promise<{ id: string; repeated: boolean }> {
  const id = newId("webhookDelivery");
  const [row] = await tx
    .insert(webhookDeliveries)
    .values({ id, deliveryKey: key, ...delivery, receivedAt: now, status: "received" })
    .onConflictDoUpdate({ target: [webhookDeliveries.type, webhookDeliveries.deliveryKey], set: { repeats: sql`${webhookDeliveries.repeats} + 1` } })
    .returning({ id: webhookDeliveries.id });
  const repeated = row?.id !== id;
  if (!repeated) await enqueue(tx, "webhook.received", { deliveryId: id }, { jobKey: `webhook.received:${id}` });
  return { id: row?.id ?? id, repeated };
}

type Head = { key: string; event: string };

/** The id under which a sender's delivery is kept. Those that send none are known by what they say. */
const HEADS: Record<WebhookType, (text: string, headers: Pick<Headers, "get">) => Head> = {
  github: (_text, headers) => {
    const [key, event] = [headers.get("x-github-delivery"), headers.get("x-github-event")];
    if (!key || !/^[\x21-\x7e]{1,200}$/.test(key)) throw new DomainError("invalid", "The header X-GitHub-Delivery is missing or not an id.");
    if (!event || !/^[a-z0-9_]{1,60}$/.test(event)) throw new DomainError("invalid", "The header X-GitHub-Event is missing or not the name of an event.");
    return { key, event };
  },
  pagerduty: (text) => {
    try {
      return headOfPagerduty(JSON.parse(text));
    } catch (error) {
      if (!(error instanceof SyntaxError || error instanceof z.ZodError)) throw error;
      throw new DomainError("invalid", "This is no PagerDuty v3 event: it lacks event.id and event.event_type.");
    }
  },
  alertmanager: (text) => ({ key: hashOf(text), event: "alerts" }),
  grafana: (text) => ({ key: hashOf(text), event: "alerts" }),
  argocd: (text) => ({ key: hashOf(text), event: "sync" }),
};

const hashOf = (text: string) => createHash("sha256").update(text).digest("hex");

/** Which source signed the body. Throws DomainError("unauthenticated") when none did. */
async function signer(type: WebhookType, body: Buffer, headers: Pick<Headers, "get">, now: Date): Promise<string> {
  const { githubWebhookSecret } = env();
  if (type === "github" && githubWebhookSecret && isSignedBy(type, githubWebhookSecret, body, headers)) return ENVIRONMENT_SOURCE;
  const sources = await db().select().from(webhookSources).where(eq(webhookSources.type, type));
  for (const source of sources.filter((one) => one.isEnabled)) {
    const former = source.previousSecretSealed && source.previousUntil && source.previousUntil > now ? [source.previousSecretSealed] : [];
    for (const sealed of [source.secretSealed, ...former]) if (isSignedBy(type, decrypt(sealed, secretPlace(source.id)), body, headers)) return source.id;
  }
  throw new DomainError("unauthenticated", `${HOW_TO_SIGN[type]} Use the secret that the platform team's page Webhooks showed for it.`);
}
