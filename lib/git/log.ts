import { SHA } from "./names";
import { gitText } from "./run";

export interface Commit {
  sha: string;
  parents: string[];
  authoredAt: string;
  committedAt: string;
  author: string;
  authorEmail: string;
  message: string;
  /** Files that differ from the first parent; empty for a merge. */
  paths: string[];
}

/** Fields that `parseLog` reads. */
export const COMMIT_FORMAT = "%H%x00%P%x00%aI%x00%cI%x00%an%x00%ae%x00%B";
const FIELDS = 7;

export interface LogRange {
  head: string;
  /** Left out: commits that can be reached from here. */
  base?: string | null;
  limit: number;
  skip?: number;
  /** Only commits that touch this file or folder. */
  path?: string;
}

/** Commits, newest first. `head` and `base` are whole commit ids. Throws GitFailure when one is not there. */
export async function readLog(dir: string, { head, base, limit, skip = 0, path }: LogRange): Promise<Commit[]> {
  if (!SHA.test(head) || (base && !SHA.test(base))) throw new Error("readLog takes whole commit ids");
  const range = base ? [`^${base}`, head] : [head];
  const args = [
    "log",
    "-z",
    `--format=${COMMIT_FORMAT}`,
    "--raw",
    "--no-renames",
    "--no-abbrev",
    "--root",
    `--max-count=${limit}`,
    `--skip=${skip}`,
    ...range,
    "--",
    ...(path ? [`:(literal)${path}`] : []),
  ];
  return parseLog(await gitText(args, { dir }));
}

/** Reads the NUL-separated answer of `git log -z --raw`: seven fields, then per changed file its data (`:…`) and its path. */
export function parseLog(text: string): Commit[] {
  const tokens = text.split("\0").map((token) => token.replace(/^\n(?=:)/, ""));
  const commits: Commit[] = [];
  let at = 0;
  while (at + FIELDS <= tokens.length) {
    const [sha = "", parents = "", authoredAt = "", committedAt = "", author = "", authorEmail = "", message = ""] = tokens.slice(at, at + FIELDS);
    at += FIELDS;
    while (tokens[at] === "") at += 1;
    const paths: string[] = [];
    while (/^:\d{6} /.test(tokens[at] ?? "")) {
      paths.push(tokens[at + 1] ?? "");
      at += 2;
    }
    while (tokens[at] === "") at += 1;
    commits.push({ sha, parents: parents.split(" ").filter(Boolean), authoredAt, committedAt, author, authorEmail, message: message.trimEnd(), paths });
  }
  return commits;
}

/** How many commits can be reached from a commit. */
export async function countCommits(dir: string, head: string): Promise<number> {
  return Number((await gitText(["rev-list", "--count", "--end-of-options", head], { dir })).trim());
}
