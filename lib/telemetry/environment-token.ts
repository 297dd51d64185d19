import { createHmac } from "node:crypto";
import { isId } from "@/lib/core/id";
import { derivedKey, equalSecrets } from "@/lib/core/secrets";

const PREFIX = "wmk_otlp_";
const PATTERN = /^wmk_otlp_(env_[0-9a-z]{6,32})_([0-9A-Za-z_-]{43})$/;

const sign = (environmentId: string) => createHmac("sha256", derivedKey("telemetry-of-environments")).update(environmentId).digest("base64url");

/**
 * What an environment's process shows the receiver. It says which environment it is and lets it report as that one alone; it is kept
 * nowhere, and good for as long as the environment is.
 */
export const environmentToken = (environmentId: string): string => `${PREFIX}${environmentId}_${sign(environmentId)}`;

/** True for what claims to be such a token. */
export const isEnvironmentToken = (token: string): boolean => token.startsWith(PREFIX);

/** The environment that a token was made for; null for a forged one. */
export function environmentOfToken(token: string): string | null {
  const [, environmentId = "", signature = ""] = PATTERN.exec(token) ?? [];
  return isId("environment", environmentId) && equalSecrets(signature, sign(environmentId)) ? environmentId : null;
}
