import { eq } from "drizzle-orm";
import { exportJWK, generateKeyPair, type JWK } from "jose";
import { db } from "@/db/client";
import { demoIdpState } from "@/db/schema";
import { decrypt, encrypt } from "../../secrets";

const KEY = "keys:signing";
const PLACE = "demo_idp_state|keys:signing|payload";

/** The provider's signing key, made once and kept encrypted; the first of several replicas wins. */
export async function signingKey(): Promise<JWK> {
  const [known] = await db().select().from(demoIdpState).where(eq(demoIdpState.key, KEY));
  if (known) return JSON.parse(decrypt(String(known.payload.sealed), PLACE)) as JWK;
  const { privateKey } = await generateKeyPair("RS256", { extractable: true });
  const jwk = { ...(await exportJWK(privateKey)), use: "sig", alg: "RS256" };
  const payload = { sealed: encrypt(JSON.stringify(jwk), PLACE) };
  const [made] = await db().insert(demoIdpState).values({ key: KEY, payload }).onConflictDoNothing().returning();
  return made ? jwk : signingKey();
}
