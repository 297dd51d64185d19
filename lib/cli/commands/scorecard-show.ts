import type { Campaign, ScorecardDetail } from "@/lib/scorecards/contract";
import type { Command } from "../command";
import { signedIn } from "../session";
import { columns } from "../table";
import { print, printJson } from "../terminal";
import { distribution } from "./scorecard-list";

export const scorecardShow: Command = {
  name: "scorecard show",
  summary: "A scorecard: its checks and how many pass each",
  operand: "name",
  options: [],
  async run({ operand, options }) {
    const client = await signedIn(options.url);
    const card = await client.call<ScorecardDetail>("GET", `/api/v1/scorecards/${encodeURIComponent(operand)}`);
    const { items: campaigns } = await client.call<{ items: Campaign[] }>("GET", `/api/v1/scorecards/${encodeURIComponent(operand)}/campaigns`);
    if (options.json) return printJson({ ...card, campaigns });
    print(`${card.title}: ${card.entities} entities, ${distribution(card)}`);
    if (card.description) print(card.description);
    print("");
    const rows = card.checks.map(({ level, id, counts, condition }) => [
      card.levels.find(({ name }) => name === level)?.title ?? level,
      id,
      String(counts.pass),
      String(counts.fail),
      String(counts.unknown),
      String(counts.exempt + counts.ejected),
      condition.replace(/\s+/g, " "),
    ]);
    for (const line of columns([["LEVEL", "CHECK", "PASS", "FAIL", "UNKNOWN", "LET OFF", "CONDITION"], ...rows])) print(line);
    const open = campaigns.filter(({ state }) => state !== "ended").map(({ title, until, state, done, entities }) => [title, `by ${until}`, state, `${done} of ${entities}`]);
    if (open.length > 0) print("");
    for (const line of columns(open.length ? [["CAMPAIGN", "LAST DAY", "STATE", "DONE"], ...open] : [])) print(line);
    print(`\n${client.url}/scorecards/${card.name}`);
  },
};
