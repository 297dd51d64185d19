import { env } from "../env";

const YEAR_SECONDS = 31_536_000;

/** The policy of a page: own scripts by nonce only, nothing inline, nothing from elsewhere. Development adds what hot reloading needs. */
export function contentSecurityPolicy(nonce: string): string {
  const { isProduction } = env();
  return [
    "default-src 'self'",
    `script-src 'self' 'nonce-${nonce}' 'strict-dynamic'${isProduction ? "" : " 'unsafe-eval'"}`,
    isProduction ? `style-src 'self' 'nonce-${nonce}'` : "style-src 'self' 'unsafe-inline'",
    // Positions that Radix and charts compute; an attribute cannot load or run anything.
    "style-src-attr 'unsafe-inline'",
    "img-src 'self' data:",
    "font-src 'self'",
    `connect-src 'self'${isProduction ? "" : " ws:"}`,
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join("; ");
}

/** The other headers of every page. */
export function securityHeaders(): [string, string][] {
  return [
    ["x-content-type-options", "nosniff"],
    ["x-frame-options", "DENY"],
    ["referrer-policy", "strict-origin-when-cross-origin"],
    ["cross-origin-opener-policy", "same-origin"],
    ["permissions-policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"],
    ...(env().isHttps ? [["strict-transport-security", `max-age=${YEAR_SECONDS}`] as [string, string]] : []),
  ];
}
