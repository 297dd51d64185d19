import type { Environment } from "@/lib/environments/contract";
import type { Command } from "../command";
import { signedIn } from "../session";
import { columns } from "../table";
import { print, printJson, self, tell } from "../terminal";
import { timeLeft } from "../time";

interface Page {
  items: Environment[];
  nextCursor: string | null;
  total: number;
}

function endOf({ expiresAt, lifetime }: Environment): string {
  if (expiresAt) return timeLeft(expiresAt);
  return lifetime === "permanent" ? "does not end" : "";
}

export const envList: Command = {
  name: "env list",
  summary: "Environments you may see, newest first",
  options: ["scope", "team"],
  async run({ options }) {
    const client = await signedIn(options.url);
    const items: Environment[] = [];
    let cursor: string | null = null;
    do {
      const query = new URLSearchParams({ limit: "200" });
      for (const [name, value] of Object.entries({ scope: options.scope, team: options.team, cursor })) if (value) query.set(name, value);
      const page: Page = await client.call<Page>("GET", `/api/v1/environments?${query}`);
      items.push(...page.items);
      cursor = page.nextCursor;
    } while (cursor);
    if (options.json) return printJson({ items, total: items.length });
    if (items.length === 0) return tell(`No environments. Make one: \`${self()} env create --template node-express\``);
    const rows = items.map((one) => [one.name, one.status, one.team.replace(/^group:default\//, ""), endOf(one), one.url ?? ""]);
    for (const line of columns([["NAME", "STATUS", "TEAM", "ENDS", "ADDRESS"], ...rows])) print(line);
  },
};
