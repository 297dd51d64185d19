import { COMMIT_FORMAT, type Commit, parseLog } from "./log";
import { SHA } from "./names";
import { gitText } from "./run";

// A whole history, read in parts: for programs that keep all of it, not for pages.

export interface Tag {
  /** Without `refs/tags/`. */
  name: string;
  commit: string;
  /** When the tag was made; for a lightweight one when its commit was committed. */
  at: string;
}

const MAX_LIST_BYTES = 64 * 1024 * 1024;
const MAX_PART_BYTES = 128 * 1024 * 1024;
const DEADLINE_MS = 5 * 60_000;

/** Tags of commits, the oldest first. Throws GitFailure. */
export async function listTags(dir: string): Promise<Tag[]> {
  const fields = ["refname", "objecttype", "objectname", "*objecttype", "*objectname", "creatordate:iso-strict"];
  const format = fields.map((field) => `%(${field})`).join("%00");
  const text = await gitText(["for-each-ref", "--sort=creatordate", "--sort=version:refname", `--format=${format}`, "refs/tags"], { dir });
  return text.split("\n").flatMap((line) => {
    const [name = "", type = "", sha = "", tagged = "", commit = "", at = ""] = line.split("\0");
    const found = type === "commit" ? sha : tagged === "commit" ? commit : null;
    return found && at ? [{ name: name.slice("refs/tags/".length), commit: found, at }] : [];
  });
}

/** Ids of all commits that can be reached from these, parents before children. Throws GitFailure when one is not there. */
export async function reachable(dir: string, heads: string[], signal?: AbortSignal): Promise<string[]> {
  if (!heads.every((head) => SHA.test(head))) throw new Error("reachable takes whole commit ids");
  if (heads.length === 0) return [];
  const options = { dir, input: `${heads.join("\n")}\n`, deadlineMs: DEADLINE_MS, maxBytes: MAX_LIST_BYTES, ...(signal ? { signal } : {}) };
  return (await gitText(["rev-list", "--topo-order", "--reverse", "--stdin"], options)).split("\n").filter(Boolean);
}

/** The commits of these ids, with the files that each touches. Throws GitFailure when one is not there. */
export async function readCommits(dir: string, shas: string[], signal?: AbortSignal): Promise<Commit[]> {
  if (shas.length === 0) return [];
  const args = ["log", "-z", "--no-walk=unsorted", `--format=${COMMIT_FORMAT}`, "--raw", "--no-renames", "--no-abbrev", "--root", "--stdin"];
  const options = { dir, input: `${shas.join("\n")}\n`, deadlineMs: DEADLINE_MS, maxBytes: MAX_PART_BYTES, ...(signal ? { signal } : {}) };
  return parseLog(await gitText(args, options));
}
