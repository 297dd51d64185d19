import { gitText } from "./run";

export interface MergeResult {
  tree: string;
  /** Files that need a decision, with git's short name for the kind; empty when the merge is clean. */
  conflicts: { path: string; kind: string }[];
}

/** Without guesses about folders: a new file stays where its author put it. */
const SETTINGS = ["merge.directoryRenames=false", "merge.conflictStyle=merge"];

/** Merges two commits into a tree without touching a branch. Files in conflict hold both sides between markers. */
export async function mergeCommits(dir: string, ours: string, theirs: string, signal?: AbortSignal): Promise<MergeResult> {
  const args = ["merge-tree", "--write-tree", "-z", "--name-only", "--messages", "--allow-unrelated-histories", ours, theirs];
  const text = await gitText(args, { dir, config: SETTINGS, answers: [0, 1], ...(signal ? { signal } : {}) });
  return parseMerge(text);
}

/** Reads `git merge-tree -z`: tree, files in conflict, an empty field, then per message: count, paths, kind, text. */
export function parseMerge(text: string): MergeResult {
  const fields = text.split("\0");
  const tree = (fields[0] ?? "").trim();
  const end = fields.indexOf("", 1);
  const inConflict = new Set(end === -1 ? fields.slice(1) : fields.slice(1, end));
  const kinds = new Map<string, string>();
  const unlisted = new Set<string>();
  for (let at = end + 1; end !== -1 && at < fields.length && fields[at] !== ""; ) {
    const count = Number(fields[at]);
    const paths = fields.slice(at + 1, at + 1 + count);
    const kind = /^CONFLICT \((.+)\)$/.exec(fields[at + 1 + count] ?? "")?.[1];
    if (kind) for (const path of paths) if (!kinds.has(path)) kinds.set(path, kind);
    // Where a renamed file meets another of its new name, git leaves markers behind and calls the merge clean.
    if (kind && !paths.some((path) => inConflict.has(path))) for (const path of paths) unlisted.add(path);
    at += count + 3;
  }
  return { tree, conflicts: [...inConflict, ...unlisted].map((path) => ({ path, kind: kinds.get(path) ?? "contents" })) };
}

/** The best common ancestor of two commits; null for unrelated ones. */
export async function mergeBase(dir: string, a: string, b: string): Promise<string | null> {
  return (await gitText(["merge-base", a, b], { dir, answers: [0, 1] })).trim() || null;
}

/** True if `tip` has `commit` in its history. */
export async function isAncestor(dir: string, commit: string, tip: string): Promise<boolean> {
  const text = await gitText(["rev-list", "--max-count=1", commit, `^${tip}`], { dir });
  return text.trim() === "";
}
