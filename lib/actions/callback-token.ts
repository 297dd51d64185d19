import { createHmac } from "node:crypto";
import { derivedKey, equalSecrets, sha256 } from "@/lib/core/secrets";

const PREFIX = "wmk_run_";

/**
 * The token with which a back end reports on one attempt of one run. It follows from the attempt, so that a call that is sent
 * again after a crash carries the same one; the table holds only its hash.
 */
export function callbackToken(runId: string, attempt: number): string {
  return PREFIX + createHmac("sha256", derivedKey("action-callbacks")).update(`${runId}|${attempt}`).digest("base64url");
}

export const callbackTokenHash = (token: string): string => sha256(token);

/** True if the hash is that of the token; takes the same time wherever they differ. */
export const isCallbackToken = (token: string, hash: string): boolean => equalSecrets(callbackTokenHash(token), hash);
