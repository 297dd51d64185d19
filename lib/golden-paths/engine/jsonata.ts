import { env } from "@/lib/core/env";
import { DomainError } from "@/lib/core/errors";
import { Renderer, RenderFailure } from "./renderer";

const MAX_EXPRESSION = 20_000;
const MAX_RESULT = 1_000_000;
const RESERVED = new Set(["__proto__", "constructor", "prototype"]);

/**
 * What a JSONata expression gives for the data; null for nothing. A thread of its own, ended afterwards: five seconds unless
 * `deadlineMs` says otherwise, the memory of the template thread, a million characters. Throws DomainError("invalid") for what cannot be read or asks for more.
 */
export async function evaluateJsonata(expression: string, data: unknown, signal: AbortSignal, deadlineMs?: number): Promise<unknown> {
  if (expression.length > MAX_EXPRESSION) throw new DomainError("invalid", "The expression is longer than 20,000 characters. Split it.");
  const thread = new Renderer(env().appRoot);
  try {
    const { text } = await thread.ask("jsonata", { data, expression, maxCharacters: MAX_RESULT }, { signal, ...(deadlineMs ? { deadlineMs } : {}) });
    return JSON.parse(text, (key, value: unknown) => (RESERVED.has(key) ? undefined : value));
  } catch (error) {
    if (!(error instanceof RenderFailure)) throw error;
    throw new DomainError("invalid", `The JSONata expression cannot be evaluated: ${error.message}`, { cause: error });
  } finally {
    await thread.close();
  }
}
