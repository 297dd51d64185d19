import { z } from "zod";
import { DomainError } from "@/lib/core/errors";
import { safeFetch } from "@/lib/core/safe-fetch";
import type { Ability, Document } from "../contract";
import type { OpaConnection } from "./connection";

const ANSWER_MS = 800;
const TRIES = 2;
const MAX_BYTES = 64 * 1024;
const MAX_REASONS = 10;

const Reasons = z.array(z.string().trim().min(1)).max(1_000).default([]);
const Answer = z.object({ decision_id: z.string().max(200).optional(), result: z.object({ allow: z.boolean(), deny: Reasons, warn: Reasons }).optional() });

/** What the agent said. Undecided: why it said nothing that counts. */
export interface OpaAnswer {
  refuses: string[];
  warns: string[];
  undecided: string | null;
  decisionId: string | null;
}

const undecided = (why: string): OpaAnswer => ({ refuses: [], warns: [], undecided: why, decisionId: null });
const cut = (reasons: string[]) => reasons.slice(0, MAX_REASONS).map((text) => text.slice(0, 500));

/**
 * Asks the agent about one document: POST <url>/v1/data/<package> {"input": …}. Without a result, which is how it says "undefined", the
 * answer is no; where deny has reasons, allow does not count. It has 0.8 seconds and one more try. Never throws.
 */
export async function askOpa(connection: OpaConnection, ability: Ability, document: Document): Promise<OpaAnswer> {
  let why = "";
  for (let attempt = 1; attempt <= TRIES; attempt += 1) {
    const answer = await once(connection, JSON.stringify({ input: { ability, ...document } }));
    if (!("again" in answer)) return answer;
    why = answer.again;
  }
  return undecided(why);
}

async function once({ url, path, token }: OpaConnection, body: string): Promise<OpaAnswer | { again: string }> {
  try {
    const { status, text } = await safeFetch(`${url}/v1/data/${path}`, {
      method: "POST",
      headers: { "content-type": "application/json", accept: "application/json", ...(token ? { authorization: `Bearer ${token}` } : {}) },
      body,
      timeoutMs: ANSWER_MS,
      maxBytes: MAX_BYTES,
    });
    if (status >= 500) return { again: `The policy agent answered ${status}.` };
    if (status !== 200) return undecided(`The policy agent answered ${status}${status === 401 || status === 403 ? ": it does not accept the token" : ""}.`);
    return readAnswer(text());
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    return error.code === "unavailable" ? { again: error.message } : undecided(error.message);
  }
}

/** The meaning of an answer's text. */
export function readAnswer(text: string): OpaAnswer {
  const parsed = Answer.safeParse(jsonOf(text));
  if (!parsed.success) return undecided("The policy agent answered in another shape than {allow, deny, warn}.");
  const { result, decision_id: decisionId = null } = parsed.data;
  if (!result) return { refuses: ["No policy of this package says anything about it, which counts as a no."], warns: [], undecided: null, decisionId };
  const refuses = cut(result.deny);
  if (!result.allow && refuses.length === 0) refuses.push("The policy does not allow it.");
  return { refuses, warns: cut(result.warn), undecided: null, decisionId };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
