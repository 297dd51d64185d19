import type { Outcome as Answer } from "@/lib/core/cel/cel";
import { draftEvaluator } from "./conditions";
import { type Ability, exampleAbility } from "./contract";
import { undecidedWords } from "./decide";

type Given = { ability?: Ability | undefined; facts: Record<string, unknown> };
type ExampleOutcome = { outcome: "pass" | "fail" | "undecided"; reason: string | null };

/** Facts by dotted path as the document that conditions are evaluated over. */
export function documentOfFacts(facts: Record<string, unknown>): Record<string, unknown> {
  const document: Record<string, unknown> = { request: {}, team: {}, actor: {}, now: {} };
  for (const [path, value] of Object.entries(facts)) {
    const names = path.split(".");
    if (names.some((name) => name === "__proto__")) continue;
    let at = document;
    for (const name of names.slice(0, -1)) {
      if (!Object.hasOwn(at, name) || typeof at[name] !== "object" || at[name] === null) at[name] = {};
      at = at[name] as Record<string, unknown>;
    }
    const last = names.at(-1);
    if (last) at[last] = value;
  }
  return document;
}

const outcomeOf = (answer: Answer | undefined): ExampleOutcome =>
  typeof answer === "boolean"
    ? { outcome: answer ? "pass" : "fail", reason: null }
    : { outcome: "undecided", reason: typeof answer === "object" && "missing" in answer ? `${undecidedWords(answer)} Add it.` : undecidedWords(answer) };

/** What a condition says of each example. */
export async function tryExamples(condition: string, abilities: Ability[], examples: Given[]): Promise<ExampleOutcome[]> {
  const outcomes: ExampleOutcome[] = examples.map(() => outcomeOf(undefined));
  for (const ability of abilities) {
    const own = examples.flatMap((example, index) => (exampleAbility(example, abilities) === ability ? [{ example, index }] : []));
    if (own.length === 0) continue;
    const [answers = []] = await draftEvaluator(ability).evaluate(
      [condition],
      own.map(({ example }) => documentOfFacts(example.facts)),
    );
    own.forEach(({ index }, at) => {
      outcomes[index] = outcomeOf(answers[at]);
    });
  }
  return outcomes;
}
