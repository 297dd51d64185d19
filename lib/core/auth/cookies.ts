import { env } from "../env";

/** Name of the session cookie: the `__Host-` prefix binds it to this exact https origin. */
export function sessionCookieName(): string {
  return env().isHttps ? "__Host-waymark_session" : "waymark_session";
}

const attributes = () => `Path=/; HttpOnly; SameSite=Lax${env().isHttps ? "; Secure" : ""}`;

/** The Set-Cookie line of a session. */
export function sessionCookie(value: string, expires: Date): string {
  return `${sessionCookieName()}=${value}; ${attributes()}; Expires=${expires.toUTCString()}`;
}

/** The Set-Cookie line that removes it. */
export function clearedSessionCookie(): string {
  return `${sessionCookieName()}=; ${attributes()}; Max-Age=0`;
}

/** The cookies of a request; a name that comes twice keeps its first value. */
export function cookiesOf(headers: Headers): Record<string, string> {
  const found = new Map<string, string>();
  for (const part of headers.get("cookie")?.split(";") ?? []) {
    const [name = "", ...value] = part.trim().split("=");
    if (name && !found.has(name)) found.set(name, decoded(value.join("=")));
  }
  return Object.fromEntries(found);
}

function decoded(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}
