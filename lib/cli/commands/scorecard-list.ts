import type { ScorecardSummary } from "@/lib/scorecards/contract";
import type { Command } from "../command";
import { signedIn } from "../session";
import { columns } from "../table";
import { print, printJson, tell } from "../terminal";

/** `Bronze 4, Silver 20, Gold 7`, beginning with those that have none. */
export const distribution = ({ levels, distribution: counts }: Pick<ScorecardSummary, "levels" | "distribution">): string =>
  counts.map((n, index) => `${index === 0 ? `below ${levels[0]?.title ?? ""}` : levels[index - 1]?.title} ${n}`).join(", ");

export const scorecardList: Command = {
  name: "scorecard list",
  summary: "Scorecards and how many entities are at each level",
  options: [],
  async run({ options }) {
    const client = await signedIn(options.url);
    const page = await client.call<{ items: ScorecardSummary[] }>("GET", "/api/v1/scorecards");
    if (options.json) return printJson(page);
    if (page.items.length === 0) return tell("There are no scorecards yet. A platform admin makes them in the portal, under Administration, Scorecards.");
    const rows = page.items.map((one) => [one.name, String(one.checks), String(one.entities), one.evaluatedAt ? distribution(one) : "not evaluated yet", one.title]);
    for (const line of columns([["NAME", "CHECKS", "ENTITIES", "LEVELS", "WHAT"], ...rows])) print(line);
  },
};
