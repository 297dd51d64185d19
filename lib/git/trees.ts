import { setImmediate } from "node:timers/promises";
import { type KeepObject, treeContent, writeObject } from "./objects";
import { createBranch } from "./refs";
import { GitFailure, git, gitText } from "./run";

// Trees as maps, for changes that are computed and not checked out: everything here only adds objects, no ref moves.

export interface TreeFile {
  /** 100644, 100755, 120000 for a link, 160000 for a submodule. */
  mode: string;
  sha: string;
}

/** Every file of a tree by its path. */
export type TreeFiles = Map<string, TreeFile>;

/** The files of a commit or tree. */
export async function readTreeFiles(dir: string, commit: string): Promise<TreeFiles> {
  const text = await gitText(["ls-tree", "-z", "-r", "--full-tree", "--end-of-options", commit], { dir });
  const entries = text.split("\0").filter(Boolean);
  return new Map(
    entries.map((entry) => {
      const tab = entry.indexOf("\t");
      const [mode = "", , sha = ""] = entry.slice(0, tab).split(" ");
      return [entry.slice(tab + 1), { mode, sha }];
    }),
  );
}

const AT_ONCE = 16;

/** Keeps contents as objects, byte for byte, and returns their ids in order. */
export async function writeBlobs(dir: string, contents: Buffer[], signal?: AbortSignal): Promise<string[]> {
  const ids: string[] = [];
  for (let at = 0; at < contents.length; at += AT_ONCE) {
    signal?.throwIfAborted();
    ids.push(...(await Promise.all(contents.slice(at, at + AT_ONCE).map((content) => writeObject(dir, "blob", content)))));
    // Small objects are written at once: others have their turn in between.
    await setImmediate();
  }
  return ids;
}

/** The contents of objects, in order. Throws GitFailure for one that is not there. */
export async function readBlobs(dir: string, shas: string[]): Promise<Buffer[]> {
  return Promise.all(shas.map((sha) => git(["cat-file", "blob", sha], { dir })));
}

type Folder = Map<string, TreeFile | Folder>;

/** The files by folder; where a file and a folder want the same name, the later one has it. */
function foldersOf(files: TreeFiles): Folder {
  const root: Folder = new Map();
  for (const [name, file] of files) {
    const parts = name.split("/");
    let folder = root;
    for (const part of parts.slice(0, -1)) {
      const known = folder.get(part);
      const next: Folder = known instanceof Map ? known : new Map();
      folder.set(part, next);
      folder = next;
    }
    folder.set(parts.at(-1) ?? "", file);
  }
  return root;
}

async function keepFolder(folder: Folder, keep: KeepObject): Promise<string> {
  const entries = [...folder].map(async ([name, entry]) =>
    entry instanceof Map ? { mode: "40000", name, sha: await keepFolder(entry, keep) } : { mode: entry.mode, name, sha: entry.sha },
  );
  return keep("tree", treeContent(await Promise.all(entries)));
}

/** Hands over the trees of these files and returns the id of the whole one. */
export const keepTree = (files: TreeFiles, keep: KeepObject): Promise<string> => keepFolder(foldersOf(files), keep);

const intoFiles =
  (dir: string): KeepObject =>
  (type, content) =>
    writeObject(dir, type, content);

/** Writes the tree of these files and returns its id. */
export async function writeTree(dir: string, files: TreeFiles, signal?: AbortSignal): Promise<string> {
  signal?.throwIfAborted();
  return keepTree(files, intoFiles(dir));
}

export interface NewCommit {
  tree: string;
  parents: string[];
  author: { name: string; email: string };
  message: string;
  /** Date of author and committer: the same input gives the same id again. */
  at: Date;
}

/** A name as git writes it into a commit: without what has a meaning there, and without dots and commas around it. */
const written = (name: string) => name.replace(/[\n<>\0]/g, "").replace(/^[\x00-\x20.,:;"\\']+|[\x00-\x20.,:;"\\']+$/g, "");

/** Writes a commit and returns its id; no branch moves. */
export async function commitTree(dir: string, commit: NewCommit, signal?: AbortSignal): Promise<string> {
  signal?.throwIfAborted();
  return keepCommit(commit, intoFiles(dir));
}

/** Hands over a commit and returns its id. */
export async function keepCommit({ tree, parents, author, message, at }: NewCommit, keep: KeepObject): Promise<string> {
  const date = `${Math.floor(at.getTime() / 1_000)} +0000`;
  const lines = [
    `tree ${tree}`,
    ...parents.map((parent) => `parent ${parent}`),
    `author ${written(author.name) || "Unknown"} <${written(author.email)}> ${date}`,
    `committer Waymark <waymark@localhost> ${date}`,
    "",
    message,
  ];
  return keep("commit", Buffer.from(lines.join("\n")));
}

/** Moves a branch from exactly one commit to another; `from` null makes it. Returns false when it is elsewhere by now. */
export async function moveBranch(dir: string, branch: string, { from, to }: { from: string | null; to: string }): Promise<boolean> {
  try {
    await (from === null ? createBranch(dir, branch, to) : git(["update-ref", `refs/heads/${branch}`, to, from], { dir }));
    return true;
  } catch (error) {
    if (error instanceof GitFailure) return false;
    throw error;
  }
}
