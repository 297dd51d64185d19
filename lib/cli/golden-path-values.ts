import type { GoldenPath } from "@/lib/golden-paths/contract";
import type { Client } from "./client";
import { EXIT, Exit } from "./exit";
import { Refused } from "./problem";

/** `k=v …` as pairs. Throws Exit 2. */
export function readPairs(sets: string[] = []): [string, string][] {
  return sets.map((pair) => {
    const at = pair.indexOf("=");
    if (at < 1) throw new Exit(EXIT.usage, `--set ${pair}: Write it as name=value.`);
    return [pair.slice(0, at), pair.slice(at + 1)];
  });
}

/** The value that a question of this type expects; text that does not look like one is left for the portal to explain. */
export function typedValue(text: string, type: unknown): unknown {
  if ((type === "integer" || type === "number") && /^-?\d+(\.\d+)?$/.test(text)) return Number(text);
  if (type === "boolean" && /^(true|false)$/.test(text)) return text === "true";
  if (type !== "array" && type !== "object") return text;
  try {
    return JSON.parse(text);
  } catch {
    return type === "array" ? text.split(",") : text;
  }
}

/** The answers of `--set` in the types that the golden path asks for. */
export async function goldenPathValues(client: Client, name: string, pairs: [string, string][]): Promise<Record<string, unknown>> {
  const types = pairs.length ? await questionTypes(client, name) : new Map<string, unknown>();
  return Object.fromEntries(pairs.map(([key, text]) => [key, typedValue(text, types.get(key))]));
}

async function questionTypes(client: Client, name: string): Promise<Map<string, unknown>> {
  try {
    const { parameters } = await client.call<GoldenPath>("GET", `/api/v1/golden-paths/${encodeURIComponent(name)}`);
    const questions = parameters.flatMap((page) => Object.entries((page.properties ?? {}) as Record<string, { type?: unknown }>));
    return new Map(questions.map(([key, { type }]) => [key, type]));
  } catch (error) {
    // An unknown path, or a token that may create and not read: the portal judges the values as text.
    if (error instanceof Refused && [403, 404].includes(error.problem.status)) return new Map();
    throw error;
  }
}
