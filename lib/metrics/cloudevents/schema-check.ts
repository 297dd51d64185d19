import { type Schema, Validator } from "@cfworker/json-schema";
import { faultInWords } from "../webhooks/faults";
import { CdEvent } from "./cd-event";
import vendored from "./schemas.json";
import { notUnderstood, standingTo, versionOf } from "./versions";

// The JSON Schemas of CDEvents 0.5.0, each for one version of one event.

type EventSchema = Schema & {
  $id: string;
  properties?: { context?: { properties?: { type?: { enum?: string[] }; [name: string]: unknown }; required?: string[] } };
};

const all = (vendored.schemas as unknown as EventSchema[]).map(satisfiable);
const newestOf = new Map(
  all.flatMap((schema) =>
    (schema.properties?.context?.properties?.type?.enum ?? []).flatMap((type) => {
      const version = versionOf(type);
      return version ? [[version.kind, { type, schema, version }] as const] : [];
    }),
  ),
);

/** Three of the published schemas still require `context.version`, which they do not allow: nothing could be valid. */
function satisfiable(schema: EventSchema): EventSchema {
  const context = schema.properties?.context;
  if (!context?.required || !context.properties) return schema;
  const known = Object.keys(context.properties);
  return { ...schema, properties: { ...schema.properties, context: { ...context, required: context.required.filter((name) => known.includes(name)) } } } as EventSchema;
}

interface Fault {
  path: string;
  message: string;
}

/**
 * What is wrong with a CDEvent: path and sentence of each fault. One of the version that CDEvents 0.5 has of its kind is held to the
 * schema, a patch of it too. An older one is read as it is, since only what Waymark uses is needed of it; a newer one is not understood.
 * Empty for a valid one, and for kinds that CDEvents 0.5 does not have.
 */
export function faultsOf(type: string, event: Record<string, unknown>): Fault[] {
  const sent = versionOf(type);
  const newest = sent && newestOf.get(sent.kind);
  if (!sent || !newest) return [];
  const standing = standingTo(newest.version, sent);
  if (standing === "newer") return [{ path: "context.type", message: notUnderstood(type, newest.version) }];
  if (standing === "older") return faultsOfFields(CdEvent.safeParse(event));
  const context = event.context as Record<string, unknown>;
  if ("version" in context && !("specversion" in context))
    return [{ path: "context.version", message: `${type} is of CDEvents 0.5, which calls this specversion. Call it so, or send the event in the version of CDEvents 0.4.` }];
  return schemaFaults(newest.schema, { ...event, context: { ...context, type: newest.type } });
}

/** Keywords of the schemas around the one that does not fit. */
const OUTER = ["properties", "$ref", "items", "anyOf", "oneOf", "allOf"];

const faultsOfFields = (read: ReturnType<typeof CdEvent.safeParse>): Fault[] =>
  (read.error?.issues ?? []).map((issue) => ({ path: issue.path.join("."), message: faultInWords(issue) }));

function schemaFaults(schema: EventSchema, event: unknown): Fault[] {
  const validator = new Validator(schema, "2020-12", false);
  for (const other of all) if (other !== schema) validator.addSchema(other);
  const { valid, errors } = validator.validate(event);
  if (valid) return [];
  const deepest = errors.filter(({ keyword }) => ![...OUTER, "false"].includes(keyword));
  return (deepest.length ? deepest : errors)
    .slice(0, 10)
    .map(({ instanceLocation, keyword, error }) => ({ path: instanceLocation.replace(/^#\/?/, "").replaceAll("/", "."), message: sentence(keyword, error) }));
}

/** The validator's words in ours, where a sender can do something about them. */
function sentence(keyword: string, error: string): string {
  const [, name = ""] = /"([^"]*)"/.exec(error) ?? [];
  if (keyword === "required") return `The field “${name}” is missing.`;
  if (keyword === "additionalProperties" || keyword === "unevaluatedProperties") return `The field “${name}” is not part of this event. Remove it, or put it into customData.`;
  if (keyword === "type") return `${error.replace(/^Instance type "(.*)" is invalid\. Expected "(.*)"\.$/, "It is of the type $1; $2 is expected.")}`;
  if (keyword === "minLength") return "It is empty.";
  if (keyword === "format") return "It is not written as expected.";
  return "CDEvents 0.5 does not allow this here.";
}
