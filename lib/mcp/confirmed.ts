import { db, type Tx } from "@/db/client";
import type { Confirmation } from "@/lib/agents/contract";
import { askConfirmation, type Call, spendConfirmation } from "@/lib/agents/mutations";
import type { Ctx } from "@/lib/core/ctx";
import { env } from "@/lib/core/env";
import type { Answer } from "./answer";

// Mutations only write Postgres, so a call can be rehearsed: it is done in a transaction, with the same authorization and the same
// refusals as anywhere else, and what it would lose is read from its result. Without a confirmation the transaction is rolled back
// and its person is asked; with one, the losses have to be those that the person saw.

export interface Loss<O> {
  /** What would be lost, one line each, the same for the same call; none = nothing to confirm. */
  effects: (result: O) => string[];
  /** Names of arguments below `values` that are secrets. */
  secrets?: string[];
}

interface Confirmable<O> {
  call: Omit<Call, "shown">;
  confirmationId: unknown;
  loss: Loss<O>;
  work: (tx: Tx) => Promise<O>;
}

class Unconfirmed extends Error {
  constructor(readonly effects: string[]) {
    super("A person has to confirm this first.");
  }
}

/** Does the work if it loses nothing or its loss is confirmed; else nothing is done and its person is asked. */
export async function confirmed<O>(ctx: Ctx, { call, confirmationId, loss, work }: Confirmable<O>): Promise<{ done: O } | { asked: Answer }> {
  const whole = { ...call, shown: withoutSecrets(call.input, loss.secrets ?? []) };
  try {
    return await db().transaction(async (tx) => {
      const done = await work(tx);
      const effects = loss.effects(done);
      if (effects.length === 0) return { done };
      if (confirmationId === undefined) throw new Unconfirmed(effects);
      await spendConfirmation(tx, ctx, String(confirmationId), whole, effects);
      return { done };
    });
  } catch (error) {
    if (!(error instanceof Unconfirmed)) throw error;
    return { asked: needed(await askConfirmation(ctx, whole, error.effects)) };
  }
}

function withoutSecrets(input: Record<string, unknown>, secrets: string[]): Record<string, unknown> {
  const { values } = input;
  if (typeof values !== "object" || values === null) return input;
  return { ...input, values: Object.fromEntries(Object.entries(values).map(([name, value]) => [name, secrets.includes(name) ? "********" : value])) };
}

function needed({ id, state, tool, title, effects, expiresAt }: Confirmation): Answer {
  const url = `${env().url}/confirmations/${id}`;
  const text =
    `Confirmation needed. Nothing has been done. A person has to confirm it in the browser: ${url}\n` +
    `Give them this address and wait for their word. Then call ${tool} again with the same arguments and confirmationId "${id}". It can be used once, until ${expiresAt}.`;
  return { result: { status: "confirmation-needed", confirmationId: id, confirmationState: state, url, title, effects, expiresAt }, text };
}
