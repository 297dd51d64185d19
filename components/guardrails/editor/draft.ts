import type { Ability, Effect, Example, GuardrailDefinition, STARTERS } from "@/lib/guardrails/contract";
import { readFacts, writeFacts } from "./fact-lines";

/** An example as it is typed; `key` keeps its place. */
export interface ExampleDraft {
  key: number;
  title: string;
  expect: "pass" | "fail";
  ability: Ability | "";
  /** One fact per line. */
  facts: string;
}

/** What the editor holds: lists as they are typed. */
export interface Draft {
  title: string;
  why: string;
  abilities: Ability[];
  teams: string;
  condition: string;
  effect: Effect;
  message: string;
  fix: string;
  field: string;
  docs: string;
  examples: ExampleDraft[];
}

export type Change = (part: Partial<Draft>) => void;

const listOf = (text: string) => [
  ...new Set(
    text
      .split(",")
      .map((one) => one.trim())
      .filter(Boolean)
      .map((one) => (one.includes(":") ? one : `group:default/${one}`)),
  ),
];

const exampleDraft = ({ title, expect, ability, facts }: Example, key: number): ExampleDraft => ({ key, title, expect, ability: ability ?? "", facts: writeFacts(facts) });

export const draftOf = (definition: GuardrailDefinition): Draft => ({
  title: definition.title,
  why: definition.why,
  abilities: definition.abilities,
  teams: definition.teams.map((ref) => ref.replace(/^group:default\//, "")).join(", "),
  condition: definition.condition,
  effect: definition.effect,
  message: definition.message,
  fix: definition.fix,
  field: definition.field ?? "",
  docs: definition.docs ?? "",
  examples: definition.examples.map(exampleDraft),
});

/** A starter begins switched off: what it would have said is looked at first. */
export const draftOfStarter = (starter: (typeof STARTERS)[number]): Draft => draftOf({ teams: [], ...starter, effect: "off" });

export function definitionOf(draft: Draft): GuardrailDefinition {
  const { field, docs, teams, examples, ...rest } = draft;
  return {
    ...rest,
    teams: listOf(teams),
    ...(field.trim() ? { field } : {}),
    ...(docs.trim() ? { docs } : {}),
    examples: examples.map(({ title, expect, ability, facts }) => ({ title, expect, ...(ability ? { ability } : {}), facts: readFacts(facts).facts })),
  };
}

/** What is asked of the server while somebody types. */
export const questionOf = (draft: Draft, tried: string) => ({
  abilities: draft.abilities,
  teams: listOf(draft.teams),
  condition: draft.condition,
  examples: draft.examples.map(({ ability, facts }) => ({ ...(ability ? { ability } : {}), facts: readFacts(facts).facts })),
  ...(tried.trim() && !readFacts(tried).problem ? { try: { facts: readFacts(tried).facts } } : {}),
});

export const NEW_DRAFT: Draft = {
  title: "",
  why: "",
  abilities: ["environment.create"],
  teams: "",
  condition: "",
  effect: "off",
  message: "",
  fix: "",
  field: "",
  docs: "",
  examples: [],
};

/** A key that no example has. */
export const newKey = (examples: ExampleDraft[]): number => Math.max(0, ...examples.map(({ key }) => key)) + 1;
