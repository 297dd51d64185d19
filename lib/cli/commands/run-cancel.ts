import type { Command } from "../command";
import { EXIT, Exit } from "../exit";
import { followRun, howToFollow } from "../follow-run";
import { signedIn } from "../session";
import { print, printJson, tell } from "../terminal";
import { runPath } from "../watch-run";

export const runCancel: Command = {
  name: "run cancel",
  summary: "Stops a queued or running run and waits until it has stopped",
  operand: "id",
  options: ["no-wait"],
  async run({ operand: id, options: { url, json = false, "no-wait": noWait } }) {
    const client = await signedIn(url);
    const asked = await client.call("POST", `${runPath(id)}/cancel`);
    if (noWait) return json ? printJson(asked) : tell(`${id} is being cancelled. ${howToFollow(client, id)}`);
    const run = await followRun(client, id, json);
    if (json) printJson(run);
    if (run.status !== "cancelled") throw new Exit(EXIT.failed, `${id} ${run.status} before it could be cancelled.`);
    if (!json) print(`${id} cancelled`);
  },
};
