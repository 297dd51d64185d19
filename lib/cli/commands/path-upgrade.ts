import type { Run } from "@/lib/runs/contract";
import type { Command } from "../command";
import { followRun, howToFollow } from "../follow-run";
import { readPairs } from "../golden-path-values";
import { requireSuccess } from "../outcome";
import { signedIn } from "../session";
import { print, printJson, tell } from "../terminal";

export const pathUpgrade: Command = {
  name: "path upgrade",
  summary: "Open or refresh the pull request that brings a service to the current version of its golden path",
  operand: "service",
  options: ["path-version", "set", "no-wait"],
  async run({ operand, options }) {
    const client = await signedIn(options.url);
    const version = options["path-version"];
    const body = { ...(version ? { version } : {}), values: Object.fromEntries(readPairs(options.set)) };
    const { run } = await client.call<{ run: Run }>("POST", `/api/v1/services/${encodeURIComponent(operand)}/upgrade`, body);
    if (options["no-wait"]) {
      if (options.json) return printJson({ run });
      print(run.id);
      return tell(howToFollow(client, run.id));
    }
    const ended = await followRun(client, run.id, options.json ?? false);
    if (options.json) printJson({ run: ended });
    requireSuccess(client.url, ended);
    if (options.json || !ended.outcome) return;
    print(ended.outcome.summary);
    for (const { url } of ended.outcome.evidence) print(new URL(url, client.url).href);
  },
};
