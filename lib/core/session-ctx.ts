import "server-only";
import { cookies, headers } from "next/headers";
import { redirect } from "next/navigation";
import { cache } from "react";
import type { UserActor } from "./actor";
import { authenticateSession } from "./auth/authenticate";
import { sessionCookieName } from "./auth/cookies";
import type { Ctx } from "./ctx";
import { ipPrefix } from "./http/client-address";
import { requestIdOf } from "./http/request-ctx";

/** The Ctx of the page or server action being served, from the session cookie; once per request. */
export const sessionCtx = cache(async (): Promise<Ctx> => {
  const [jar, head] = await Promise.all([cookies(), headers()]);
  const authenticated = await authenticateSession(jar.get(sessionCookieName())?.value);
  return { ...authenticated, requestId: requestIdOf(head), ipPrefix: ipPrefix(head) };
});

export interface SignedInCtx extends Ctx {
  actor: UserActor;
}

/** The Ctx if somebody is signed in, else null. */
export async function signedInCtx(): Promise<SignedInCtx | null> {
  const ctx = await sessionCtx();
  return ctx.actor.type === "user" ? { ...ctx, actor: ctx.actor } : null;
}

/** The Ctx of the person; sends everybody else to the sign-in page, and back here afterwards. */
export async function requireSignedIn(): Promise<SignedInCtx> {
  const ctx = await signedInCtx();
  if (ctx) return ctx;
  const path = (await headers()).get("x-path") ?? "/";
  return redirect(`/sign-in?return=${encodeURIComponent(path)}`);
}
