import { FACT_GROUPS, type FactGroup, type Facts } from "../contract-facts";

/** Facts of an entity as they are stored: without groups that say what is usual. */
export interface StoredFacts {
  facts: Facts;
  observed: Record<string, string>;
  /** Groups whose sources have answered; null = every one. */
  answered: string[] | null;
}

const USUAL: Facts = Object.fromEntries(Object.entries(FACT_GROUPS as Record<string, FactGroup>).map(([group, { usual }]) => [group, usual]));

/** Every group of which something is known, whether it is stored or usual. */
export function wholeFacts({ facts, answered }: Pick<StoredFacts, "facts" | "answered">): Facts {
  if (answered === null) return { ...USUAL, ...facts };
  return { ...Object.fromEntries(Object.entries(USUAL).filter(([group]) => answered.includes(group))), ...facts };
}

/** When the source of this group last said so, in the database's writing; undefined where it never answered. */
export function observedAt({ observed, answered }: Pick<StoredFacts, "observed" | "answered">, group: string): string | undefined {
  return observed[group] ?? (answered === null || answered.includes(group) ? observed.entity : undefined);
}
