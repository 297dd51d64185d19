import type { Choice, DecommissionItem, DecommissionPlan, DecommissionReceipt } from "@/lib/decommission/contract";
import type { Run } from "@/lib/runs/contract";
import type { Command } from "../command";
import { EXIT, Exit } from "../exit";
import { followRun, howToFollow } from "../follow-run";
import { readPairs } from "../golden-path-values";
import { requireSuccess } from "../outcome";
import { signedIn } from "../session";
import { columns } from "../table";
import { print, printJson, tell } from "../terminal";

export const serviceDecommission: Command = {
  name: "service decommission",
  summary: "Ends a service: environments, repository, catalog entry; --dry-run lists what becomes of each part",
  operand: "service",
  options: ["set", "confirm", "dry-run", "no-wait"],
  check: ({ confirm, "dry-run": dryRun }) => (confirm || dryRun ? null : "Say --confirm with the service's name, or --dry-run to see what would happen."),
  async run({ operand, options }) {
    const client = await signedIn(options.url);
    const path = `/api/v1/services/${encodeURIComponent(operand)}/decommission`;
    const plan = await client.call<DecommissionPlan>("GET", path);
    const choices = choicesOf(plan, readPairs(options.set));
    if (options["dry-run"]) {
      if (options.json) return printJson({ plan, choices });
      for (const note of plan.notes) tell(note);
      for (const line of columns([["KIND", "PART", "WOULD BE", "WHAT HAPPENS"], ...plan.items.map((item) => rowOf(item, choices))])) print(line);
      return tell(`\nNothing was changed. To do it: --confirm ${plan.name}`);
    }
    const { run } = await client.call<{ run: Run }>("POST", path, { confirm: options.confirm, choices, digest: plan.digest });
    if (options["no-wait"]) {
      if (options.json) return printJson({ run });
      print(run.id);
      return tell(howToFollow(client, run.id));
    }
    const ended = await followRun(client, run.id, options.json ?? false);
    const receipt = await client.call<DecommissionReceipt>("GET", `/api/v1/decommissions/${encodeURIComponent(run.id)}`);
    if (options.json) printJson({ run: ended, receipt });
    requireSuccess(client.url, ended);
    if (options.json) return;
    for (const line of columns(receipt.results.map(({ kind, name, result, verified }) => [kind, name, result, verified]))) print(line);
    tell(`\nReceipt: ${client.url}/decommissions/${run.id}`);
  },
};

/** `repository=delete` for a kind, `shop-development=keep` for one part. Throws Exit 2 for what the service does not have. */
function choicesOf(plan: DecommissionPlan, pairs: [string, unknown][]): Record<string, Choice> {
  const choices: Record<string, Choice> = {};
  for (const [of, wanted] of pairs) {
    const meant = plan.items.filter(({ kind, name, choices: possible }) => possible.length > 0 && (kind === of || name === of));
    if (meant.length === 0) throw new Exit(EXIT.usage, `--set ${of}: ${plan.title} has no part of this name or kind. --dry-run lists them.`);
    for (const item of meant) {
      const choice = item.choices.find(({ value }) => value === wanted)?.value;
      if (!choice) throw new Exit(EXIT.usage, `--set ${of}: choose one of ${item.choices.map(({ value }) => value).join(", ")}.`);
      choices[item.key] = choice;
    }
  }
  return choices;
}

function rowOf(item: DecommissionItem, choices: Record<string, Choice>): string[] {
  const chosen = item.choices.find(({ value }) => value === choices[item.key]) ?? item.choices[0];
  return [item.kind, item.name, chosen?.value ?? "—", chosen?.what ?? item.what ?? ""];
}
