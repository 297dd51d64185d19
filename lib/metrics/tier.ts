import type { Tier } from "./contract";

const RULES: [RegExp, Tier][] = [
  [/(^|[-_./ ])(non|pre)[-_ ]?prod|stag|uat|preview-prod|\bqa\b|(^|[-_./ ])test/i, "staging"],
  [/(^|[-_./ ])(prod|production|prd|live)([-_./ 0-9]|$)|production/i, "production"],
  [/sandbox|preview|review|(^|[-_./ ])pr[-_]?\d+/i, "sandbox"],
];

/** The tier that an environment's name says, for senders that do not name one; `development` where it says nothing. */
export function tierOf(environment: string): Tier {
  return RULES.find(([pattern]) => pattern.test(environment))?.[1] ?? "development";
}
