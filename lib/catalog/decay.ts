import type { CatalogEntity } from "./contract";

const DAY_MS = 86_400_000;

/** Kinds that people write about what they answer for. A place to read from, or a person, needs no confirming. */
const CONFIRMED = new Set(["component", "api", "resource", "system", "domain", "group"]);

/** Since when nobody has changed or confirmed what people wrote in it (ISO), where that is longer ago than `afterDays`; else null. */
export function unconfirmedSince(
  { kind, updatedAt, confirmedAt, goneAt }: Pick<CatalogEntity, "kind" | "updatedAt" | "confirmedAt" | "goneAt">,
  afterDays: number,
  now: Date,
): string | null {
  if (!CONFIRMED.has(kind) || goneAt) return null;
  const since = confirmedAt && confirmedAt > updatedAt ? confirmedAt : updatedAt;
  return now.getTime() - Date.parse(since) > afterDays * DAY_MS ? since : null;
}
