import { decrypt, encrypt } from "@/lib/core/secrets";
import { newSigningSecret } from "@/lib/core/webhook-signature";

/** After a change of the signing secret both sign for this long. */
const CHANGE_OVER_MS = 24 * 3_600_000;

export const secretsPlace = (runId: string) => `action_runs|${runId}|secrets`;
const signingPlace = (actionId: string) => `actions|${actionId}|secret`;

interface Signing {
  id: string;
  secretSealed: string | null;
  previousSecretSealed: string | null;
  previousSecretUntil: Date | null;
}

/** The secrets that sign a call now: the current one first. */
export function signingSecrets(action: Signing, now: Date): string[] {
  const isChanging = action.previousSecretUntil !== null && action.previousSecretUntil > now;
  return [action.secretSealed, isChanging ? action.previousSecretSealed : null].flatMap((sealed) => (sealed ? [decrypt(sealed, signingPlace(action.id))] : []));
}

/** A new signing secret: in clear to show once, and the columns to store. */
export function replacedSecret(action: Signing, now: Date) {
  const secret = newSigningSecret();
  return {
    secret,
    columns: {
      secretSealed: encrypt(secret, signingPlace(action.id)),
      previousSecretSealed: action.secretSealed,
      previousSecretUntil: action.secretSealed ? new Date(now.getTime() + CHANGE_OVER_MS) : null,
    },
  };
}
