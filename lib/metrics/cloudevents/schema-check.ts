import { type Schema, Validator } from "@cfworker/json-schema";
import vendored from "./schemas.json";

// The JSON Schemas of CDEvents 0.5.0, each for one version of one event.

type EventSchema = Schema & {
  $id: string;
  properties?: { context?: { properties?: { type?: { enum?: string[] }; [name: string]: unknown }; required?: string[] } };
};

const all = (vendored.schemas as unknown as EventSchema[]).map(satisfiable);
const byType = new Map(all.flatMap((schema) => (schema.properties?.context?.properties?.type?.enum ?? []).map((type) => [type, schema] as const)));

/** Three of the published schemas still require `context.version`, which they do not allow: nothing could be valid. */
function satisfiable(schema: EventSchema): EventSchema {
  const context = schema.properties?.context;
  if (!context?.required || !context.properties) return schema;
  const known = Object.keys(context.properties);
  return { ...schema, properties: { ...schema.properties, context: { ...context, required: context.required.filter((name) => known.includes(name)) } } } as EventSchema;
}

/** What is wrong with a CDEvent by its own schema: path and message of each fault. Empty for a valid one, and for versions that we have no schema of. */
export function faultsOf(type: string, event: unknown): { path: string; message: string }[] {
  const schema = byType.get(type);
  if (!schema) return [];
  const validator = new Validator(schema, "2020-12", false);
  for (const other of all) if (other !== schema) validator.addSchema(other);
  const { valid, errors } = validator.validate(event);
  if (valid) return [];
  const deepest = errors.filter(({ keyword }) => !["properties", "$ref", "items", "anyOf", "oneOf", "allOf"].includes(keyword));
  return (deepest.length ? deepest : errors)
    .slice(0, 10)
    .map(({ instanceLocation, error }) => ({ path: instanceLocation.replace(/^#\/?/, "").replaceAll("/", "."), message: error }));
}
