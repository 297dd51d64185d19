import type { Guardrail } from "@/lib/guardrails/contract";
import type { Command } from "../command";
import { signedIn } from "../session";
import { columns } from "../table";
import { print, printJson, tell } from "../terminal";

const EFFECT = { refuse: "refuses", warn: "warns", off: "off" };

export const guardrailList: Command = {
  name: "guardrail list",
  summary: "What the platform minds, and how to keep within it",
  options: [],
  async run({ options }) {
    const client = await signedIn(options.url);
    const page = await client.call<{ items: Guardrail[] }>("GET", "/api/v1/guardrails");
    if (options.json) return printJson(page);
    if (page.items.length === 0) return tell("There are no guardrails. A platform admin makes them in the portal, under Administration, Guardrails.");
    const rows = page.items.map(({ name, definition }) => [name, EFFECT[definition.effect], definition.abilities.join(", "), `${definition.title}. ${definition.fix}`]);
    for (const line of columns([["NAME", "EFFECT", "WATCHES", "WHAT"], ...rows])) print(line);
  },
};
