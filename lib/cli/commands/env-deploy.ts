import type { Deployment } from "@/lib/environments/contract";
import type { Run } from "@/lib/runs/contract";
import type { Options } from "../arguments";
import type { Client } from "../client";
import type { Command } from "../command";
import { environmentId, environmentPath } from "../environment-id";
import { followRun, howToFollow } from "../follow-run";
import { requireSuccess } from "../outcome";
import { signedIn } from "../session";
import { print, printJson, tell } from "../terminal";

interface Accepted {
  deployment: Deployment;
  run: Run;
}

const short = (commit: string) => commit.slice(0, 7);

function checkOne({ ref, rollback, "promote-from": from }: Options): string | null {
  const named = [ref !== undefined, rollback === true, from !== undefined].filter(Boolean).length;
  return named === 1 ? null : "Say what to deploy: one of --ref, --rollback and --promote-from, for example --ref main.";
}

async function wanted(client: Client, { ref, rollback, "promote-from": from }: Options): Promise<Record<string, unknown>> {
  if (from !== undefined) return { promoteFrom: await environmentId(client, from) };
  return rollback ? { rollback: true } : { ref };
}

export const envDeploy: Command = {
  name: "env deploy",
  summary: "Puts a branch, tag or commit into an environment of a service, promotes from another one, or rolls back; nobody is cut off",
  operand: "name or id",
  options: ["ref", "promote-from", "rollback", "no-wait"],
  check: checkOne,
  async run({ operand, options }) {
    const client = await signedIn(options.url);
    const body = await wanted(client, options);
    const id = await environmentId(client, operand);
    const accepted = await client.call<Accepted>("POST", `${environmentPath(id)}/deployments`, body);
    const { deployment, run } = accepted;
    if (options["no-wait"]) {
      if (options.json) return printJson(accepted);
      print(deployment.id);
      return tell(`Accepted as run ${run.id}. ${howToFollow(client, run.id)}`);
    }
    if (!options.json) tell(`Deploying ${short(deployment.commit)}${deployment.subject ? ` (${deployment.subject})` : ""} to ${deployment.environment}`);
    const ended = await followRun(client, run.id, options.json ?? false);
    if (options.json) printJson({ deployment: await settled(client, id, deployment), run: ended });
    requireSuccess(client.url, ended);
    if (!options.json) print(`${deployment.environment} runs ${short(deployment.commit)}`);
  },
};

/** The deployment as it ended. */
async function settled(client: Client, environment: string, before: Deployment): Promise<Deployment> {
  const { items } = await client.call<{ items: Deployment[] }>("GET", `${environmentPath(environment)}/deployments?limit=20`);
  return items.find((one) => one.id === before.id) ?? before;
}
