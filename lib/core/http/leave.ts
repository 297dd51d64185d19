import { env } from "../env";

const escaped = (text: string) => text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);

/**
 * Sends the browser on after a form. Within the portal by a redirect; to another origin by a page that goes on by itself, since
 * browsers hold a form's redirects to `form-action 'self'`.
 */
export function sendOn(location: string, cookies: string[] = []): Response {
  const target = new URL(location, env().url);
  const headers = new Headers({ "cache-control": "no-store" });
  for (const cookie of cookies) headers.append("set-cookie", cookie);
  if (target.origin === new URL(env().url).origin) {
    headers.set("location", location);
    return new Response(null, { status: 303, headers });
  }
  headers.set("content-type", "text/html; charset=utf-8");
  headers.set("content-security-policy", "default-src 'none'; frame-ancestors 'none'; base-uri 'none'");
  headers.set("referrer-policy", "no-referrer");
  const href = escaped(target.href);
  const page = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Going on</title><meta http-equiv="refresh" content="0;url=${href}"></head><body><p>Going on to <a href="${href}">${escaped(target.host)}</a>.</p></body></html>`;
  return new Response(page, { headers });
}
