import { z } from "zod";
import { Name } from "../event-rows";

export const WEBHOOK_STATUSES = ["received", "processed", "ignored", "failed"] as const;
export const WEBHOOK_TYPES = ["github", "pagerduty", "alertmanager", "grafana", "argocd"] as const;
export type WebhookType = (typeof WEBHOOK_TYPES)[number];
export const CreateWebhookSourceInput = z.strictObject({ name: Name("source, for example the organisation at GitHub", 60), type: z.enum(WEBHOOK_TYPES).default("github") });
export const WebhookSourceId = z.strictObject({ id: z.string().max(64) });
export const SetWebhookSourceInput = WebhookSourceId.extend({ isEnabled: z.boolean() });

export interface WebhookSource {
  id: string;
  name: string;
  type: WebhookType;
  /** What to enter at the sender. */
  address: string;
  isEnabled: boolean;
  /** Set by an environment variable; not to be changed here. */
  fromEnvironment: boolean;
  oldSecretUntil: string | null;
  createdAt: string | null;
  deliveries: number;
  lastDeliveryAt: string | null;
}

export interface WebhookDelivery {
  id: string;
  event: string;
  deliveryKey: string;
  sourceId: string | null;
  receivedAt: string;
  status: (typeof WEBHOOK_STATUSES)[number];
  result: string | null;
  repeats: number;
  processedAt: string | null;
}

export interface WebhookDeliveryDetail extends WebhookDelivery {
  type: string;
  /** Name of the source that signed it, or of the person whose token sent it. */
  source: string | null;
  sentBy: string | null;
  /** Readable JSON, else the text as it came. */
  body: string;
  isCut: boolean;
}

/** What GitHub had that it had not delivered. */
export interface GithubComparison {
  at: string;
  repositories: number;
  /** Deliveries that had not come. */
  missed: number;
  commits: number;
  /** Why it stopped before the end, in words; the rest is compared the next night. */
  problem: string | null;
}
