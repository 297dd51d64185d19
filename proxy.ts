import { randomBytes } from "node:crypto";
import { type NextRequest, NextResponse } from "next/server";
import { contentSecurityPolicy, securityHeaders } from "@/lib/core/http/security-headers";

/** Security headers with a fresh nonce for pages. Nothing here decides who may do what: operations do. */
export function proxy(request: NextRequest): NextResponse {
  const nonce = randomBytes(16).toString("base64");
  const policy = contentSecurityPolicy(nonce);
  const headers = new Headers(request.headers);
  headers.set("x-nonce", nonce);
  headers.set("x-path", request.nextUrl.pathname + request.nextUrl.search);
  // Next reads the nonce for its own scripts from the policy of the request.
  headers.set("content-security-policy", policy);
  const response = NextResponse.next({ request: { headers } });
  response.headers.set("content-security-policy", policy);
  for (const [name, value] of securityHeaders()) response.headers.set(name, value);
  return response;
}

export const config = {
  // What serves no page needs no policy: build output, fonts, the APIs, git, telemetry.
  matcher: ["/((?!_next/static|_next/image|api/|fonts/|git/|otlp/|scim/|demo-idp/|favicon\\.svg).*)"],
};
