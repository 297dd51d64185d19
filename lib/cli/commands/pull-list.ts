import type { PullRequest } from "@/lib/repositories/contract";
import type { Command } from "../command";
import { pullsPath } from "../pull-address";
import { signedIn } from "../session";
import { columns } from "../table";
import { print, printJson, tell } from "../terminal";

interface Page {
  items: PullRequest[];
  nextCursor: string | null;
}

/** The state as the portal's page says it. */
const stateOf = ({ status, isDraft, conflicts }: PullRequest) => (status !== "open" ? status : isDraft ? "draft" : conflicts.length > 0 ? "conflicts" : "open");

export const pullList: Command = {
  name: "pull list",
  summary: "Pull requests of a repository on Waymark's git server, newest first; the open ones unless --status says otherwise",
  operand: "owner/name",
  options: ["status"],
  async run({ operand, options }) {
    const path = pullsPath(operand);
    const client = await signedIn(options.url);
    const items: PullRequest[] = [];
    let cursor: string | null = null;
    do {
      const query = new URLSearchParams({ limit: "200", status: options.status ?? "open", ...(cursor ? { cursor } : {}) });
      const page: Page = await client.call<Page>("GET", `${path}?${query}`);
      items.push(...page.items);
      cursor = page.nextCursor;
    } while (cursor);
    if (options.json) return printJson({ items, total: items.length });
    if (items.length === 0) return tell(`${operand} has no ${options.status ?? "open"} pull requests.`);
    const rows = items.map((one) => [`#${one.number}`, stateOf(one), one.author?.handle ?? "waymark", `${one.sourceBranch} → ${one.targetBranch}`, one.title]);
    for (const line of columns([["NUMBER", "STATUS", "BY", "BRANCHES", "TITLE"], ...rows])) print(line);
  },
};
