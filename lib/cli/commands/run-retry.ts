import type { Command } from "../command";
import { followRun, howToFollow } from "../follow-run";
import { requireSuccess } from "../outcome";
import { signedIn } from "../session";
import { print, printJson, tell } from "../terminal";
import { runPath } from "../watch-run";

export const runRetry: Command = {
  name: "run retry",
  summary: "Does a failed or cancelled run again from its first unfinished step",
  operand: "id",
  options: ["no-wait"],
  async run({ operand: id, options: { url, json = false, "no-wait": noWait } }) {
    const client = await signedIn(url);
    const asked = await client.call("POST", `${runPath(id)}/retry`);
    if (noWait) return json ? printJson(asked) : tell(`${id} is queued again. ${howToFollow(client, id)}`);
    const run = await followRun(client, id, json);
    if (json) printJson(run);
    requireSuccess(client.url, run);
    if (!json) print(run.outcome?.summary ?? `${id} succeeded`);
  },
};
