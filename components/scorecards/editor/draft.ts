import { slugOf } from "@/lib/core/slug";
import type { Check, ScorecardDefinition, ScorecardForEdit } from "@/lib/scorecards/contract";

/** A check as it is typed; `key` keeps its place while its id changes. */
export interface CheckDraft extends Check {
  key: string;
  /** Not saved yet: its id may follow its title. */
  isNew?: boolean;
}

/** What the editor holds: lists as they are typed. */
export interface Draft {
  title: string;
  description: string;
  kinds: string;
  types: string;
  lifecycles: string;
  tags: string;
  levels: { name: string; title: string }[];
  checks: CheckDraft[];
}

export type Change = (part: Partial<Draft>) => void;

const listOf = (text: string) => [
  ...new Set(
    text
      .split(",")
      .map((one) => one.trim())
      .filter(Boolean),
  ),
];

export function draftOf({ title, description, appliesTo, levels, checks }: ScorecardDefinition): Draft {
  const { kinds, types, lifecycles, tags } = appliesTo;
  return {
    title,
    description,
    kinds: kinds.join(", "),
    types: types.join(", "),
    lifecycles: lifecycles.join(", "),
    tags: tags.join(", "),
    levels,
    checks: checks.map((check) => ({ ...check, key: check.id })),
  };
}

export const appliesToOf = ({ kinds, types, lifecycles, tags }: Draft) => ({ kinds: listOf(kinds), types: listOf(types), lifecycles: listOf(lifecycles), tags: listOf(tags) });

export function definitionOf(draft: Draft): ScorecardDefinition {
  return {
    title: draft.title,
    description: draft.description,
    appliesTo: appliesToOf(draft),
    levels: draft.levels,
    checks: draft.checks.map(({ key: _key, isNew: _isNew, concern, action, ...check }) => ({
      ...check,
      ...(concern?.trim() ? { concern } : {}),
      ...(action ? { action } : {}),
    })),
  };
}

export const NEW_DRAFT: Draft = {
  title: "",
  description: "",
  kinds: "component",
  types: "",
  lifecycles: "production",
  tags: "",
  levels: [
    { name: "bronze", title: "Bronze" },
    { name: "silver", title: "Silver" },
    { name: "gold", title: "Gold" },
  ],
  checks: [],
};

/** A key that no check has. */
export function newKey(checks: CheckDraft[], wanted: string): string {
  const base = slugOf(wanted) || "check";
  const taken = new Set(checks.map(({ key }) => key));
  let key = base;
  for (let n = 2; taken.has(key); n += 1) key = `${base}-${n}`;
  return key;
}

/** What somebody else's scorecard becomes when it is copied. */
export const copyOf = (card: ScorecardForEdit): Draft => ({ ...draftOf(card.definition), title: `${card.definition.title} (copy)` });
