import type { CheckState, Effort } from "./contract";
import { EFFORTS } from "./contract";

/**
 * What checks add up to. A level is reached when every check of it and of the levels below it counts.
 *
 * Counts: a pass, an exception that was granted, a concern that was left on purpose.
 * Unknown: counts as what was last known, so that a source that is down changes no level; what was never known does not count,
 * because a level says what is known to be so.
 */
export interface Standing {
  id: string;
  /** Name of its level. */
  level: string;
  state: CheckState;
  lastKnown: "pass" | "fail" | null;
}

/** Whether a check counts towards its level. */
export function counts({ state, lastKnown }: Pick<Standing, "state" | "lastKnown">): boolean {
  return state === "pass" || state === "exempt" || state === "ejected" || (state === "unknown" && lastKnown === "pass");
}

/** How many levels are reached, from the lowest on; 0 = none. */
export function levelOf(levels: readonly string[], checks: readonly Standing[]): number {
  const blocked = levels.findIndex((level) => checks.some((check) => check.level === level && !counts(check)));
  return blocked === -1 ? levels.length : blocked;
}

/** What is in the way of the next level: the cheapest first, and of two alike the one that stands first. Empty at the top. */
export function missingForNext<T extends Standing & { effort: Effort }>(levels: readonly string[], checks: readonly T[]): T[] {
  const next = levels[levelOf(levels, checks)];
  return checks.filter((check) => check.level === next && !counts(check)).sort((a, b) => EFFORTS.indexOf(a.effort) - EFFORTS.indexOf(b.effort));
}
