import { SHA, SHORT_SHA } from "./names";
import { listRefs } from "./refs";
import { GitFailure, git, gitText } from "./run";

export interface TreeEntry {
  name: string;
  type: "file" | "folder" | "link" | "submodule";
  sha: string;
  /** Bytes of a file. */
  size: number | null;
  isExecutable: boolean;
}

/** The commit that a branch, a tag or at least seven digits of a commit id mean; null for none. Names win over ids. */
export async function findCommit(dir: string, ref: string): Promise<string | null> {
  const refs = await listRefs(dir);
  for (const name of [ref, `refs/heads/${ref}`, `refs/tags/${ref}`]) {
    const found = refs.find((one) => one.name === name);
    if (found) return found.commit;
  }
  if (!SHORT_SHA.test(ref)) return null;
  try {
    const sha = (await gitText(["rev-parse", "--verify", "--quiet", "--end-of-options", `${ref}^{commit}`], { dir })).trim();
    return SHA.test(sha) ? sha : null;
  } catch (error) {
    if (error instanceof GitFailure) return null;
    throw error;
  }
}

const TYPES: Record<string, TreeEntry["type"]> = { "040000": "folder", "120000": "link", "160000": "submodule" };

/** What a folder of a commit holds, folders first; `folder` is "" for the root. Null where there is no such folder. */
export async function listTree(dir: string, commit: string, folder: string): Promise<TreeEntry[] | null> {
  try {
    const text = await gitText(["ls-tree", "-z", "-l", "--end-of-options", folder ? `${commit}:${folder}` : commit], { dir });
    const entries = text.split("\0").filter(Boolean).map(treeEntry);
    return entries.sort((a, b) => Number(b.type === "folder") - Number(a.type === "folder") || (a.name < b.name ? -1 : 1));
  } catch (error) {
    if (error instanceof GitFailure) return null;
    throw error;
  }
}

/** A line of `git ls-tree -z`, with `-l` for sizes. */
export function treeEntry(line: string): TreeEntry {
  const [head = "", name = ""] = [line.slice(0, line.indexOf("\t")), line.slice(line.indexOf("\t") + 1)];
  const [mode = "", , sha = "", size = "-"] = head.split(/ +/);
  return { name, sha, type: TYPES[mode] ?? "file", size: size === "-" ? null : Number(size), isExecutable: mode === "100755" };
}

/** Every file of a commit with its path. */
export async function listAllFiles(dir: string, commit: string): Promise<TreeEntry[]> {
  const text = await gitText(["ls-tree", "-z", "-l", "-r", "--end-of-options", commit], { dir });
  return text.split("\0").filter(Boolean).map(treeEntry);
}

/** The content of a file of a commit; null where there is no file, or it is larger than `maxBytes`. */
export async function readBlob(dir: string, commit: string, file: string, maxBytes: number): Promise<Buffer | null> {
  try {
    return await git(["cat-file", "blob", `${commit}:${file}`], { dir, maxBytes });
  } catch (error) {
    if (error instanceof GitFailure) return null;
    throw error;
  }
}

/** Every branch and tag name, for messages. */
export async function refNames(dir: string): Promise<string[]> {
  return (await listRefs(dir)).map((ref) => ref.name.replace(/^refs\/(heads|tags)\//, ""));
}
