import type { ActionSummary } from "@/lib/actions/contract";
import type { Command } from "../command";
import { signedIn } from "../session";
import { columns } from "../table";
import { print, printJson, tell } from "../terminal";

export const actionList: Command = {
  name: "action list",
  summary: "Self-service actions, those you may run first",
  options: ["entity"],
  async run({ options }) {
    const client = await signedIn(options.url);
    const query = options.entity ? `?${new URLSearchParams({ entityRef: options.entity })}` : "";
    const page = await client.call<{ items: ActionSummary[] }>("GET", `/api/v1/actions${query}`);
    if (options.json) return printJson(page);
    if (page.items.length === 0) return tell("There are no actions yet. The platform team makes them in the portal.");
    const rows = page.items.map(({ name, target, whoMayRun, usualMs, locked, title }) => [
      name,
      target?.kind ?? "a team",
      `${whoMayRun.replace("-", " ")}${locked ? " (not you)" : ""}`,
      usualMs === null ? "not known" : `${(usualMs / 1000).toFixed(1)} s`,
      title,
    ]);
    for (const line of columns([["NAME", "ON", "WHO MAY RUN IT", "USUALLY TAKES", "WHAT"], ...rows])) print(line);
  },
};
