import { DEMO_ISSUER } from "@/db/seed/demo-directory";
import { env } from "../env";
import { DomainError } from "../errors";
import { derivedKey } from "../secrets";

export interface ProviderSettings {
  /** What is stored with people and sessions; for the demo provider independent of the portal's address. */
  identityIssuer: string;
  /** `iss` of its tokens. */
  issuer: string;
  clientId: string;
  clientSecret: string | null;
  groupsClaim: string;
  isDemo: boolean;
}

export const DEMO_CLIENT_ID = "waymark";
export const DEMO_SESSION_COOKIE = "demo_idp_session";
export const demoIssuer = () => `${env().url}/demo-idp`;
export const demoClientSecret = () => derivedKey("demo-idp-client").toString("base64url");

/** The provider that people sign in with; never the demo one beside a configured one. Throws unavailable when there is none. */
export function signInProvider(): ProviderSettings {
  const { oidc, demo } = env();
  if (oidc) {
    const { issuer, clientId, clientSecret, groupsClaim } = oidc;
    return { identityIssuer: issuer.replace(/\/+$/, ""), issuer, clientId, clientSecret, groupsClaim, isDemo: false };
  }
  if (!demo) throw new DomainError("unavailable", "No identity provider is configured. Set OIDC_ISSUER, OIDC_CLIENT_ID and OIDC_CLIENT_SECRET and start again.");
  return { identityIssuer: DEMO_ISSUER, issuer: demoIssuer(), clientId: DEMO_CLIENT_ID, clientSecret: demoClientSecret(), groupsClaim: "groups", isDemo: true };
}
