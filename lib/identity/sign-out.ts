import "server-only";
import { and, eq, sql } from "drizzle-orm";
import { db } from "@/db/client";
import { usedLogoutTokens, users } from "@/db/schema";
import { writeAudit } from "@/lib/core/audit";
import { clearedSessionCookie } from "@/lib/core/auth/cookies";
import { discover } from "@/lib/core/auth/discovery";
import { verifyLogoutToken } from "@/lib/core/auth/logout-token";
import { signInProvider } from "@/lib/core/auth/provider";
import { endIdpSessions, endSession } from "@/lib/core/auth/sessions";
import { type Ctx, systemCtx } from "@/lib/core/ctx";
import { env } from "@/lib/core/env";
import { DomainError, isDomainError } from "@/lib/core/errors";
import { sendOn } from "@/lib/core/http/leave";
import { requestCtx, requestIdOf, requireSameOrigin } from "@/lib/core/http/request-ctx";
import { log } from "@/lib/core/log";

const HOME = "/sign-in?signed-out=1";
/** Longer hints (hundreds of groups) would not fit into an address; the provider then asks whom to sign out. */
const MAX_HINT_CHARS = 4_000;
const USED_TOKEN_MS = 10 * 60_000;

/** `POST /api/auth/sign-out`: ends the session and sends the browser to the provider's own sign-out, if it has one. */
export async function serveSignOut(request: Request): Promise<Response> {
  requireSameOrigin(request.headers);
  const ctx = await requestCtx(request, requestIdOf(request.headers));
  return sendOn(await signOut(ctx), [clearedSessionCookie()]);
}

async function signOut(ctx: Ctx): Promise<string> {
  const { actor } = ctx;
  if (actor.type !== "user" || actor.credential.type !== "session") return HOME;
  const { id } = actor.credential;
  const idToken = await db().transaction(async (tx) => {
    const hint = await endSession(tx, id, ctx.now);
    await writeAudit(tx, ctx, "session.end", "done", { target: { type: "user", id: actor.id, label: actor.handle } });
    return hint;
  });
  return (await endpointOfProvider(idToken)) ?? HOME;
}

/** Null when the provider has no sign-out of its own, or does not answer: being signed out here must not hang on it. */
async function endpointOfProvider(idToken: string | null): Promise<string | null> {
  try {
    const { end_session_endpoint: endpoint } = await discover();
    if (!endpoint) return null;
    const location = new URL(endpoint);
    if (idToken && idToken.length <= MAX_HINT_CHARS) location.searchParams.set("id_token_hint", idToken);
    location.searchParams.set("post_logout_redirect_uri", `${env().url}${HOME}`);
    location.searchParams.set("client_id", signInProvider().clientId);
    return location.href;
  } catch (error) {
    if (!isDomainError(error)) throw error;
    log().warn({ reason: error.message }, "signed out here, but not at the identity provider");
    return null;
  }
}

/** Back-channel logout: verifies the token, honours it once, ends the sessions it names. Throws invalid. Returns how many ended. */
export async function backChannelLogout(token: string): Promise<number> {
  const { jti, subject, sid } = await verifyLogoutToken(token);
  const ctx = await systemCtx("identity provider");
  const issuer = signInProvider().identityIssuer;
  return db().transaction(async (tx) => {
    await tx.execute(sql`delete from used_logout_tokens where expires_at < now()`);
    const expiresAt = new Date(ctx.now.getTime() + USED_TOKEN_MS);
    const [fresh] = await tx.insert(usedLogoutTokens).values({ jti, expiresAt }).onConflictDoNothing().returning();
    if (!fresh) throw new DomainError("invalid", "This logout token was used before.");
    const person = subject ? await tx.query.users.findFirst({ where: and(eq(users.issuer, issuer), eq(users.subject, subject)) }) : undefined;
    const ended = sid ? await endIdpSessions(tx, issuer, { sid }, ctx.now) : person ? await endIdpSessions(tx, issuer, { userId: person.id }, ctx.now) : 0;
    await writeAudit(tx, ctx, "session.back-channel-logout", "done", {
      target: { type: "user", id: person?.id ?? "unknown", label: person?.handle ?? "unknown" },
      detail: { ended },
    });
    return ended;
  });
}
