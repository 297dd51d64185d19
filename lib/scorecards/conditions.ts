import { type Cel, celFor, type Outcome } from "@/lib/core/cel/cel";
import { type Facts, VARIABLES } from "./contract-facts";

/** What counts: used by the worker. */
export const evaluator = (): Cel => celFor("scorecards", VARIABLES);
/** What is being written: a draft that takes long holds up other drafts at most. */
export const draftEvaluator = (): Cel => celFor("scorecard drafts", VARIABLES);

export interface Subject {
  entityRef: string;
  definition: Record<string, unknown>;
  facts: Facts;
}

/** The document that conditions are evaluated over. */
export const documentOf = ({ definition, facts }: Pick<Subject, "definition" | "facts">): Record<string, unknown> => ({ ...facts, entity: definition });

export interface Verdict {
  outcome: "pass" | "fail" | "unknown";
  reason: string | null;
}

/** What an answer means for a check. A part that the document lacks is the document's fault; a fact that is missing is nobody's. */
export function verdictOf(answer: Outcome | undefined): Verdict {
  if (answer === true) return { outcome: "pass", reason: null };
  if (answer === false) return { outcome: "fail", reason: null };
  if (answer === undefined) return { outcome: "unknown", reason: "It was not evaluated." };
  if ("because" in answer) return { outcome: "unknown", reason: answer.because };
  const [root = "", ...rest] = answer.missing;
  if (root === "" || root === "entity") return { outcome: "fail", reason: `The document has no ${rest.join(".") || "such field"}.` };
  return { outcome: "unknown", reason: `${answer.missing.join(".")} is not known.` };
}

const MAX_VALUE = 200;

/** The values that a condition names, as they are stored and shown; a long one is cut. */
export function observedBy(references: string[][], document: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    references.slice(0, 12).map((path) => {
      const value = path.reduce<unknown>(
        (at, name) => (typeof at === "object" && at !== null && Object.hasOwn(at, name) ? (at as Record<string, unknown>)[name] : undefined),
        document,
      );
      const shown = typeof value === "object" && value !== null && JSON.stringify(value).length > MAX_VALUE ? `${JSON.stringify(value).slice(0, MAX_VALUE)}…` : value;
      return [nameOf(path), typeof shown === "string" && shown.length > MAX_VALUE ? `${shown.slice(0, MAX_VALUE)}…` : (shown ?? null)];
    }),
  );
}

const nameOf = (path: string[]) => path.map((name, index) => (index === 0 ? name : /^\w+$/.test(name) ? `.${name}` : `["${name}"]`)).join("");
