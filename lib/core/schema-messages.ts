import type { FieldError } from "./errors";
import { nearestName } from "./nearest-name";

// The same words for the same mistake in the browser and on the server.

export type Schema = Record<string, unknown>;

/** One error of the JSON Schema validator. */
export interface SchemaError {
  keyword: string;
  keywordLocation: string;
  instanceLocation: string;
  error: string;
}

/** The schema itself, or an empty one for anything that is not an object. */
export function asSchema(value: unknown): Schema {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Schema) : {};
}

// Keywords that only say that something further inside did not fit.
const STRUCTURAL = new Set(["properties", "items", "additionalItems", "allOf", "if", "then", "else", "dependencies", "$ref", "propertyNames", "not"]);
const CHOICES = new Set(["oneOf", "anyOf"]);
const TYPES: Record<string, string> = {
  string: "text",
  number: "a number",
  integer: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "a group of values",
  null: "nothing",
};

/** One sentence per field out of the validator's errors; each says what is expected. Never empty. */
export function explainErrors(schema: Schema, values: Schema, errors: SchemaError[]): FieldError[] {
  const foreign = foreignBranches(errors);
  const leaves = errors.filter((error) => !STRUCTURAL.has(error.keyword) && !CHOICES.has(error.keyword));
  const relevant = leaves.filter((error) => !foreign.some((prefix) => error.keywordLocation.startsWith(prefix)));
  const shown = relevant.length > 0 ? relevant : errors.filter((error) => CHOICES.has(error.keyword));
  const fields = new Map<string, string>();
  for (const error of shown.length > 0 ? shown : errors) {
    const { path, message } = explain(schema, values, error);
    if (!fields.has(path)) fields.set(path, message);
  }
  return [...fields].map(([path, message]) => ({ path, message }));
}

/** Branches of a choice other than the one that fits best; a wrong answer to the question they hang on rules a branch out. */
function foreignBranches(errors: SchemaError[]): string[] {
  const choices = new Map<string, Map<string, number>>();
  for (const { keyword, keywordLocation, instanceLocation } of errors) {
    const [branch, choice = ""] = /^(.*\/(?:oneOf|anyOf)\/)\d+\//.exec(keywordLocation) ?? [];
    if (!branch || STRUCTURAL.has(keyword)) continue;
    const question = /\/dependencies\/([^/]+)\//.exec(keywordLocation)?.[1];
    const cost = question !== undefined && instanceLocation.endsWith(`/${question}`) ? 1_000 : 1;
    const branches = choices.get(choice) ?? new Map<string, number>();
    choices.set(choice, branches.set(branch, (branches.get(branch) ?? 0) + cost));
  }
  return [...choices.values()].flatMap((branches) => {
    const least = Math.min(...branches.values());
    return [...branches].filter(([, cost]) => cost > least || cost >= 1_000).map(([branch]) => branch);
  });
}

function explain(schema: Schema, values: Schema, error: SchemaError): FieldError {
  const segments = pointer(error.instanceLocation);
  const rule = asSchema(resolve(schema, pointer(error.keywordLocation).slice(0, -1)));
  if (error.keyword === "required") {
    const name = /"(.+)"/.exec(error.error)?.[1] ?? "";
    const wanted = asSchema(asSchema(rule.properties)[name] ?? asSchema(schema.properties)[name]);
    return { path: ["values", ...segments, name].join("."), message: `Give a value. ${hint(wanted)}`.trim() };
  }
  const value = resolve(values, segments);
  return { path: ["values", ...segments].join("."), message: `${sentence(error, rule, value)}`.trim() };
}

function sentence(error: SchemaError, rule: Schema, value: unknown): string {
  const limit = String(rule[error.keyword]);
  switch (error.keyword) {
    case "pattern":
      return `${show(rule, value)} does not fit. ${hint(rule) || `It must match ${limit}.`}`;
    case "enum":
      return oneOf(rule, value);
    case "const":
      return `Only ${JSON.stringify(rule.const)} is possible here.`;
    case "type":
      return `Expected ${[rule.type]
        .flat()
        .map((type) => TYPES[String(type)] ?? type)
        .join(" or ")}.`;
    case "minLength":
      return `At least ${limit} ${limit === "1" ? "character" : "characters"}.`;
    case "maxLength":
      return `At most ${limit} characters; this has ${String(value).length}.`;
    case "minimum":
      return `At least ${limit}.`;
    case "maximum":
      return `At most ${limit}.`;
    case "minItems":
      return `Choose at least ${limit}.`;
    case "maxItems":
      return `Choose at most ${limit}.`;
    case "uniqueItems":
      return "An entry is there twice. Keep one.";
    case "format":
      return `${show(rule, value)} is not a valid ${limit}. ${hint(rule)}`;
    case "oneOf":
    case "anyOf":
      return "These values do not go together. Check the questions that depend on each other.";
    default:
      return `${error.error} ${hint(rule)}`;
  }
}

function oneOf(rule: Schema, value: unknown): string {
  const options = (Array.isArray(rule.enum) ? rule.enum : []).map(String);
  const near = typeof value === "string" ? nearestName(value, options) : null;
  const choices = `Choose one of: ${options.slice(0, 20).join(", ")}.`;
  return `${show(rule, value)} is not possible. ${near ? `Did you mean "${near}"? ` : ""}${choices}`;
}

/** What the author of the form says about the question. */
function hint(rule: Schema): string {
  const help = rule["ui:help"] ?? asSchema(rule["ui:options"]).help ?? rule.description;
  if (typeof help !== "string" || help.trim() === "") return "";
  return /[.!?]$/.test(help.trim()) ? help.trim() : `${help.trim()}.`;
}

function show(rule: Schema, value: unknown): string {
  const isSecret = rule["ui:field"] === "Secret" || rule["ui:widget"] === "password";
  if (isSecret || (typeof value === "object" && value !== null)) return "This value";
  const text = String(value);
  return `"${text.length > 40 ? `${text.slice(0, 40)}…` : text}"`;
}

function pointer(location: string): string[] {
  return location
    .replace(/^#\/?/, "")
    .split("/")
    .filter(Boolean)
    .map((segment) => decodeURIComponent(segment).replaceAll("~1", "/").replaceAll("~0", "~"));
}

function resolve(root: unknown, segments: string[]): unknown {
  return segments.reduce<unknown>((node, key) => (typeof node === "object" && node !== null && Object.hasOwn(node, key) ? (node as Schema)[key] : undefined), root);
}
