import { createHash, randomBytes } from "node:crypto";
import type { AuthOptions } from "next-auth";
import { env } from "../env";
import { DomainError } from "../errors";
import { log } from "../log";
import { derivedKey } from "../secrets";
import { cookiesOf } from "./cookies";
import { type Discovery, discover } from "./discovery";
import { type Answer, callNextAuth } from "./next-auth-call";
import { signInProvider } from "./provider";
import { safeReturnPath } from "./return-path";

// next-auth does the OIDC dance (code, PKCE S256, state, nonce) and nothing else: its own session cookie is thrown away,
// a row of ours takes its place. Replacing the library means replacing this file.

export interface VerifiedIdentity {
  claims: Record<string, unknown>;
  idToken: string | null;
}

export interface Dance {
  /** Where the browser goes next: the provider, or after a finished dance a path of ours. */
  location: string;
  cookies: string[];
  /** There when a dance ended well. */
  identity: VerifiedIdentity | null;
}

const CLOCK_TOLERANCE_SECONDS = 120;
const CALLBACK_COOKIE = "next-auth.callback-url";
const OWN_SESSION = /^(__Secure-|__Host-)?next-auth\.session-token/;
/** Symmetric ones and `none` are never accepted, whatever a token says of itself. */
const ALGORITHMS = ["RS256", "ES256", "PS256"];
const secret = () => derivedKey("next-auth").toString("base64url");

function providerOptions(found: Discovery): AuthOptions["providers"][number] {
  const { clientId, clientSecret } = signInProvider();
  const offered = found.id_token_signing_alg_values_supported ?? ["RS256"];
  return {
    id: "oidc",
    name: "Single sign-on",
    type: "oauth",
    issuer: found.issuer,
    authorization: { url: found.authorization_endpoint, params: { scope: "openid profile email" } },
    token: {
      url: found.token_endpoint,
      async request({ client, params, checks, provider }) {
        tolerate(client, CLOCK_TOLERANCE_SECONDS);
        return { tokens: await client.callback(provider.callbackUrl, params, checks) };
      },
    },
    jwks_endpoint: found.jwks_uri,
    clientId,
    client: {
      id_token_signed_response_alg: ALGORITHMS.find((algorithm) => offered.includes(algorithm)) ?? "RS256",
      token_endpoint_auth_method: authMethod(found, clientSecret !== null),
    },
    ...(clientSecret ? { clientSecret } : {}),
    idToken: true,
    checks: ["pkce", "state", "nonce"],
    httpOptions: { timeout: 8_000 },
    profile: (profile: { sub: string }) => ({ id: profile.sub }),
  };
}

/** How the portal proves to the provider who it is: Basic unless the provider says that it takes only the other way. */
function authMethod(
  { token_endpoint_auth_methods_supported: supported = ["client_secret_basic"] }: Discovery,
  hasSecret: boolean,
): "none" | "client_secret_basic" | "client_secret_post" {
  if (!hasSecret) return "none";
  return supported.includes("client_secret_post") && !supported.includes("client_secret_basic") ? "client_secret_post" : "client_secret_basic";
}

/** The library fixes the tolerance at 10 s under a symbol that it does not export: the only symbol of the client that holds a number. */
function tolerate(client: object, seconds: number): void {
  const slots: Record<symbol, unknown> = client as Record<symbol, unknown>;
  const slot = Object.getOwnPropertySymbols(client).find((symbol) => typeof slots[symbol] === "number");
  if (slot) slots[slot] = seconds;
}

async function options(onVerified: (identity: VerifiedIdentity) => void): Promise<AuthOptions> {
  const { url, isHttps } = env();
  return {
    secret: secret(),
    useSecureCookies: isHttps,
    pages: { signIn: "/sign-in", error: "/sign-in" },
    session: { strategy: "jwt", maxAge: 60 },
    providers: [providerOptions(await discover())],
    callbacks: {
      redirect: ({ url: wanted }) => `${url}${safeReturnPath(wanted, url)}`,
      signIn: ({ account, profile }) => {
        onVerified({ claims: { ...profile }, idToken: account?.id_token ?? null });
        return true;
      },
      jwt: () => ({}),
    },
    logger: {
      // Only the message: the library hangs whole tokens on its errors.
      error: (code, metadata) => log().warn({ code, reason: (metadata instanceof Error ? metadata : metadata.error)?.message }, "sign-in library"),
      warn: (code) => log().debug({ code }, "sign-in library"),
      debug: () => undefined,
    },
  };
}

const withoutOwnSession = (answer: Answer) => answer.cookies.filter((cookie) => !OWN_SESSION.test(cookie));

/** Begins a dance. The caller has checked that the request comes from our own pages. Throws unavailable when the provider does not answer. */
export async function beginOidc(returnPath: string, extra: Record<string, string> = {}): Promise<Dance> {
  const csrf = randomBytes(32).toString("hex");
  const csrfCookie = `${env().isHttps ? "__Host-" : ""}next-auth.csrf-token`;
  const answer = await callNextAuth(await options(() => undefined), {
    action: "signin",
    method: "POST",
    query: extra,
    body: { csrfToken: csrf, callbackUrl: `${env().url}${safeReturnPath(returnPath, env().url)}` },
    cookies: { [csrfCookie]: `${csrf}|${createHash("sha256").update(`${csrf}${secret()}`).digest("hex")}` },
  });
  if (!answer.location || answer.location.startsWith(`${env().url}/api/auth/`)) {
    throw new DomainError("unavailable", "The sign-in could not begin. Check the settings of the identity provider.");
  }
  return { location: answer.location, cookies: withoutOwnSession(answer), identity: null };
}

/** Ends a dance with what the provider sent back. `identity` is null when it refused or anything did not verify; the log says why. */
export async function endOidc(request: Request): Promise<Dance> {
  const found: { identity: VerifiedIdentity | null } = { identity: null };
  const answer = await callNextAuth(
    await options((identity) => {
      found.identity = identity;
    }),
    {
      action: "callback",
      method: "GET",
      query: Object.fromEntries(new URL(request.url).searchParams),
      body: {},
      cookies: onlyOurs(cookiesOf(request.headers)),
    },
  );
  const location = safeReturnPath(answer.location, env().url);
  return { location, cookies: withoutOwnSession(answer), identity: found.identity };
}

/** Where the dance that this browser is in began. */
export function returnPathOf(headers: Headers): string {
  const [, value] = Object.entries(cookiesOf(headers)).find(([name]) => name.endsWith(CALLBACK_COOKIE)) ?? [];
  return safeReturnPath(value, env().url);
}

/** A tampered return address must not stop the library: it falls back to the start page. */
function onlyOurs(cookies: Record<string, string>): Record<string, string> {
  const { url } = env();
  const fix = ([name, value]: [string, string]): [string, string] => (name.endsWith(CALLBACK_COOKIE) ? [name, `${url}${safeReturnPath(value, url)}`] : [name, value]);
  return Object.fromEntries(Object.entries(cookies).map(fix));
}
