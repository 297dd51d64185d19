import type { Environment } from "@/lib/environments/contract";
import type { Run } from "@/lib/runs/contract";
import type { Options } from "./arguments";
import type { Client } from "./client";
import { environmentPath } from "./environment-id";
import { followRun, howToFollow } from "./follow-run";
import { requireSuccess } from "./outcome";
import { print, printJson, tell } from "./terminal";

export interface Accepted {
  environment: Environment;
  /** Null when there was nothing left to do. */
  run: Run | null;
}

/**
 * Waits until what was accepted is done, unless told not to, and prints it: one JSON object, or what `say` makes of the environment.
 * Throws Exit 1 with the outcome when the run did not succeed.
 */
export async function finish(client: Client, accepted: Accepted, { json = false, "no-wait": noWait }: Options, say: (environment: Environment) => void): Promise<void> {
  const { environment, run } = accepted;
  if (!run || noWait) {
    if (json) return printJson(accepted);
    if (!run) return say(environment);
    print(environment.id);
    return tell(`Accepted as run ${run.id}. ${howToFollow(client, run.id)}`);
  }
  const ended = await followRun(client, run.id, json);
  const now = await client.call<Environment>("GET", environmentPath(environment.id));
  if (json) printJson({ environment: now, run: ended });
  requireSuccess(client.url, ended);
  if (!json) say(now);
}
