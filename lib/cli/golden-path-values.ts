import { typedAnswers } from "@/lib/core/text-answers";
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

/** The answers of `--set` in the types that the golden path asks for. */
export async function goldenPathValues(client: Client, name: string, pairs: [string, string][]): Promise<Record<string, unknown>> {
  return typedAnswers(Object.fromEntries(pairs), pairs.length ? await pagesOf(client, name) : []);
}

async function pagesOf(client: Client, name: string): Promise<Record<string, unknown>[]> {
  try {
    return (await client.call<GoldenPath>("GET", `/api/v1/golden-paths/${encodeURIComponent(name)}`)).parameters;
  } catch (error) {
    // An unknown path, or a token that may create and not read: the portal judges the values as text.
    if (error instanceof Refused && [403, 404].includes(error.problem.status)) return [];
    throw error;
  }
}
