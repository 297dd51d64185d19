import type { ActionForm } from "@/lib/actions/contract";
import { typedAnswers } from "@/lib/core/text-answers";
import type { Run } from "@/lib/runs/contract";
import type { Client } from "../client";
import type { Command } from "../command";
import { followRun, howToFollow } from "../follow-run";
import { readPairs } from "../golden-path-values";
import { requireSuccess } from "../outcome";
import { Refused } from "../problem";
import { signedIn } from "../session";
import { print, printJson, tell } from "../terminal";

const path = (name: string) => `/api/v1/actions/${encodeURIComponent(name)}`;

/** The answers of `--set` in the types that the action asks for; a token that may run and not read leaves them as text. */
async function answers(client: Client, name: string, pairs: [string, string][]): Promise<Record<string, unknown>> {
  try {
    const form = pairs.length ? await client.call<ActionForm>("GET", path(name)) : null;
    return typedAnswers(Object.fromEntries(pairs), form ? [form.inputs] : []);
  } catch (error) {
    if (error instanceof Refused && [403, 404].includes(error.problem.status)) return Object.fromEntries(pairs);
    throw error;
  }
}

export const actionRun: Command = {
  name: "action run",
  summary: "Runs an action and follows it to its end",
  operand: "name",
  options: ["entity", "set", "team", "no-wait"],
  async run({ operand: name, options: { entity, set, team, url, json = false, "no-wait": noWait } }) {
    const pairs = readPairs(set);
    const client = await signedIn(url);
    const body = { ...(entity ? { entityRef: entity } : {}), ...(team ? { team } : {}), values: await answers(client, name, pairs) };
    const { run: accepted } = await client.call<{ run: Run }>("POST", `${path(name)}/runs`, body);
    if (noWait) return json ? printJson({ run: accepted }) : tell(`${accepted.title} is queued as ${accepted.id}. ${howToFollow(client, accepted.id)}`);
    const run = await followRun(client, accepted.id, json);
    if (json) printJson({ run });
    requireSuccess(client.url, run);
    if (!json) print(run.outcome?.summary ?? `${run.id} succeeded`);
  },
};
