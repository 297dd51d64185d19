import { atPortal } from "./at-portal";
import { CookieJar } from "./cookie-jar";

const MAX_HOPS = 12;

type Ask = (address: URL, init?: RequestInit) => Promise<Response>;

/** Signs a demo person in at a portal without a browser; returns what asks in their name. */
export async function askAs(url: string, person: string): Promise<Ask> {
  const jar = new CookieJar();
  const form = new URLSearchParams({ person, callbackUrl: "/" });
  const ask: Ask = async (address, init = {}) => jar.keep(await fetch(address, { redirect: "manual", ...init, headers: { origin: url, cookie: jar.header(), ...init.headers } }));
  let response = await ask(new URL("/api/auth/signin/oidc", url), { method: "POST", body: form });
  let address = new URL(url);
  for (let hop = 0; hop < MAX_HOPS && !jar.get("waymark_session"); hop++) {
    const next = response.headers.get("location") ?? refreshOf(await response.text());
    if (!next) throw new Error(`signing in as ${person} stopped at ${address.pathname} with ${response.status}`);
    address = new URL(next, address);
    response = await ask(address);
  }
  return ask;
}

/** A demo person, also one whom the sign-in page does not offer, signed in without a browser; returns what asks the HTTP API in their name. */
export async function fastSignIn(person: string): Promise<(method: string, path: string, body?: unknown) => Promise<{ status: number; body: Record<string, unknown> }>> {
  const { url } = atPortal();
  const ask = await askAs(url, person);
  return async (method, path, body) => {
    const answer = await ask(new URL(`/api/v1${path}`, url), {
      method,
      ...(body === undefined ? {} : { headers: { "content-type": "application/json" }, body: typeof body === "string" ? body : JSON.stringify(body) }),
    });
    const text = await answer.text();
    return { status: answer.status, body: answer.headers.get("content-type")?.includes("json") ? (JSON.parse(text) as Record<string, unknown>) : {} };
  };
}

function refreshOf(html: string): string | null {
  const found = /http-equiv="refresh" content="0;url=([^"]+)"/.exec(html)?.[1];
  return found ? found.replace(/&#(\d+);/g, (_all, code: string) => String.fromCharCode(Number(code))).replaceAll("&amp;", "&") : null;
}
