import "server-only";
import { eq } from "drizzle-orm";
import type { Connection } from "@/db/client";
import { db } from "@/db/client";
import { memberships } from "@/db/schema";
import type { UserActor } from "@/lib/core/actor";
import { writeAudit } from "@/lib/core/audit";
import { cookiesOf, sessionCookie, sessionCookieName } from "@/lib/core/auth/cookies";
import { beginOidc, endOidc, returnPathOf, type VerifiedIdentity } from "@/lib/core/auth/oidc";
import { DEMO_SESSION_COOKIE, signInProvider } from "@/lib/core/auth/provider";
import { limitRate } from "@/lib/core/auth/rate-limit";
import { safeReturnPath } from "@/lib/core/auth/return-path";
import { endSession, openSession } from "@/lib/core/auth/sessions";
import { type Ctx, databaseNow } from "@/lib/core/ctx";
import { env } from "@/lib/core/env";
import { isDomainError } from "@/lib/core/errors";
import { readBody } from "@/lib/core/http/body";
import { ipPrefix } from "@/lib/core/http/client-address";
import { sendOn } from "@/lib/core/http/leave";
import { requestIdOf, requireOwnPage } from "@/lib/core/http/request-ctx";
import { log } from "@/lib/core/log";
import { sha256 } from "@/lib/core/secrets";
import type { SignInProblem } from "./contract";
import { groupsOf } from "./rules";
import { signInPerson } from "./sign-in";

const STARTS_PER_MINUTE = 120;
const SHOWN_GROUPS = 50;
/** Who was picked before in this browser: the demo provider would first ask to sign that person out. */
const FORGET_DEMO_PERSON = [DEMO_SESSION_COOKIE, `${DEMO_SESSION_COOKIE}.sig`].map((name) => `${name}=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax`);

/** `POST /api/auth/signin/oidc`: begins the dance from a form of ours (`callbackUrl`, in the demo `person`). Failures lead back to the sign-in page. */
export async function beginSignIn(request: Request): Promise<Response> {
  const requestId = requestIdOf(request.headers);
  let returnPath = "/";
  try {
    requireOwnPage(request.headers);
    await limitRate(`sign-in|${ipPrefix(request.headers) ?? "unknown"}`, STARTS_PER_MINUTE, 60);
    const form = new URLSearchParams((await readBody(request, 16 * 1024)).toString("utf8"));
    returnPath = afterSignIn(form.get("callbackUrl"));
    if (isElsewhere(request.headers)) return sendOn(`${env().url}${signInPage({ returnPath })}`);
    if (!signInProvider().isDemo) {
      const { location, cookies } = await beginOidc(returnPath, form.get("again") ? { prompt: "login" } : {});
      return sendOn(location, cookies);
    }
    const { location, cookies } = await beginOidc(returnPath, { login_hint: form.get("person") ?? "", prompt: "login" });
    return sendOn(location, [...cookies, ...FORGET_DEMO_PERSON]);
  } catch (error) {
    return failed(error, requestId, returnPath);
  }
}

/** `GET /api/auth/callback/oidc`: ends the dance and opens a session of ours. */
export async function endSignIn(request: Request): Promise<Response> {
  const requestId = requestIdOf(request.headers);
  const returnPath = afterSignIn(returnPathOf(request.headers));
  try {
    const dance = await endOidc(request);
    if (dance.identity) {
      const { cookie, needsTeam } = await session(request, requestId, dance.identity);
      const wanted = afterSignIn(dance.location);
      return sendOn(wanted === "/" && needsTeam ? "/no-team" : wanted, [...dance.cookies, cookie]);
    }
    const problem = new URL(request.url).searchParams.get("error") === "access_denied" ? "denied" : "failed";
    return sendOn(signInPage({ problem, requestId, returnPath }), dance.cookies);
  } catch (error) {
    return failed(error, requestId, returnPath);
  }
}

/** After a sign-in one never lands on an interface or on the sign-in page itself. */
function afterSignIn(wanted: string | null): string {
  const path = safeReturnPath(wanted, env().url);
  return /^\/(api|demo-idp|sign-in|_next)(\/|\?|$)/.test(path) ? "/" : path;
}

/** A person who opened the portal under another of its names would lose the cookies of the dance on the way: they begin again under the right one. */
function isElsewhere(headers: Headers): boolean {
  const origin = headers.get("origin");
  return origin !== null && origin !== "null" && origin !== new URL(env().url).origin;
}

function failed(error: unknown, requestId: string, returnPath: string): Response {
  const code = isDomainError(error) ? error.code : null;
  const problem: SignInProblem = code === "rate_limited" ? "busy" : code === "forbidden" ? "disabled" : code === "unavailable" ? "provider" : "failed";
  log().warn({ reason: error instanceof Error ? error.message : String(error), requestId }, "sign-in failed");
  return sendOn(signInPage({ problem, requestId, returnPath }));
}

function signInPage({ problem, requestId, returnPath }: { problem?: SignInProblem; requestId?: string; returnPath: string }): string {
  const query = new URLSearchParams({
    ...(problem ? { error: problem } : {}),
    ...(requestId ? { reference: requestId } : {}),
    ...(returnPath === "/" ? {} : { callbackUrl: returnPath }),
  });
  return `/sign-in${query.size ? `?${query}` : ""}`;
}

async function session(request: Request, requestId: string, { claims, idToken }: VerifiedIdentity): Promise<{ cookie: string; needsTeam: boolean }> {
  const { identityIssuer: issuer, groupsClaim } = signInProvider();
  const ctx: Ctx = { actor: { type: "anonymous" }, now: await databaseNow(), requestId, ipPrefix: ipPrefix(request.headers) };
  const text = (name: string) => (typeof claims[name] === "string" && claims[name] ? String(claims[name]).slice(0, 200) : null);
  const identity = {
    issuer,
    subject: String(claims.sub),
    name: text("name"),
    email: text("email"),
    emailVerified: claims.email_verified === true,
    username: text("preferred_username"),
    claims,
  };
  const opened = await db().transaction(async (tx) => {
    const user = await signInPerson(tx, identity, ctx);
    await endPrevious(tx, request.headers, ctx.now);
    const made = await openSession(tx, {
      userId: user.id,
      issuer,
      idpSessionId: text("sid"),
      idToken,
      userAgent: request.headers.get("user-agent"),
      ipPrefix: ctx.ipPrefix,
      now: ctx.now,
    });
    const actor: UserActor = { ...user, type: "user", teams: [], managedTeamIds: [], credential: { type: "session", id: made.id } };
    const groups = groupsOf(claims, groupsClaim);
    await writeAudit(tx, { ...ctx, actor }, "session.begin", "done", {
      target: { type: "user", id: user.id, label: user.handle },
      detail: { issuer, groupsClaim, groups: groups?.slice(0, SHOWN_GROUPS) ?? null, groupCount: groups?.length ?? null },
    });
    const needsTeam = user.role === "engineer" && (await tx.$count(memberships, eq(memberships.userId, user.id))) === 0;
    return { ...made, needsTeam };
  });
  return { cookie: sessionCookie(opened.cookie, opened.expiresAt), needsTeam: opened.needsTeam };
}

/** Signing in anew replaces what this browser had before. */
async function endPrevious(on: Connection, headers: Headers, now: Date): Promise<void> {
  const before = cookiesOf(headers)[sessionCookieName()];
  if (before) await endSession(on, sha256(before), now);
}
