import { parseYaml } from "@/lib/core/yaml";
import type { ApiDescription, ApiField } from "../contract";
import { isPlainObject, type PlainObject } from "../import/draft";

export const NONE: Omit<ApiDescription, "format"> = { title: null, version: null, servers: [], operations: [], types: [], problem: null };

/** Beyond these a page would not be read by anybody; the text has the rest. */
export const MAX_OPERATIONS = 2_000;
export const MAX_TYPES = 1_000;
const MAX_FIELDS = 200;

export const objectOf = (value: unknown): PlainObject => (isPlainObject(value) ? value : {});
export const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
export const textOf = (value: unknown): string | null =>
  typeof value === "string" && value.trim() ? value.trim().slice(0, 2_000) : typeof value === "number" ? String(value) : null;

/** A definition in JSON or YAML. Throws DomainError("invalid") with the line. */
export function readDocument(text: string): PlainObject {
  const data = /^\s*\{/.test(text) ? parseJson(text) : parseYaml(text, "The definition").data;
  if (!isPlainObject(data)) throw new Error("It is no object.");
  return data;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error(error instanceof Error ? error.message : "It is no JSON.");
  }
}

/** What a local `$ref` points at; the value itself where it is none. One step only. */
export function resolved(root: PlainObject, value: unknown): PlainObject {
  const object = objectOf(value);
  if (typeof object.$ref !== "string" || !object.$ref.startsWith("#/")) return object;
  const parts = object.$ref.slice(2).split("/").slice(0, 20);
  return objectOf(parts.reduce<unknown>((at, part) => (isPlainObject(at) && Object.hasOwn(at, unescaped(part)) ? at[unescaped(part)] : undefined), root));
}

const unescaped = (part: string) => part.replaceAll("~1", "/").replaceAll("~0", "~");

/** How a schema is called: its name, `string (date-time)`, `Order[]`, `one of A, B`. */
export function schemaWord(value: unknown, depth = 0): string {
  const schema = objectOf(value);
  if (typeof schema.$ref === "string") return unescaped(schema.$ref.split("/").at(-1) ?? schema.$ref).slice(0, 100);
  if (depth > 4) return "…";
  for (const [key, word] of [
    ["oneOf", "one of"],
    ["anyOf", "any of"],
    ["allOf", "all of"],
  ] as const) {
    const parts = listOf(schema[key]);
    if (parts.length)
      return parts.length === 1
        ? schemaWord(parts[0], depth + 1)
        : `${word} ${parts
            .slice(0, 5)
            .map((part) => schemaWord(part, depth + 1))
            .join(", ")}`;
  }
  const type = [schema.type]
    .flat()
    .filter((one) => typeof one === "string")
    .join(" or ");
  if (type === "array" || schema.items) return `${schemaWord(schema.items, depth + 1)}[]`;
  const values = listOf(schema.enum);
  if (values.length) return values.slice(0, 8).map(String).join(" | ").slice(0, 200);
  return `${type || (schema.properties ? "object" : "any")}${typeof schema.format === "string" ? ` (${schema.format})` : ""}`;
}

/** The fields of a schema, those of what it is made of included. */
export function fieldsOf(root: PlainObject, value: unknown, depth = 0): ApiField[] {
  const schema = resolved(root, value);
  const required = new Set(listOf(schema.required));
  const own = Object.entries(objectOf(schema.properties)).map(
    ([name, property]): ApiField => ({ name, type: schemaWord(property), required: required.has(name), description: textOf(objectOf(property).description) }),
  );
  const inherited = depth < 3 ? listOf(schema.allOf).flatMap((part) => fieldsOf(root, part, depth + 1)) : [];
  return [...own, ...inherited].slice(0, MAX_FIELDS);
}
