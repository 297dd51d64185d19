import type { GoldenPath } from "@/lib/golden-paths/contract";
import type { Command } from "../command";
import { signedIn } from "../session";
import { columns } from "../table";
import { print, printJson, tell } from "../terminal";

export const pathList: Command = {
  name: "path list",
  summary: "The golden paths you can use as --template",
  options: [],
  async run({ options }) {
    const client = await signedIn(options.url);
    const page = await client.call<{ items: GoldenPath[] }>("GET", "/api/v1/golden-paths?limit=200");
    if (options.json) return printJson(page);
    if (page.items.length === 0) return tell("There are no golden paths yet. The platform team adds them in the portal.");
    const rows = page.items.map(({ name, version, usual, title }) => [name, version, usual ? `${(usual.medianMs / 1000).toFixed(1)} s` : "not known", title]);
    for (const line of columns([["NAME", "VERSION", "USUALLY TAKES", "WHAT"], ...rows])) print(line);
  },
};
