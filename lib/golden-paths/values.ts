import { DomainError, type FieldError } from "@/lib/core/errors";
import { nearestName } from "@/lib/core/nearest-name";
import { explainErrors, type Schema } from "@/lib/core/schema-messages";
import type { GoldenPathDefinition } from "./definition";
import { type Renderer, RenderFailure, renderer } from "./engine/renderer";
import { knownNames, mergedSchema, withDefaults } from "./parameters";

const MAX_CHARACTERS = 64 * 1024;
const MAX_DEPTH = 20;
const DEADLINE_MS = 1_000;
const RESERVED = new Set(["__proto__", "constructor", "prototype"]);

/**
 * The answers with defaults applied. Patterns run in the template thread, so a slow one cannot hold the server.
 * Throws DomainError("invalid") with one field per problem, each saying how to fix it.
 */
export async function validateValues(definition: GoldenPathDefinition, values: Record<string, unknown>, thread: Renderer = renderer()): Promise<Schema> {
  return validateAnswers(mergedSchema(definition), values, `The golden path ${definition.metadata.name}`, thread);
}

/** The same for the form of anything else; `asker` is who asks, such as "The action add-database". */
export async function validateAnswers(schema: Schema, values: Record<string, unknown>, asker: string, thread: Renderer = renderer()): Promise<Schema> {
  checkShape(values);
  refuseUnknown(values, knownNames(schema), asker);
  try {
    const matches = async (condition: Schema, instance: Schema) => (await thread.ask("validate", { schema: condition, instance }, { deadlineMs: DEADLINE_MS })).valid;
    const filled = await withDefaults(schema, values, matches);
    const { valid, errors } = await thread.ask("validate", { schema, instance: filled }, { deadlineMs: DEADLINE_MS });
    if (valid) return filled;
    throw invalid(explainErrors(schema, filled, errors));
  } catch (error) {
    if (!(error instanceof RenderFailure)) throw error;
    const message = `${asker} could not check these values in time (${error.message}). Shorten them; if that does not help, tell its owner.`;
    throw new DomainError("invalid", message, { fields: [{ path: "values", message }], cause: error });
  }
}

function checkShape(values: Record<string, unknown>): void {
  walk(values, "values", 0);
  if (JSON.stringify(values).length > MAX_CHARACTERS) throw invalid([{ path: "values", message: "The values are larger than 64 kB. Shorten them." }]);
}

function walk(node: unknown, path: string, depth: number): void {
  if (depth > MAX_DEPTH) throw invalid([{ path, message: `Nested deeper than ${MAX_DEPTH} levels. Flatten it.` }]);
  if (typeof node !== "object" || node === null) return;
  for (const [key, value] of Object.entries(node)) {
    if (RESERVED.has(key)) throw invalid([{ path, message: `The name ${key} is reserved. Rename it.` }]);
    walk(value, `${path}.${key}`, depth + 1);
  }
}

function refuseUnknown(values: Record<string, unknown>, known: Set<string>, asker: string): void {
  const fields = Object.keys(values)
    .filter((name) => !known.has(name))
    .map((name) => {
      const near = nearestName(name, known);
      const hint = near ? `Did you mean "${near}"?` : `It asks for: ${[...known].join(", ") || "nothing"}.`;
      return { path: `values.${name}`, message: `${asker} does not ask for "${name.slice(0, 64)}". ${hint}` };
    });
  if (fields.length > 0) throw invalid(fields);
}

function invalid(fields: FieldError[]): DomainError {
  const [first] = fields;
  return new DomainError("invalid", first ? `${first.path}: ${first.message}` : "The values are invalid.", { fields: fields.slice(0, 20) });
}
