import { decrypt, encrypt, textsIn } from "@/lib/core/secrets";
import type { EnvironmentRow } from "./subject";

type Values = Record<string, unknown>;

const place = (environmentId: string) => `environments|${environmentId}|secrets`;

/** Answers as they are stored: those that are secrets apart and sealed. */
export function sealAnswers(environmentId: string, { open, secret }: { open: Values; secret: Values }): { values: Values; secretsSealed: string | null } {
  return { values: open, secretsSealed: Object.keys(secret).length > 0 ? encrypt(JSON.stringify(secret), place(environmentId)) : null };
}

/** All answers of an environment; `mask` gets every text that must not appear in a log. Throws unavailable where WAYMARK_SECRET is another one. */
export function openAnswers({ id, values, secretsSealed }: EnvironmentRow, mask: (text: string) => void): Values {
  if (!secretsSealed) return values;
  const secret: Values = JSON.parse(decrypt(secretsSealed, place(id)));
  for (const text of textsIn(secret)) mask(text);
  return { ...values, ...secret };
}
