import { hostname } from "node:os";
import { setTimeout as wait } from "node:timers/promises";
import { openBrowser } from "./browser";
import { openClient } from "./client";
import { storeToken } from "./credentials";
import { EXIT, Exit } from "./exit";
import { Refused } from "./problem";
import { self, tell } from "./terminal";
import { readable } from "./time";
import { VERSION } from "./version";

interface Grant {
  device_code: string;
  user_code: string;
  verification_uri: string;
  verification_uri_complete: string;
  expires_in: number;
  interval: number;
}

interface Granted {
  access_token: string;
  expires_at: string;
}

const SLOWER_SECONDS = 5;
const SHORTEST_SECONDS = 0.2;

/** The device flow (RFC 8628): a person confirms in the browser. Returns the token, stored for later. Throws Exit. */
export async function deviceLogin(url: string): Promise<{ token: string; expiresAt: string }> {
  const client = openClient(url, null);
  const grant = await client.call<Grant>("POST", "/api/v1/device/code", { client: `waymark ${VERSION} on ${hostname()}`.slice(0, 100) });
  tell(`Sign in to ${url} in the browser:\n\n  ${grant.verification_uri_complete}\n\nThe code is ${grant.user_code}. Waiting for you to allow it there.`);
  openBrowser(url, grant.verification_uri_complete);
  let seconds = Number(grant.interval) || SLOWER_SECONDS;
  for (const end = performance.now() + grant.expires_in * 1000; performance.now() < end; ) {
    await wait(Math.max(seconds, SHORTEST_SECONDS) * 1000);
    try {
      const { access_token: token, expires_at: expiresAt } = await client.call<Granted>("POST", "/api/v1/device/token", { device_code: grant.device_code });
      tell(`Signed in until ${readable(expiresAt)}. Kept in ${storeToken(url, token, expiresAt)}`);
      return { token, expiresAt };
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      const { code, detail } = error.problem;
      if (code === "slow_down" || code === "rate_limited") seconds += SLOWER_SECONDS;
      else if (code !== "authorization_pending") throw new Exit(EXIT.notSignedIn, detail);
    }
  }
  throw new Exit(EXIT.notSignedIn, `The code was not confirmed in time. Run \`${self()} login\` again.`);
}
