import type { CheckState, Level, ObservedFact, ScorecardSummary } from "@/lib/scorecards/contract";

/** Names of the steps of a distribution: those that have none first. */
export const stepNames = (levels: Pick<Level, "title">[]): string[] => [`Below ${levels[0]?.title ?? "the first level"}`, ...levels.map(({ title }) => title)];

/** How much ink a step of a distribution has. */
export const inkShare = (index: number, of: number): number => (index === 0 ? 0 : 0.15 + (0.85 * index) / of);

/** `7 Gold, 12 Silver, 3 Bronze, 1 Below Bronze`, the highest first. */
export const distributionWords = ({ levels, distribution }: Pick<ScorecardSummary, "levels" | "distribution">): string =>
  stepNames(levels)
    .map((name, index) => `${distribution[index] ?? 0} ${name}`)
    .reverse()
    .join(", ");

export const needsWork = (state: CheckState): boolean => state === "fail" || state === "unknown";

/** A value as it is read: text without quotes, lists with commas. */
export function valueWords({ value, isWithheld }: ObservedFact): string {
  if (isWithheld) return "only for its team";
  if (value === undefined) return "not known";
  if (Array.isArray(value) && value.some((one) => typeof one === "object")) return value.length === 1 ? "1 entry" : `${value.length} entries`;
  if (Array.isArray(value)) return value.length ? value.map(String).join(", ") : "none";
  if (typeof value === "boolean") return value ? "yes" : "no";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

const list = (words: string[]) => (words.length > 1 ? `${words.slice(0, -1).join(", ")} or ${words.at(-1)}` : (words[0] ?? ""));

/** `Entities of kind component, of type service or website, tagged tier-1`. */
export function appliesWords({ kinds, types, lifecycles, tags }: ScorecardSummary["appliesTo"]): string {
  const parts = [
    kinds.length ? `of kind ${list(kinds)}` : "of every kind",
    types.length ? `of type ${list(types)}` : "",
    lifecycles.length ? `in lifecycle ${list(lifecycles)}` : "",
    tags.length ? `tagged ${list(tags)}` : "",
  ];
  return `Entities ${parts.filter(Boolean).join(", ")}`;
}
