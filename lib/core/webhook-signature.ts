import { createHmac } from "node:crypto";
import { randomSecret } from "./secrets";

// Standard Webhooks: the signature is over `id.timestamp.body`, so that neither can be exchanged, and names its scheme.

const PREFIX = "whsec_";

/** A new signing secret: `whsec_` and 32 random bytes in base64. */
export const newSigningSecret = (): string => PREFIX + Buffer.from(randomSecret(32), "base64url").toString("base64");

const keyOf = (secret: string) => Buffer.from(secret.startsWith(PREFIX) ? secret.slice(PREFIX.length) : secret, "base64");

/** The headers that prove where a body comes from; with two secrets (while one replaces the other) there are two signatures. */
export function signatureHeaders(secrets: string[], message: { id: string; timestamp: number; body: string }): Record<string, string> {
  const { id, timestamp, body } = message;
  const signatures = secrets.map((secret) => `v1,${createHmac("sha256", keyOf(secret)).update(`${id}.${timestamp}.${body}`).digest("base64")}`);
  return { "webhook-id": id, "webhook-timestamp": String(timestamp), "webhook-signature": signatures.join(" ") };
}
