import { setTimeout as wait } from "node:timers/promises";
import type { Command } from "../command";
import { environmentId, environmentPath } from "../environment-id";
import { signedIn } from "../session";
import { print, printJson } from "../terminal";

interface Page {
  items: { offset: number; text: string }[];
  nextAfter: number;
}

const TAIL = 500;
const PAGE = 1_000;
const FOLLOW_MS = 500;

export const envLogs: Command = {
  name: "env logs",
  summary: "The last lines that its process wrote; with --json one object per line",
  operand: "name or id",
  options: ["follow"],
  async run({ operand, options: { url, follow, json } }) {
    const client = await signedIn(url);
    const say = (line: Page["items"][number]) => (json ? printJson(line) : print(line.text));
    const path = `${environmentPath(await environmentId(client, operand))}/logs`;
    let page = await client.call<Page>("GET", `${path}?tail=${TAIL}`);
    for (;;) {
      for (const line of page.items) say(line);
      if (!follow) return;
      if (page.items.length < PAGE) await wait(FOLLOW_MS);
      page = await client.call<Page>("GET", `${path}?after=${page.nextAfter}&limit=${PAGE}`);
    }
  },
};
