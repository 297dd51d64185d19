import type { PathProposal } from "@/lib/golden-paths/contract";
import type { Command } from "../command";
import { signedIn } from "../session";
import { columns } from "../table";
import { print, printJson, tell } from "../terminal";

export const pathProposals: Command = {
  name: "path proposals",
  summary: "Proposed changes to golden paths: your teams', for platform admins all",
  options: ["status"],
  async run({ options }) {
    const client = await signedIn(options.url);
    const query = new URLSearchParams({ limit: "200", ...(options.status ? { status: options.status } : {}) });
    const page = await client.call<{ items: PathProposal[] }>("GET", `/api/v1/golden-path-proposals?${query}`);
    if (options.json) return printJson(page);
    if (page.items.length === 0) return tell("There are no proposals. Begin one on the page of a golden path.");
    const rows = page.items.map(({ id, goldenPath, status, publishedVersion, author, title }) => [
      id,
      goldenPath,
      publishedVersion ? `published ${publishedVersion}` : status,
      author.handle,
      title,
    ]);
    for (const line of columns([["ID", "GOLDEN PATH", "STATUS", "BY", "WHAT"], ...rows])) print(line);
  },
};
