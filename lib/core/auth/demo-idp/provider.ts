import { randomBytes } from "node:crypto";
import { type Configuration, type KoaContextWithOIDC, Provider } from "oidc-provider";
import { DEMO_PEOPLE } from "@/db/seed/demo-directory";
import { env } from "../../env";
import { derivedKey } from "../../secrets";
import { DEMO_CLIENT_ID, DEMO_SESSION_COOKIE, demoClientSecret, demoIssuer } from "../provider";
import { PostgresAdapter } from "./adapter";
import { signingKey } from "./keys";

const HOUR = 3_600;

async function configuration(): Promise<Configuration> {
  const { url } = env();
  return {
    adapter: PostgresAdapter,
    clients: [
      {
        client_id: DEMO_CLIENT_ID,
        client_secret: demoClientSecret(),
        redirect_uris: [`${url}/api/auth/callback/oidc`],
        post_logout_redirect_uris: [`${url}/sign-in?signed-out=1`],
        response_types: ["code"],
        grant_types: ["authorization_code"],
      },
    ],
    jwks: { keys: [await signingKey()] },
    cookies: {
      keys: [derivedKey("demo-idp-cookies").toString("base64url")],
      names: { session: DEMO_SESSION_COOKIE, interaction: "demo_idp_interaction", resume: "demo_idp_resume" },
    },
    claims: { openid: ["sub"], profile: ["name", "preferred_username", "groups"], email: ["email", "email_verified"] },
    // Groups belong in the ID token: that is where a company's provider puts them.
    conformIdTokenClaims: false,
    pkce: { required: () => true },
    features: { devInteractions: { enabled: false }, rpInitiatedLogout: { enabled: true, logoutSource: confirmLogout } },
    interactions: { url: (_ctx, interaction) => `/demo-idp/interaction/${interaction.uid}` },
    findAccount: (_ctx, id) => {
      const person = DEMO_PEOPLE.find(({ handle }) => handle === id);
      if (!person) return undefined;
      const { handle, name, groups } = person;
      return { accountId: handle, claims: () => ({ sub: handle, name, preferred_username: handle, email: `${handle}@fellside.example`, email_verified: true, groups }) };
    },
    async loadExistingGrant(ctx) {
      const { client, session, provider } = ctx.oidc;
      if (!client || !session?.accountId) return undefined;
      const grant = new provider.Grant({ clientId: client.clientId, accountId: session.accountId });
      grant.addOIDCScope("openid profile email");
      await grant.save();
      return grant;
    },
    ttl: { Session: 12 * HOUR, Grant: 12 * HOUR, Interaction: HOUR, AccessToken: HOUR, IdToken: HOUR, AuthorizationCode: 60 },
  };
}

/** Whoever comes here has pressed "Sign out" in the portal; the form goes on by itself, or by its button where scripts are off. */
function confirmLogout(ctx: KoaContextWithOIDC, form: string): void {
  const nonce = randomBytes(16).toString("base64");
  ctx.type = "html";
  ctx.set("content-security-policy", `default-src 'none'; script-src 'nonce-${nonce}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`);
  ctx.body = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Signing out</title></head><body>${form}
<input type="hidden" name="logout" value="yes" form="op.logoutForm"><noscript><button type="submit" form="op.logoutForm">Sign out</button></noscript>
<script nonce="${nonce}">document.forms["op.logoutForm"].submit()</script></body></html>`;
}

/** The demo identity provider: real OpenID Connect, people without passwords. */
export async function makeDemoProvider(): Promise<Provider> {
  const provider = new Provider(demoIssuer(), await configuration());
  provider.proxy = true;
  return provider;
}
