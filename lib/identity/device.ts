import { randomInt } from "node:crypto";
import { eq } from "drizzle-orm";
import { z } from "zod";
import { db } from "@/db/client";
import { deviceGrants } from "@/db/schema";
import type { Scope } from "@/lib/core/actor";
import { limitRate } from "@/lib/core/auth/rate-limit";
import { databaseNow } from "@/lib/core/ctx";
import { env } from "@/lib/core/env";
import { HttpError } from "@/lib/core/http/problem";
import { newId } from "@/lib/core/id";
import { parseInput } from "@/lib/core/operation";
import { randomSecret, sha256 } from "@/lib/core/secrets";
import { DeviceCodeInput } from "./contract";
import { issueToken } from "./tokens";

// RFC 8628 with us as the server, so that it does not depend on what the company's provider offers.

const LIFETIME_SECONDS = 600;
const INTERVAL_SECONDS = 5;
const CLI_TOKEN_DAYS = 90;
/** No vowels (no words by accident), nothing that looks like something else. */
const ALPHABET = "BCDFGHJKLMNPQRSTVWXZ";
const DEFAULT_SCOPES: Scope[] = ["read", "env:write", "repo:create", "catalog:write", "actions:run"];

function makeUserCode(): string {
  const letters = Array.from({ length: 8 }, () => ALPHABET[randomInt(ALPHABET.length)]).join("");
  return `${letters.slice(0, 4)}-${letters.slice(4)}`;
}

/** Begins a grant (RFC 8628 §3.1–3.2). Throws rate_limited. */
export async function beginDeviceGrant(body: unknown, ipPrefix: string | null) {
  await limitRate(`device-code|${ipPrefix ?? "unknown"}`, 30, 600);
  const { client, scopes = DEFAULT_SCOPES } = parseInput(DeviceCodeInput, body);
  const now = await databaseNow();
  const deviceCode = randomSecret(32);
  const userCode = makeUserCode();
  const expiresAt = new Date(now.getTime() + LIFETIME_SECONDS * 1000);
  await db()
    .insert(deviceGrants)
    .values({ id: newId("device"), deviceCodeHash: sha256(deviceCode), userCode, client, ipPrefix, scopes, intervalSeconds: INTERVAL_SECONDS, expiresAt, createdAt: now });
  const page = `${env().url}/device`;
  return {
    device_code: deviceCode,
    user_code: userCode,
    verification_uri: page,
    verification_uri_complete: `${page}?code=${userCode}`,
    expires_in: LIFETIME_SECONDS,
    interval: INTERVAL_SECONDS,
  };
}

const refused = (code: string, message: string) => new HttpError(400, code, message);
const PollInput = z.object({ device_code: z.string().max(200) });

/** Answers a poll (RFC 8628 §3.4–3.5) with the token, once. Throws HttpError 400 with the RFC's codes. */
export async function pollDeviceGrant(body: unknown, ipPrefix: string | null) {
  await limitRate(`device-poll|${ipPrefix ?? "unknown"}`, 240, 60);
  const { device_code: code } = parseInput(PollInput, body);
  const now = await databaseNow();
  // The poll's own bookkeeping is committed although the answer is a refusal.
  const answer = await db().transaction(async (tx) => {
    const [grant] = await tx
      .select()
      .from(deviceGrants)
      .where(eq(deviceGrants.deviceCodeHash, sha256(code)))
      .for("update");
    if (!grant || grant.status === "used") return refused("expired_token", "This device code is unknown or was used. Begin again.");
    if (grant.expiresAt <= now) return refused("expired_token", "The code was not confirmed in time. Begin again.");
    if (grant.status === "denied") return refused("access_denied", "The request was refused in the browser.");
    const tooFast = grant.lastPolledAt && now.getTime() - grant.lastPolledAt.getTime() < (grant.intervalSeconds - 1) * 1000;
    await tx
      .update(deviceGrants)
      .set({ lastPolledAt: now, ...(tooFast ? { intervalSeconds: grant.intervalSeconds + 5 } : {}) })
      .where(eq(deviceGrants.id, grant.id));
    if (tooFast) return refused("slow_down", "Poll more slowly.");
    if (grant.status === "pending" || !grant.userId) return refused("authorization_pending", "Waiting for the confirmation in the browser.");
    await tx.update(deviceGrants).set({ status: "used" }).where(eq(deviceGrants.id, grant.id));
    const expiresAt = new Date(now.getTime() + CLI_TOKEN_DAYS * 86_400_000);
    const { token } = await issueToken(tx, { userId: grant.userId, kind: "cli", name: grant.client, scopes: grant.scopes as Scope[], expiresAt, now });
    return { access_token: token, token_type: "bearer", expires_at: expiresAt.toISOString(), scopes: grant.scopes };
  });
  if (answer instanceof HttpError) throw answer;
  return answer;
}

/** `bcdf ghjk` → `BCDF-GHJK` */
export function normalUserCode(text: string): string {
  const letters = text.toUpperCase().replace(/[^A-Z]/g, "");
  return `${letters.slice(0, 4)}-${letters.slice(4, 8)}`;
}
