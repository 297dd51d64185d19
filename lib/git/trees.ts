import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { SHA } from "./names";
import { git, gitText } from "./run";

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

/** Keeps contents as objects, byte for byte, and returns their ids in order. */
export async function writeBlobs(dir: string, contents: Buffer[], signal?: AbortSignal): Promise<string[]> {
  if (contents.length === 0) return [];
  const blobs = contents.map((content, index) => Buffer.concat([Buffer.from(`blob\nmark :${index + 1}\ndata ${content.length}\n`), content, Buffer.from("\n")]));
  const asked = contents.map((_content, index) => `get-mark :${index + 1}\n`).join("");
  const input = Buffer.concat([...blobs, Buffer.from(`${asked}done\n`)]);
  const text = await gitText(["fast-import", "--quiet", "--done", "--cat-blob-fd=1"], { dir, input, ...(signal ? { signal } : {}) });
  const ids = text.split("\n").filter((line) => SHA.test(line));
  if (ids.length !== contents.length) throw new Error(`fast-import kept ${ids.length} of ${contents.length} files`);
  return ids;
}

/** The contents of objects, in order. Throws GitFailure for one that is not there. */
export async function readBlobs(dir: string, shas: string[]): Promise<Buffer[]> {
  return Promise.all(shas.map((sha) => git(["cat-file", "blob", sha], { dir })));
}

/** Writes the tree of these files and returns its id. */
export async function writeTree(dir: string, files: TreeFiles, signal?: AbortSignal): Promise<string> {
  const scratch = await mkdtemp(path.join(tmpdir(), "waymark-index-"));
  const options = { dir, env: { GIT_INDEX_FILE: path.join(scratch, "index") }, ...(signal ? { signal } : {}) };
  try {
    const lines = [...files].map(([name, { mode, sha }]) => `${mode} ${sha}\t${name}\0`);
    await git(["update-index", "-z", "--index-info"], { ...options, input: lines.join("") });
    return (await gitText(["write-tree"], options)).trim();
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

export interface NewCommit {
  tree: string;
  parents: string[];
  author: { name: string; email: string };
  message: string;
  /** Date of author and committer: the same input gives the same id again. */
  at: Date;
}

/** Writes a commit and returns its id; no branch moves. */
export async function commitTree(dir: string, { tree, parents, author, message, at }: NewCommit, signal?: AbortSignal): Promise<string> {
  // The @ makes git read a small number as seconds, too.
  const date = `@${Math.floor(at.getTime() / 1_000)} +0000`;
  const env = {
    GIT_AUTHOR_NAME: author.name || "Unknown",
    GIT_AUTHOR_EMAIL: author.email,
    GIT_AUTHOR_DATE: date,
    GIT_COMMITTER_NAME: "Waymark",
    GIT_COMMITTER_EMAIL: "waymark@localhost",
    GIT_COMMITTER_DATE: date,
  };
  const args = ["commit-tree", tree, ...parents.flatMap((parent) => ["-p", parent])];
  return (await gitText(args, { dir, env, input: message, ...(signal ? { signal } : {}) })).trim();
}

/** Moves a branch from exactly one commit to another; `from` null makes it. Throws GitFailure when it is elsewhere by now. */
export async function moveBranch(dir: string, branch: string, { from, to }: { from: string | null; to: string }): Promise<void> {
  await git(["update-ref", `refs/heads/${branch}`, to, from ?? "0".repeat(40)], { dir });
}
