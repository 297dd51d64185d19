import { createHmac, timingSafeEqual } from "node:crypto";
import { sha256 } from "@/lib/core/secrets";
import type { WebhookType } from "../contract";

type HeaderNames = Pick<Headers, "get">;

/** True if a request of this kind of sender was made with the secret: a signature over the raw bytes where the sender can sign, else a bearer token. Compared in constant time. */
export function isSignedBy(type: WebhookType, secret: string, body: Buffer, headers: HeaderNames): boolean {
  return VERIFY[type](secret, body, headers);
}

const hmac = (secret: string, ...parts: (Buffer | string)[]) => {
  const sum = createHmac("sha256", secret);
  for (const part of parts) sum.update(part);
  return sum.digest();
};

function isHex(hex: string, expected: Buffer): boolean {
  if (!/^[0-9a-f]{64}$/.test(hex)) return false;
  return timingSafeEqual(Buffer.from(hex, "hex"), expected);
}

function isBearer(secret: string, headers: HeaderNames): boolean {
  const [, token = ""] = /^Bearer (.+)$/i.exec(headers.get("authorization") ?? "") ?? [];
  return token !== "" && timingSafeEqual(Buffer.from(sha256(token)), Buffer.from(sha256(secret)));
}

const VERIFY: Record<WebhookType, (secret: string, body: Buffer, headers: HeaderNames) => boolean> = {
  github: (secret, body, headers) => isHex(/^sha256=(.*)$/.exec(headers.get("x-hub-signature-256") ?? "")?.[1] ?? "", hmac(secret, body)),
  // Several while the secret is being changed; one right one is enough.
  pagerduty: (secret, body, headers) =>
    (headers.get("x-pagerduty-signature") ?? "")
      .split(",")
      .slice(0, 5)
      .some((one) => isHex(/^v1=(.*)$/.exec(one.trim())?.[1] ?? "", hmac(secret, body))),
  grafana: (secret, body, headers) => {
    const signature = headers.get("x-grafana-alerting-signature");
    if (!signature) return isBearer(secret, headers);
    const at = headers.get("x-grafana-alerting-timestamp");
    return isHex(signature, at ? hmac(secret, `${at}:`, body) : hmac(secret, body));
  },
  alertmanager: (secret, _body, headers) => isBearer(secret, headers),
  argocd: (secret, _body, headers) => isBearer(secret, headers),
};

/** What to say when nothing signed. */
export const HOW_TO_SIGN: Record<WebhookType, string> = {
  github: "The header X-Hub-Signature-256 is missing or fits no webhook source.",
  pagerduty: "The header X-PagerDuty-Signature is missing or fits no webhook source.",
  grafana: "Neither X-Grafana-Alerting-Signature nor a bearer token fits a webhook source.",
  alertmanager: "The bearer token is missing or fits no webhook source.",
  argocd: "The bearer token is missing or fits no webhook source.",
};
