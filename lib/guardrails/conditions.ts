import { type Outcome as Answer, type Cel, celFor, type Variables } from "@/lib/core/cel/cel";
import { DomainError } from "@/lib/core/errors";
import { log } from "@/lib/core/log";
import { ABILITIES, type Ability, CHANNEL_FACT, COMMON_FACTS, type Document, type Fact, type GuardrailReport, REQUEST_FACTS } from "./contract";
import { outcomeOf, type Rule, resultOf, type When } from "./decide";

const typesOf = (facts: Record<string, Fact>) => Object.fromEntries(Object.entries(facts).map(([field, { type }]) => [field, type]));

/** Declared types of everything that a condition about this ability may name. */
const VARIABLES = Object.fromEntries(
  ABILITIES.map((ability): [string, Variables] => [
    ability,
    {
      request: typesOf(REQUEST_FACTS[ability]),
      team: typesOf(COMMON_FACTS.team),
      actor: typesOf(COMMON_FACTS.actor),
      now: typesOf(COMMON_FACTS.now),
      channel: CHANNEL_FACT.type,
    },
  ]),
);

/** Somebody waits with a form in front of them, and a transaction is open. */
const IN_REQUEST = { togetherMs: 1_500, aloneMs: 500 };

const evaluator = (ability: Ability): Cel => celFor("guardrails", VARIABLES[ability] ?? {}, IN_REQUEST);
/** What is being written: a draft that takes long holds up other drafts at most. */
export const draftEvaluator = (ability: Ability): Cel => celFor("guardrail drafts", VARIABLES[ability] ?? {}, { togetherMs: 2_500, aloneMs: IN_REQUEST.aloneMs });

/** Ends the threads; a later evaluation starts them again. */
export async function closeEvaluators(): Promise<void> {
  await evaluator("environment.create").close();
  await draftEvaluator("environment.create").close();
}

/** What the rules say of a document, sorted by name. An evaluator that fails decides nothing, and so lets nothing through that a rule refuses. */
export async function evaluate(rules: Rule[], ability: Ability, document: Document, when: When): Promise<GuardrailReport> {
  const sorted = [...rules].sort((a, b) => (a.name < b.name ? -1 : 1));
  const answers = sorted.length ? await answersTo(sorted, ability, document) : [];
  const results = sorted.map((rule, index) => resultOf(rule, answers[index], when));
  return { ability, outcome: outcomeOf(results), results };
}

async function answersTo(rules: Rule[], ability: Ability, document: Document): Promise<(Answer | undefined)[]> {
  try {
    const conditions = rules.map(({ definition }) => definition.condition);
    return (await evaluator(ability).evaluate(conditions, [document as unknown as Record<string, unknown>])).map(([first]) => first);
  } catch (error) {
    log().error({ err: error, ability }, "guardrails could not be evaluated");
    const because = error instanceof DomainError ? error.message : "The evaluator of conditions failed.";
    return rules.map(() => ({ because }));
  }
}
