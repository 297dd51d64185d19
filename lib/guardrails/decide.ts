import type { Outcome as Answer } from "@/lib/core/cel/cel";
import type { FieldError } from "@/lib/core/errors";
import type { GuardrailDefinition, GuardrailResult, GuardrailWarning, Outcome } from "./contract";

// What answers of conditions mean. Nothing here reads or writes, and no order of guardrails changes what comes out.

/** A guardrail that is in force for a request. */
export interface Rule {
  name: string;
  revision: number;
  definition: GuardrailDefinition & { effect: "refuse" | "warn" };
  /** The team is let through until then. */
  exception: { id: string; reason: string; until: string } | null;
  /** Whom to ask when it cannot be evaluated. */
  keeper: string | null;
}

/** `early`: somebody is still typing, so that a missing fact is an answer to come and no failure. */
export type When = "early" | "submit";

const pathWords = (path: string[]) => path.join(".");

/** Why a condition gave neither true nor false. */
export function undecidedWords(answer: Answer | undefined): string {
  if (answer === undefined || typeof answer === "boolean") return "It was not evaluated.";
  return "because" in answer ? answer.because : `${pathWords(answer.missing)} is not known.`;
}

/** What one guardrail says. One that refuses and cannot be evaluated refuses; one that warns warns. */
export function resultOf({ name, revision, definition, exception, keeper }: Rule, answer: Answer | undefined, when: When): GuardrailResult {
  const { title, effect, message, fix, field = null, docs = null } = definition;
  const result = { name, title, revision, effect, undecided: null, message, fix, field, docs, exception: null };
  if (answer === true) return { ...result, verdict: "passes" };
  const undecided = answer === false ? null : undecidedWords(answer);
  if (when === "early" && typeof answer === "object" && "missing" in answer) return { ...result, verdict: "open", undecided };
  if (exception) return { ...result, verdict: "excepted", undecided, exception };
  const verdict = effect === "refuse" ? "refuses" : "warns";
  if (undecided === null) return { ...result, verdict };
  const asked = keeper ? `${keeper} or a platform admin` : "a platform admin";
  return { ...result, verdict, undecided, field: null, message: `It could not be evaluated. ${undecided}`, fix: `Ask ${asked} to put the guardrail right.` };
}

/** What all of them come to: one that refuses is enough. */
export function outcomeOf(results: Pick<GuardrailResult, "verdict">[]): Outcome {
  if (results.some(({ verdict }) => verdict === "refuses")) return "refused";
  return results.some(({ verdict }) => verdict === "warns") ? "warned" : "allowed";
}

/** A sentence for people who see nothing else: what is wrong, what to do, which guardrail says so. */
export const sentenceOf = ({ name, message, fix }: Pick<GuardrailResult, "name" | "message" | "fix">): string => `${message} ${fix} (guardrail ${name})`;

/** The refusals as errors of the input, beside the field that they concern. */
export const fieldErrors = (results: GuardrailResult[]): FieldError[] =>
  results.filter(({ verdict }) => verdict === "refuses").map((result) => ({ path: result.field ?? "", message: sentenceOf(result), guardrail: result.name }));

/** Those that let it through and have something to say. */
export const warningsOf = (results: GuardrailResult[]): GuardrailWarning[] =>
  results.filter(({ verdict }) => verdict === "warns").map(({ name, title, message, fix, field, docs }) => ({ name, title, message, fix, field, docs }));
