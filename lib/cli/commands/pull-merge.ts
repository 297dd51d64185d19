import type { PullRequest } from "@/lib/repositories/contract";
import type { Run } from "@/lib/runs/contract";
import type { Command } from "../command";
import { followRun, howToFollow } from "../follow-run";
import { requireSuccess } from "../outcome";
import { pullPath } from "../pull-address";
import { signedIn } from "../session";
import { print, printJson, tell } from "../terminal";
import type { PullView } from "./pull-show";

export const pullMerge: Command = {
  name: "pull merge",
  summary: "Merges a pull request as it is now with a merge commit; waits and prints the commit",
  operand: "owner/name#number",
  options: ["delete-branch", "no-wait"],
  async run({ operand, options }) {
    const path = pullPath(operand);
    const client = await signedIn(options.url);
    // Merged is what was looked at: a push in between is refused by the portal.
    const { pullRequest } = await client.call<PullView>("GET", path);
    const order = { head: pullRequest.head, ...(options["delete-branch"] ? { deleteBranch: true } : {}) };
    const { run } = await client.call<{ run: Run }>("POST", `${path}/merge`, order);
    if (options["no-wait"]) {
      if (options.json) return printJson({ run, pullRequest });
      print(run.id);
      return tell(howToFollow(client, run.id));
    }
    const ended = await followRun(client, run.id, options.json ?? false);
    const after: PullRequest = (await client.call<PullView>("GET", path)).pullRequest;
    if (options.json) printJson({ run: ended, pullRequest: after });
    requireSuccess(client.url, ended);
    if (options.json) return;
    print(after.mergeCommit ?? after.status);
    tell(ended.outcome?.summary ?? `${operand} is merged.`);
  },
};
