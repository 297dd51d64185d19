import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { decodeJwt, exportJWK, generateKeyPair, type JWK, SignJWT } from "jose";
import { type Configuration, Provider } from "oidc-provider";

const CLIENT = { client_id: "portal", client_secret: "portal-secret-0123456789abcdef0123456789" };
export const ID_TOKEN_SECONDS = 600;
const LOGOUT_EVENT = "http://schemas.openid.net/event/backchannel-logout";

export interface TestIssuer {
  url: string;
  clientId: string;
  clientSecret: string;
  /** Who signs in next, and what the provider says of them. */
  person: { sub: string; claims: Record<string, unknown> };
  /** How far the provider's clock is off, in seconds. */
  clockOffset: number;
  /** Signs anything as the issuer does; `payload` replaces members of a good logout token, undefined removes one. */
  logoutToken(payload?: Record<string, unknown>, header?: Record<string, unknown>, key?: CryptoKey): Promise<string>;
  close(): Promise<void>;
}

/** A company's identity provider: a real one in this process, on loopback, with one confidential client. */
export async function startIssuer(portal: string, options: { algorithm?: "RS256" | "ES256" | "PS256"; backchannelLogoutUri?: string } = {}): Promise<TestIssuer> {
  const algorithm = options.algorithm ?? "RS256";
  const { privateKey } = await generateKeyPair(algorithm, { extractable: true });
  const jwk: JWK = { ...(await exportJWK(privateKey)), kid: "k1", use: "sig", alg: algorithm };
  const handler: { serve: (request: IncomingMessage, response: ServerResponse) => void } = { serve: (_request, response) => response.writeHead(503).end() };
  const server = createServer((request, response) => handler.serve(request, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const issuer: TestIssuer = {
    url,
    clientId: CLIENT.client_id,
    clientSecret: CLIENT.client_secret,
    person: { sub: "u1", claims: {} },
    clockOffset: 0,
    async logoutToken(payload = {}, header = {}, key = privateKey) {
      const now = Math.floor(performance.timeOrigin / 1000 + performance.now() / 1000);
      const good = { iss: url, aud: CLIENT.client_id, iat: now, exp: now + 120, jti: crypto.randomUUID(), events: { [LOGOUT_EVENT]: {} } };
      return new SignJWT({ ...good, ...payload }).setProtectedHeader({ alg: algorithm, kid: "k1", typ: "logout+jwt", ...header }).sign(key);
    },
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
  const provider = new Provider(url, configuration(issuer, portal, jwk, algorithm, options.backchannelLogoutUri));
  provider.use(async (ctx, next) => {
    await next();
    if (ctx.path !== "/token" || !ctx.body?.id_token || issuer.clockOffset === 0) return;
    const { iat = 0, exp = 0, ...rest } = decodeJwt(ctx.body.id_token);
    const shifted = { ...rest, iat: iat + issuer.clockOffset, exp: exp + issuer.clockOffset };
    ctx.body = { ...ctx.body, id_token: await new SignJWT(shifted).setProtectedHeader({ alg: algorithm, kid: "k1" }).sign(privateKey) };
  });
  const serve = provider.callback();
  handler.serve = (request, response) => {
    if (request.url?.startsWith("/interaction/"))
      void provider.interactionFinished(request, response, { login: { accountId: issuer.person.sub } }, { mergeWithLastSubmission: false });
    else void serve(request, response);
  };
  return issuer;
}

function configuration(issuer: TestIssuer, portal: string, jwk: JWK, algorithm: "RS256" | "ES256" | "PS256", backchannelLogoutUri?: string): Configuration {
  return {
    clients: [
      {
        ...CLIENT,
        redirect_uris: [`${portal}/api/auth/callback/oidc`],
        post_logout_redirect_uris: [`${portal}/sign-in?signed-out=1`],
        response_types: ["code"],
        grant_types: ["authorization_code"],
        id_token_signed_response_alg: algorithm,
        ...(backchannelLogoutUri ? { backchannel_logout_uri: backchannelLogoutUri, backchannel_logout_session_required: true } : {}),
      },
    ],
    jwks: { keys: [jwk] },
    enabledJWA: { idTokenSigningAlgValues: [algorithm] },
    cookies: { keys: ["issuer-cookie-key"] },
    claims: { openid: ["sub"], profile: ["name", "preferred_username", "groups", "realm_access", "_claim_names", "oid"], email: ["email", "email_verified"] },
    conformIdTokenClaims: false,
    // Its own guard against loopback addresses would keep it from reaching the portal of the test.
    fetch: (url, options = {}) => {
      const { dispatcher: _dispatcher, ...rest } = options as RequestInit & { dispatcher?: unknown };
      return fetch(url, rest);
    },
    pkce: { required: () => true },
    features: { devInteractions: { enabled: false }, backchannelLogout: { enabled: true }, rpInitiatedLogout: { enabled: true } },
    interactions: { url: (_ctx, interaction) => `/interaction/${interaction.uid}` },
    ttl: { IdToken: ID_TOKEN_SECONDS, AccessToken: 3600, AuthorizationCode: 60, Grant: 3600, Session: 3600, Interaction: 3600 },
    findAccount: (_ctx, sub) => ({ accountId: sub, claims: () => ({ sub, ...issuer.person.claims }) }),
    async loadExistingGrant(ctx) {
      const { client, session, provider } = ctx.oidc;
      if (!client || !session?.accountId) return undefined;
      const grant = new provider.Grant({ clientId: client.clientId, accountId: session.accountId });
      grant.addOIDCScope("openid profile email");
      await grant.save();
      return grant;
    },
  };
}
