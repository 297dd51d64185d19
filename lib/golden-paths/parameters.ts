import { asSchema, type Schema } from "@/lib/core/schema-messages";
import { type GoldenPathDefinition, pagesOf } from "./definition";

const COMPOSED = ["allOf", "anyOf", "oneOf"] as const;
const CONDITIONAL = ["then", "else"] as const;

/** One JSON Schema (draft 7) for the answers of all form pages. A page shown only `when` something holds requires nothing. */
export function mergedSchema(definition: GoldenPathDefinition): Schema {
  const properties: Schema = {};
  const required = new Set<string>();
  const dependencies: Schema = {};
  const allOf: unknown[] = [];
  for (const page of pagesOf(definition)) {
    Object.assign(properties, page.properties);
    if (!("when" in page)) for (const name of page.required ?? []) required.add(name);
    Object.assign(dependencies, asSchema(page.dependencies));
    if (Array.isArray(page.allOf)) allOf.push(...page.allOf);
    const rest = pick(page, ["if", "then", "else", "anyOf", "oneOf"]);
    if (Object.keys(rest).length > 0) allOf.push(rest);
  }
  const definitions = Object.assign({}, ...pagesOf(definition).map((page) => asSchema(page.definitions)));
  return { type: "object", properties, required: [...required], dependencies, allOf, definitions };
}

/** Every name that an answer may have, also those that appear only with certain other answers. */
export function knownNames(schema: Schema): Set<string> {
  const names = new Set(Object.keys(asSchema(schema.properties)));
  const add = (nested: unknown) => {
    for (const name of knownNames(asSchema(nested))) names.add(name);
  };
  for (const keyword of COMPOSED) if (Array.isArray(schema[keyword])) schema[keyword].forEach(add);
  for (const keyword of CONDITIONAL) if (keyword in schema) add(schema[keyword]);
  Object.values(asSchema(schema.dependencies)).forEach(add);
  return names;
}

type Matches = (schema: Schema, values: Schema) => Promise<boolean>;

/** The values with the defaults of the form, also those of branches that the values choose. */
export async function withDefaults(schema: Schema, values: Schema, matches: Matches): Promise<Schema> {
  let filled: Schema = { ...values };
  for (const [name, raw] of Object.entries(asSchema(schema.properties))) {
    const property = asSchema(raw);
    if (filled[name] === undefined && property.default !== undefined) filled[name] = structuredClone(property.default);
    if (!("properties" in property) || Array.isArray(filled[name])) continue;
    const nested = await withDefaults(property, asSchema(filled[name]), matches);
    if (Object.keys(nested).length > 0) filled[name] = nested;
  }
  for (const branch of await chosenBranches(schema, filled, matches)) filled = await withDefaults(branch, filled, matches);
  return filled;
}

async function chosenBranches(schema: Schema, values: Schema, matches: Matches): Promise<Schema[]> {
  const branches: Schema[] = Array.isArray(schema.allOf) ? schema.allOf.map(asSchema) : [];
  if ("if" in schema) branches.push(asSchema((await matches(asSchema(schema.if), values)) ? schema.then : schema.else));
  for (const [name, raw] of Object.entries(asSchema(schema.dependencies))) {
    if (values[name] === undefined || Array.isArray(raw)) continue;
    const dependency = asSchema(raw);
    branches.push(dependency);
    const options = Array.isArray(dependency.oneOf) ? dependency.oneOf.map(asSchema) : [];
    const chosen = options.find((option) => allows(asSchema(asSchema(option.properties)[name]), values[name]));
    if (chosen) branches.push(chosen);
  }
  return branches;
}

function allows(property: Schema, value: unknown): boolean {
  if ("const" in property) return property.const === value;
  return Array.isArray(property.enum) && property.enum.includes(value);
}

function pick(source: Schema, keys: string[]): Schema {
  return Object.fromEntries(keys.filter((key) => key in source).map((key) => [key, source[key]]));
}
