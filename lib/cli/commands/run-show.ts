import type { Run } from "@/lib/runs/contract";
import type { Command } from "../command";
import { outcomeLines, runPage } from "../outcome";
import { signedIn } from "../session";
import { columns } from "../table";
import { print, printJson } from "../terminal";
import { runPath } from "../watch-run";

const seconds = (from: string | null, to: string | null) => (from && to ? `${((Date.parse(to) - Date.parse(from)) / 1000).toFixed(1)} s` : "");

export const runShow: Command = {
  name: "run show",
  summary: "A run: its steps and its outcome",
  operand: "id",
  options: [],
  async run({ operand, options }) {
    const client = await signedIn(options.url);
    const run = await client.call<Run>("GET", runPath(operand));
    if (options.json) return printJson(run);
    print(`${run.title}: ${run.status}`);
    const steps = run.steps.map((step) => [step.status, step.title, seconds(step.startedAt, step.finishedAt)]);
    for (const line of columns(steps, "  ")) print(line);
    const outcome = outcomeLines(client.url, run);
    if (outcome.length) print(`\n${outcome.join("\n")}`);
    print(`\n${runPage(client.url, run.id)}`);
  },
};
