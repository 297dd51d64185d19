import { readFileSync } from "node:fs";
import path from "node:path";

// The smallest answer that GitHub's description allows, with what a test says laid over it. Saves writing out hundreds of members by hand.

type Json = Record<string, unknown>;
const description = JSON.parse(readFileSync(path.join(import.meta.dirname, "description.json"), "utf8")) as {
  operations: { id: string; answers: Record<string, Json | null> }[];
  definitions: Record<string, Json>;
};

/** An answer of the operation; `over` wins over what is made up. */
export function sampleAnswer(operationId: string, status: number, over: Json): Json {
  const schema = description.operations.find(({ id }) => id === operationId)?.answers[String(status)];
  if (!schema) throw new Error(`${operationId} answers nothing with ${status}`);
  return overlay(sample(schema, 0), over) as Json;
}

function sample(schema: Json, depth: number): unknown {
  const reference = schema["$ref"];
  if (typeof reference === "string") return sample(description.definitions[reference.split("/").at(-1) ?? ""] ?? {}, depth + 1);
  if (schema["const"] !== undefined) return schema["const"];
  if (Array.isArray(schema["enum"])) return schema["enum"][0];
  const all = schema["allOf"];
  if (Array.isArray(all)) return Object.assign({}, ...all.map((one) => sample(one as Json, depth)));
  for (const key of ["oneOf", "anyOf"]) {
    const choices = schema[key];
    if (!Array.isArray(choices)) continue;
    const isNull = (choice: Json) => choice["type"] === "null";
    return choices.some(isNull) ? null : sample(choices[0] as Json, depth);
  }
  const type = [schema["type"]].flat();
  if (type.includes("null")) return null;
  if (type.includes("array")) return [];
  if (type.includes("object") || schema["properties"]) {
    const properties = (schema["properties"] ?? {}) as Record<string, Json>;
    return Object.fromEntries(((schema["required"] ?? []) as string[]).map((name) => [name, sample(properties[name] ?? {}, depth + 1)]));
  }
  if (type.includes("boolean")) return false;
  if (type.includes("integer") || type.includes("number")) return 1;
  return schema["format"] === "date-time" ? "2026-01-01T00:00:00Z" : schema["format"] === "uri" ? "https://github.example/x" : "x";
}

function overlay(base: unknown, over: unknown): unknown {
  const isGroup = (value: unknown): value is Json => typeof value === "object" && value !== null && !Array.isArray(value);
  if (!isGroup(base) || !isGroup(over)) return over;
  return Object.fromEntries([...new Set([...Object.keys(base), ...Object.keys(over)])].map((key) => [key, key in over ? overlay(base[key], over[key]) : base[key]]));
}
