import { authenticateSession, authenticateToken } from "../auth/authenticate";
import { cookiesOf, sessionCookieName } from "../auth/cookies";
import { limitRate } from "../auth/rate-limit";
import { isAgentToken, isWellFormedToken } from "../auth/token-format";
import type { Ctx } from "../ctx";
import { env } from "../env";
import { newId } from "../id";
import { ipPrefix } from "./client-address";
import { HttpError } from "./problem";

const UNKNOWN_TOKENS_PER_MINUTE = 30;
const REQUEST_ID = /^[\w.:-]{8,80}$/;

/** The caller's X-Request-Id if it is harmless, else a new one. */
export function requestIdOf(headers: Headers): string {
  const given = headers.get("x-request-id");
  return given && REQUEST_ID.test(given) ? given : newId("request");
}

/** Bearer token or session cookie → Ctx. Throws HttpError 401 for a bad token and 403 for a cross-site write by cookie. */
export async function requestCtx(request: Request, requestId: string): Promise<Ctx> {
  const base = { requestId, ipPrefix: ipPrefix(request.headers) };
  const authorization = request.headers.get("authorization");
  if (authorization) {
    const [scheme, token = ""] = authorization.split(" ");
    if (scheme?.toLowerCase() !== "bearer") throw new HttpError(401, "unauthenticated", 'Only "Authorization: Bearer <token>" is understood here.');
    return { ...(await tokenCtx(token, base, "api")), ...(request.headers.get("x-waymark-client") === "cli" ? { channel: "cli" as const } : {}) };
  }
  const authenticated = await authenticateSession(cookiesOf(request.headers)[sessionCookieName()]);
  const writes = request.method !== "GET" && request.method !== "HEAD";
  if (writes && authenticated.actor.type !== "anonymous") requireSameOrigin(request.headers);
  return { ...base, ...authenticated };
}

/** A bearer token and nothing else: what a browser sends by itself counts for nothing here. Throws HttpError 401. */
export async function bearerCtx(request: Request, requestId: string): Promise<Ctx> {
  const [scheme, token = ""] = (request.headers.get("authorization") ?? "").split(" ");
  if (scheme?.toLowerCase() !== "bearer")
    throw new HttpError(401, "unauthenticated", 'Send "Authorization: Bearer <token>". Create the token in the portal under Account, Tokens.');
  return tokenCtx(token, { requestId, ipPrefix: ipPrefix(request.headers) }, "mcp");
}

/** HTTP Basic with any name and a token as password, as git sends it → Ctx. Throws HttpError 401, also when nothing is sent. */
export async function basicCtx(request: Request, requestId: string): Promise<Ctx> {
  const [scheme, encoded = ""] = (request.headers.get("authorization") ?? "").split(" ");
  if (scheme?.toLowerCase() !== "basic")
    throw new HttpError(401, "unauthenticated", "Sign in with any name and a token as password. Create the token in the portal under Account.");
  const text = Buffer.from(encoded, "base64").toString("utf8");
  return tokenCtx(text.slice(text.indexOf(":") + 1), { requestId, ipPrefix: ipPrefix(request.headers) }, "api");
}

async function tokenCtx(token: string, base: Pick<Ctx, "requestId" | "ipPrefix">, door: "api" | "mcp"): Promise<Ctx> {
  if (door !== "mcp" && isAgentToken(token))
    throw new HttpError(401, "unauthenticated", "This token was made for an agent and works at /api/mcp alone. Create another one for scripts under Account, Tokens.");
  const authenticated = await authenticateToken(token);
  if (authenticated.actor.type === "anonymous") await refuseToken(token, base.ipPrefix);
  return { ...base, ...authenticated };
}

/** Typing errors fail a token's checksum; what passes it and is unknown was guessed, or has ended. */
async function refuseToken(token: string, network: string | null): Promise<never> {
  if (isWellFormedToken(token)) await limitRate(`token|${network ?? "unknown"}`, UNKNOWN_TOKENS_PER_MINUTE, 60);
  throw new HttpError(401, "unauthenticated", "The token is unknown, expired or revoked. Create a new one under Account, or run `waymark login`.");
}

/** Throws HttpError 403 unless the browser says that the request comes from our own pages. */
export function requireSameOrigin(headers: Headers): void {
  const origin = headers.get("origin");
  const site = headers.get("sec-fetch-site");
  if (origin ? origin === new URL(env().url).origin || origin === `http://${headers.get("host")}` : site === "same-origin") return;
  throw new HttpError(403, "cross_site", "This write came from another site. Send it from the portal itself, or use a bearer token.");
}

/** The same for forms of people who are not signed in: a program without any of the browser's headers may send them too. */
export function requireOwnPage(headers: Headers): void {
  if (headers.has("origin") || headers.has("sec-fetch-site")) requireSameOrigin(headers);
}
