import { beginSignIn, endSignIn } from "@/lib/identity/mutations";
import { CookieJar } from "./cookie-jar";

const MAX_HOPS = 12;

/** A person at a browser: one jar for the portal, one for the provider. */
export class Browser {
  readonly portal = new CookieJar();
  readonly provider = new CookieJar();

  constructor(readonly origin: string) {}

  request(path: string, init: RequestInit = {}): Request {
    return new Request(new URL(path, this.origin), { ...init, headers: { cookie: this.portal.header(), "user-agent": "test browser", ...init.headers } });
  }

  /** Presses the sign-in button; returns the response of the portal. */
  async begin(form: Record<string, string> = {}, headers: Record<string, string> = { origin: this.origin }): Promise<Response> {
    const body = new URLSearchParams(form);
    const response = await beginSignIn(
      this.request("/api/auth/signin/oidc", { method: "POST", body, headers: { "content-type": "application/x-www-form-urlencoded", ...headers } }),
    );
    return this.portal.keep(response);
  }

  /** Follows the provider from its authorization endpoint to the address that it sends back to. */
  async atProvider(start: string): Promise<URL> {
    let address = new URL(start);
    for (let hop = 0; hop < MAX_HOPS; hop++) {
      if (address.pathname === "/api/auth/callback/oidc") return address;
      const response = this.provider.keep(await fetch(address, { redirect: "manual", headers: { cookie: this.provider.header() } }));
      const location = response.headers.get("location");
      if (!location) throw new Error(`the provider stopped at ${address.pathname} with ${response.status}: ${(await response.text()).slice(0, 400)}`);
      address = new URL(location, address);
    }
    throw new Error("the provider never came back");
  }

  async end(callback: URL): Promise<Response> {
    return this.portal.keep(await endSignIn(this.request(callback.pathname + callback.search)));
  }

  /** The whole round trip. */
  async signIn(form: Record<string, string> = {}): Promise<Response> {
    return this.end(await this.atProvider(await destination(await this.begin(form))));
  }

  session(): string | undefined {
    return this.portal.get("waymark_session");
  }
}

/** Where a response sends the browser: by redirect, or by the page that goes on by itself. */
export async function destination(response: Response): Promise<string> {
  const location = response.headers.get("location");
  if (location) return location;
  const html = await response.text();
  const url = /http-equiv="refresh" content="0;url=([^"]+)"/.exec(html)?.[1];
  if (!url) throw new Error(`no destination in ${response.status}: ${html.slice(0, 300)}`);
  return url.replace(/&#(\d+);/g, (_all, code: string) => String.fromCharCode(Number(code)));
}
