import { type Client, openClient } from "./client";
import { portalUrl, tokenFor } from "./credentials";
import { deviceLogin } from "./device-login";
import { EXIT, Exit } from "./exit";
import { Refused } from "./problem";
import { canAsk, self, tell } from "./terminal";

/** Throws Exit 5 unless a portal answers there. */
export async function requirePortal(url: string): Promise<void> {
  const stranger = new Exit(EXIT.unreachable, `What answers at ${url} is not a Waymark portal. Name yours with --url or WAYMARK_URL.`);
  const health = await openClient(url, null)
    .call<{ status?: string } | null>("GET", "/api/health/live")
    .catch((error: unknown) => {
      throw error instanceof Refused ? stranger : error;
    });
  if (health?.status !== "live") throw stranger;
}

/** A client that is signed in; at first use on a terminal it signs the person in. Throws Exit 3 where nobody can confirm. */
export async function signedIn(urlOption: string | undefined): Promise<Client> {
  const url = portalUrl(urlOption);
  const known = tokenFor(url);
  if (known) return openClient(url, known);
  // Who has no portal needs another answer than who has no token.
  await requirePortal(url);
  if (!canAsk()) throw new Exit(EXIT.notSignedIn, `You are not signed in to ${url}. Run \`${self()} login --url ${url}\` on a terminal, or set WAYMARK_TOKEN.`);
  tell(`You are not signed in to ${url} yet.`);
  return openClient(url, (await deviceLogin(url)).token);
}
