import { env } from "@/lib/core/env";
import { HttpError } from "@/lib/core/http/problem";

const LOOPBACK = ["localhost", "127.0.0.1", "[::1]"];

/** The hosts that this portal answers to: its public one, and this machine's own names on its port. */
function ownHosts(): Set<string> {
  const { url, port } = env();
  return new Set([new URL(url).host, ...LOOPBACK.map((name) => (port === 80 ? name : `${name}:${port}`))]);
}

/**
 * Throws HttpError 403 for a foreign Origin, and for a Host that is not this portal's: a name of somebody else that was made to
 * point here (DNS rebinding), so that a page of theirs counts as same-origin.
 */
export function requireOwnAddress(headers: Headers): void {
  const host = headers.get("host")?.toLowerCase() ?? "";
  const own = ownHosts();
  if (!own.has(host)) {
    throw new HttpError(
      403,
      "foreign_host",
      `The request was sent to "${host.slice(0, 100)}", and this portal is ${env().url}. Use that address; a proxy in front has to pass the Host on.`,
    );
  }
  const origin = headers.get("origin");
  if (origin === null || origin === new URL(env().url).origin || (URL.canParse(origin) && own.has(new URL(origin).host))) return;
  throw new HttpError(403, "cross_site", "The request comes from a page of another site. Agents and editors connect without a browser page.");
}
