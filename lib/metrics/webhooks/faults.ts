import { z } from "zod";

// What is wrong with a message that cannot be read, for people who look at what another system sent.

const NOUNS: Record<string, string> = {
  string: "a text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "an object",
  record: "an object",
};
const MOST_FAULTS = 3;
/** How zod begins what no schema has words of its own for. */
const UNWORDED = /^(Invalid|Too (small|big)|Unrecognized|Unknown)\b/;

/** Sentences on the first faults of a message: each names the field by its path and what was expected there. */
export function faultsInWords(error: Error): string {
  if (error instanceof SyntaxError) return "The body is no JSON.";
  if (!(error instanceof z.ZodError)) return error.message.slice(0, 200);
  const told = error.issues.slice(0, MOST_FAULTS).map(faultInWords);
  const rest = error.issues.length - told.length;
  return [...told, ...(rest > 0 ? [`${rest} more.`] : [])].join(" ").slice(0, 500);
}

/** One fault as a sentence: which field, and what was expected there. */
export function faultInWords(issue: z.core.$ZodIssue): string {
  const name = issue.path.length ? `“${issue.path.map(String).join(".").slice(0, 120)}”` : "The message";
  if (!UNWORDED.test(issue.message)) return `${name}: ${issue.message}`;
  switch (issue.code) {
    case "invalid_type": {
      const received = /received (\w+)/.exec(issue.message)?.[1] ?? "";
      const wanted = NOUNS[issue.expected] ?? `a value of the type ${issue.expected}`;
      if (received === "undefined") return `${name} is missing; it has to be ${wanted}.`;
      return `${name} is ${received === "null" ? "empty" : (NOUNS[received] ?? "something else")}; it has to be ${wanted}.`;
    }
    case "invalid_value":
      return `${name} has to be ${issue.values.length > 1 ? `one of ${issue.values.map(String).join(", ")}` : String(issue.values[0])}.`;
    case "too_big":
      return `${name} is too ${sizeWord(issue.origin, "long", "large")}; at most ${issue.maximum} ${unit(issue.origin)}`.trimEnd().concat(".");
    case "too_small":
      return `${name} is too ${sizeWord(issue.origin, "short", "small")}; at least ${issue.minimum} ${unit(issue.origin)}`.trimEnd().concat(".");
    case "unrecognized_keys":
      return `${name} has the unknown field “${issue.keys[0]}”.`;
    default:
      return `${name} is not written as expected.`;
  }
}

const isMeasured = (origin: string) => origin === "string" || origin === "array";
const sizeWord = (origin: string, measured: string, counted: string) => (isMeasured(origin) ? measured : counted);
const unit = (origin: string) => (origin === "string" ? "characters" : origin === "array" ? "entries" : "");
