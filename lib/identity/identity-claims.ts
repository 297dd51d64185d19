/** Who signs in, as the verified ID token says. */
export interface IdentityClaims {
  issuer: string;
  subject: string;
  name: string | null;
  email: string | null;
  emailVerified: boolean;
  username: string | null;
  claims: Record<string, unknown>;
}
