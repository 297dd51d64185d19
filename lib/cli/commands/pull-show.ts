import type { ChangedFile, PullRequest, PullRequestCheck } from "@/lib/repositories/contract";
import type { Command } from "../command";
import { pullPath } from "../pull-address";
import { signedIn } from "../session";
import { columns, factLines } from "../table";
import { print, printJson } from "../terminal";

export interface PullView {
  pullRequest: PullRequest;
  commits: { sha: string; subject: string; author: string }[];
  files: ChangedFile[] | null;
  checks: PullRequestCheck[];
  mergeState: "clean" | "conflicts" | "nothing" | "gone" | null;
}

const MERGE_WORDS = { clean: "can be merged", conflicts: "has conflicts", nothing: "has nothing to merge", gone: "its branch is gone" };

export const pullShow: Command = {
  name: "pull show",
  summary: "A pull request: its checks, commits and changed files",
  operand: "owner/name#number",
  options: [],
  async run({ operand, options }) {
    const path = pullPath(operand);
    const client = await signedIn(options.url);
    const view = await client.call<PullView>("GET", path);
    if (options.json) return printJson(view);
    const { pullRequest: pull, commits, files, checks, mergeState } = view;
    const isDraft = pull.isDraft && pull.status === "open";
    print(`#${pull.number} ${pull.title}: ${isDraft ? "draft" : pull.status}`);
    const facts = {
      By: pull.author?.handle ?? "waymark",
      Branches: `${pull.sourceBranch} → ${pull.targetBranch}`,
      Merge: isDraft && mergeState === "clean" ? "when it is marked as ready" : mergeState ? MERGE_WORDS[mergeState] : null,
      Conflicts: pull.conflicts.join(", "),
    };
    for (const line of factLines(facts, "  ")) print(line);
    const part = (title: string, rows: string[][]) => {
      if (rows.length > 0) print(`\n${title}\n${columns(rows, "  ").join("\n")}`);
    };
    part(
      "Checks",
      checks.map(({ state, name, detail }) => [state, name, detail]),
    );
    part(
      "Commits",
      commits.map(({ sha, author, subject }) => [sha.slice(0, 7), author, subject]),
    );
    part(
      "Files",
      (files ?? []).map(({ status, path: file, added, removed, isBinary }) => [status, isBinary ? "binary" : `+${added} -${removed}`, file]),
    );
    if (pull.body) print(`\n${pull.body}`);
  },
};
