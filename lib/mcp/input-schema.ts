import { z } from "zod";
import type { Permission } from "@/lib/core/policy";

export type JsonSchema = { type?: unknown; properties?: Record<string, JsonSchema>; required?: string[] } & Record<string, unknown>;

export interface SchemaChanges {
  /** What each field is, for the agent. */
  fields: Record<string, string>;
  /** What holds where nothing is sent, where that differs from the API. */
  defaults: Record<string, unknown>;
  /** Fields that the tool sets or does not take. */
  without: string[];
  /** `ref` in place of kind, namespace and name. */
  byRef: boolean;
  /** Takes the id of a confirmation. */
  isConfirmed: boolean;
}

const KEY = ["kind", "namespace", "name"];
const REF: JsonSchema = { type: "string", description: "Whole reference, for example component:default/checkout-api." };
const CONFIRMATION: JsonSchema = { type: "string", description: "Only after a person has confirmed: the confirmationId that the first call with these arguments answered." };

/** The operation's own input as JSON Schema, with what the tool changes of it. */
export function inputSchemaOf({ input }: { input: z.ZodType; permission: Permission }, { fields, defaults, without, byRef, isConfirmed }: SchemaChanges): JsonSchema {
  const { $schema: _, ...schema } = z.toJSONSchema(input, { io: "input", unrepresentable: "any", target: "draft-2020-12" }) as JsonSchema;
  const hidden = new Set([...without, ...(byRef ? KEY : [])]);
  const own = Object.entries(schema.properties ?? {}).flatMap(([name, property]) =>
    hidden.has(name)
      ? []
      : [
          [
            name,
            { ...brief(property), ...(fields[name] === undefined ? {} : { description: fields[name] }), ...(defaults[name] === undefined ? {} : { default: defaults[name] }) },
          ] as const,
        ],
  );
  const required = [...(byRef ? ["ref"] : []), ...(schema.required ?? []).filter((name) => !hidden.has(name))];
  return {
    ...schema,
    type: "object",
    properties: { ...(byRef ? { ref: REF } : {}), ...Object.fromEntries(own), ...(isConfirmed ? { confirmationId: CONFIRMATION } : {}) },
    required,
  };
}

/** Without what no agent needs to read: the pattern of a named format, and the end of all numbers. */
function brief({ pattern, maximum, propertyNames: _, ...rest }: JsonSchema): JsonSchema {
  return {
    ...rest,
    ...(pattern === undefined || rest.format !== undefined ? {} : { pattern }),
    ...(maximum === undefined || maximum === Number.MAX_SAFE_INTEGER ? {} : { maximum }),
  };
}
