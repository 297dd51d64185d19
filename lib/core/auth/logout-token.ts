import { createRemoteJWKSet, jwtVerify } from "jose";
import { DomainError } from "../errors";
import { discover } from "./discovery";
import { signInProvider } from "./provider";

const EVENT = "http://schemas.openid.net/event/backchannel-logout";
const MAX_AGE_SECONDS = 120;
const store = globalThis as typeof globalThis & { __waymarkJwks?: { uri: string; keys: ReturnType<typeof createRemoteJWKSet> } };

function keysAt(uri: string) {
  // Unknown key ids make it ask the provider again at most twice a minute.
  if (store.__waymarkJwks?.uri !== uri) store.__waymarkJwks = { uri, keys: createRemoteJWKSet(new URL(uri), { cooldownDuration: 30_000, timeoutDuration: 8_000 }) };
  return store.__waymarkJwks.keys;
}

export interface LogoutToken {
  jti: string;
  subject: string | null;
  sid: string | null;
}

/** Verifies a logout token (OpenID Connect Back-Channel Logout 1.0 §2.6). Throws invalid. Whether its `jti` was used is the caller's to check. */
export async function verifyLogoutToken(token: string): Promise<LogoutToken> {
  const { jwks_uri: uri, issuer } = await discover();
  const invalid = (why: string, cause?: unknown) => new DomainError("invalid", `The logout token is not valid: ${why}.`, { cause });
  const { payload, protectedHeader } = await jwtVerify(token, keysAt(uri), {
    issuer,
    audience: signInProvider().clientId,
    algorithms: ["RS256", "ES256", "PS256"],
    maxTokenAge: MAX_AGE_SECONDS,
    clockTolerance: MAX_AGE_SECONDS,
    requiredClaims: ["iat", "jti"],
  }).catch((cause: unknown) => {
    throw invalid("signature, issuer, audience or age", cause);
  });
  const type = protectedHeader.typ?.toLowerCase();
  if (type && type !== "logout+jwt" && type !== "jwt") throw invalid("its type");
  if ("nonce" in payload) throw invalid("it carries a nonce");
  const events = payload.events;
  if (!events || typeof events !== "object" || !(EVENT in events)) throw invalid("the logout event is missing");
  const sid = typeof payload.sid === "string" ? payload.sid : null;
  if (!payload.sub && !sid) throw invalid("neither sub nor sid is there");
  return { jti: String(payload.jti), subject: payload.sub ?? null, sid };
}
