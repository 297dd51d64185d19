import { asSchema, type Schema } from "@/lib/core/schema-messages";
import type { GoldenPathDefinition } from "./definition";
import { mergedSchema } from "./parameters";

const TEXTS = ["my-service", "my_service", "example", "Example", "a", "A", "1", "12345678", "2026-01-31", "someone@example.com", "https://example.com", "group:default/platform"];
const PICKERS: Record<string, string> = {
  OwnerPicker: "group:default/platform",
  MyGroupsPicker: "group:default/platform",
  OwnedEntityPicker: "component:default/my-service",
  EntityPicker: "component:default/my-service",
  EntityNamePicker: "my-service",
  RepoUrlPicker: "github.com?owner=acme&repo=my-service",
  Secret: "sample-secret",
};

/** An answer to every required question that has no default: its first example or choice, else something of its type that fits. */
export function sampleAnswers(definition: GoldenPathDefinition): Record<string, unknown> {
  return sampleOf(mergedSchema(definition));
}

/** The same for any schema: what an example of it looks like. */
export function sampleOf(schema: Schema): Record<string, unknown> {
  const required = Array.isArray(schema.required) ? schema.required.map(String) : [];
  const properties = asSchema(schema.properties);
  const asked = required.filter((name) => asSchema(properties[name]).default === undefined);
  return Object.fromEntries(asked.map((name) => [name, sampleValue(asSchema(properties[name]))]));
}

function sampleValue(schema: Schema): unknown {
  if (schema.const !== undefined) return schema.const;
  for (const list of [schema.examples, schema.enum]) if (Array.isArray(list) && list.length > 0) return list[0];
  const picker = PICKERS[String(schema["ui:field"] ?? "")];
  if (picker) return picker;
  switch (schema.type) {
    case "integer":
    case "number":
      return typeof schema.minimum === "number" ? schema.minimum : 1;
    case "boolean":
      return false;
    case "array":
      return Array.from({ length: Math.min(20, Number(schema.minItems ?? 0)) }, () => sampleValue(asSchema(schema.items)));
    case "object":
      return sampleOf(schema);
    default:
      return sampleText(schema);
  }
}

/** The first text within the length; whether a pattern fits is for the validator to say, which has a deadline. */
function sampleText(schema: Schema): string {
  const [least, most] = [Number(schema.minLength ?? 0), Number(schema.maxLength ?? 1_000)];
  const pattern = typeof schema.pattern === "string" && schema.pattern.length <= 200 ? simplePattern(schema.pattern) : null;
  const fitting = TEXTS.filter((text) => text.length >= least && text.length <= most);
  return fitting.find((text) => pattern?.test(text) ?? true) ?? fitting[0] ?? "a".repeat(Math.min(least, 1_000));
}

/** The pattern where it is free of nested repetition, so that it cannot be slow on short samples. */
function simplePattern(source: string): RegExp | null {
  if (/[+*}]\)*[+*{]|\([^)]*[+*{][^)]*\)[+*{]/.test(source)) return null;
  try {
    return new RegExp(source, "u");
  } catch {
    // The form check tells the author.
    return null;
  }
}
