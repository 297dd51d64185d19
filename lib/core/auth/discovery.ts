import { z } from "zod";
import { env } from "../env";
import { DomainError } from "../errors";
import { type ProviderSettings, signInProvider } from "./provider";

const Discovery = z.looseObject({
  issuer: z.string(),
  authorization_endpoint: z.string(),
  token_endpoint: z.string(),
  jwks_uri: z.string(),
  end_session_endpoint: z.string().optional(),
  id_token_signing_alg_values_supported: z.array(z.string()).optional(),
  token_endpoint_auth_methods_supported: z.array(z.string()).optional(),
});
export type Discovery = z.infer<typeof Discovery>;

const CACHE_MS = 10 * 60_000;
const TIMEOUT_MS = 8_000;
const store = globalThis as typeof globalThis & { __waymarkDiscovery?: { at: number; issuer: string; value: Discovery } };

const withoutSlash = (address: string) => address.replace(/\/+$/, "");

/** What the provider says of itself, asked at run time and remembered for ten minutes. Throws unavailable with what to check. */
export async function discover(): Promise<Discovery> {
  const provider = signInProvider();
  const known = store.__waymarkDiscovery;
  if (known?.issuer === provider.issuer && performance.now() - known.at < CACHE_MS) return known.value;
  const value = provider.isDemo ? await demoProvider(provider) : await ask(`${withoutSlash(provider.issuer)}/.well-known/openid-configuration`, provider);
  if (withoutSlash(value.issuer) !== withoutSlash(provider.issuer)) {
    throw new DomainError(
      "unavailable",
      `The identity provider calls itself ${value.issuer}, but OIDC_ISSUER is ${provider.issuer}. Set OIDC_ISSUER to exactly what it calls itself.`,
    );
  }
  store.__waymarkDiscovery = { at: performance.now(), issuer: provider.issuer, value };
  return value;
}

async function ask(address: string, provider: ProviderSettings): Promise<Discovery> {
  try {
    const answer = await fetch(address, { redirect: "error", signal: AbortSignal.timeout(TIMEOUT_MS) });
    if (!answer.ok) throw new Error(`it answered ${answer.status}`);
    return Discovery.parse(await answer.json());
  } catch (cause) {
    throw new DomainError("unavailable", `The identity provider ${provider.issuer} does not answer as one. Check OIDC_ISSUER and the network between the portal and it.`, {
      cause,
    });
  }
}

/** The browser meets the demo provider under the portal's address; the portal itself on loopback, since that address need not lead back here. */
async function demoProvider(provider: ProviderSettings): Promise<Discovery> {
  const { demoIdpPort } = await import("./demo-idp/listener");
  const { url } = env();
  const inside = `http://127.0.0.1:${await demoIdpPort()}`;
  const found = await ask(`${inside}/demo-idp/.well-known/openid-configuration`, provider);
  const outward = (address: string) => address.replace(inside, url);
  const inward = (address: string) => address.replace(url, inside);
  return {
    ...found,
    authorization_endpoint: outward(found.authorization_endpoint),
    token_endpoint: inward(found.token_endpoint),
    jwks_uri: inward(found.jwks_uri),
    ...(found.end_session_endpoint ? { end_session_endpoint: outward(found.end_session_endpoint) } : {}),
  };
}
