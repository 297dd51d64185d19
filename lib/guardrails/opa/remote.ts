import { type Connection, db } from "@/db/client";
import type { Ctx } from "@/lib/core/ctx";
import { isDomainError } from "@/lib/core/errors";
import type { Ability, Document, GuardrailReport, GuardrailResult, RequestFacts } from "../contract";
import { outcomeOf } from "../decide";
import { documentOf } from "../document";
import { askOpa, type OpaAnswer } from "./ask";
import { loadOpa, type OpaConnection } from "./connection";

/** What the agent said of a request, as results beside those of guardrails; none where it was not asked. */
export type Remote = GuardrailResult[];

/** Asks the agent about a document, where one is connected for this ability. */
export async function remoteResults(on: Connection, ability: Ability, document: Document): Promise<Remote> {
  const connection = await connectionFor(on, ability);
  if (connection === "unreadable") return resultsOf({ url: "", failMode: "refuse" }, { refuses: [], warns: [], undecided: "Its token cannot be read.", decisionId: null });
  return connection ? resultsOf(connection, await askOpa(connection, ability, document)) : [];
}

/**
 * The same before a transaction begins, which must not wait for somebody outside: for `prepare` of a mutation. The facts are only
 * worked out where somebody is asked.
 */
export async function askRemote<A extends Ability>(ctx: Ctx, ability: A, teamId: string | null, facts: () => Promise<RequestFacts<A>> | RequestFacts<A>): Promise<Remote> {
  if (!(await connectionFor(db(), ability))) return [];
  const { document } = await documentOf(db(), ctx, { ability, teamId, request: await facts() });
  return remoteResults(db(), ability, document);
}

/** Whether a policy agent is asked about the ability. */
export const isRemotelyWatched = async (on: Connection, ability: Ability): Promise<boolean> => (await connectionFor(on, ability)) !== null;

async function connectionFor(on: Connection, ability: Ability): Promise<OpaConnection | "unreadable" | null> {
  try {
    const connection = await loadOpa(on);
    return connection?.abilities.includes(ability) ? connection : null;
  } catch (error) {
    // Whoever lost the key must not open the gate by it.
    if (isDomainError(error)) return "unreadable";
    throw error;
  }
}

function resultsOf({ url, failMode }: Pick<OpaConnection, "url" | "failMode">, { refuses, warns, undecided }: OpaAnswer): Remote {
  const title = `Policies${url ? ` at ${new URL(url).host}` : ""}`;
  const base = { name: "opa", title, revision: 0, field: null, docs: null, exception: null, undecided: null, fix: "Ask the platform team what the policy expects." };
  if (undecided) {
    const verdict = failMode === "refuse" ? ("refuses" as const) : ("warns" as const);
    return [
      { ...base, effect: failMode, verdict, undecided, message: `It could not be evaluated. ${undecided}`, fix: "Try again in a moment; if it stays so, tell a platform admin." },
    ];
  }
  const refusals = refuses.map((message): GuardrailResult => ({ ...base, effect: "refuse", verdict: "refuses", message }));
  const warnings = warns.map((message): GuardrailResult => ({ ...base, effect: "warn", verdict: "warns", message }));
  const all = [...refusals, ...warnings];
  return all.length ? all : [{ ...base, effect: "refuse", verdict: "passes", message: "" }];
}

/** Both sources together: one that refuses is enough. */
export function withRemote(report: GuardrailReport, remote: Remote): GuardrailReport {
  const results = [...report.results, ...remote];
  return { ...report, results, outcome: outcomeOf(results) };
}
