import { lstatSync, readdirSync, readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { setImmediate } from "node:timers/promises";
import { DomainError } from "@/lib/core/errors";
import type { KeepObject } from "./objects";
import { draftPack } from "./pack";
import { createBranch, findRef } from "./refs";
import { keepCommit, keepTree, readTreeFiles, type TreeFile, type TreeFiles } from "./trees";

const MAX_FILES = 5_000;
const MAX_BYTES = 100 * 1024 * 1024;

export interface CommitSpec {
  branch: string;
  author: { name: string; email: string };
  message: string;
  /** Date of author and committer: fixed, so that the same files give the same commit id again. */
  at: Date;
  /** Put onto this commit, below the folder, without the paths that are taken out; alone, as a first commit, when left out. */
  onto?: { commit: string; below: string; without: string[] };
}

/**
 * Writes the folder, byte for byte, as the first commit of a branch and returns its id; a branch that is there is left alone
 * and its commit returned, so that the call can be repeated. Throws DomainError("invalid") for links, devices and too much.
 */
export async function commitFolder(dir: string, folder: string, spec: CommitSpec, signal?: AbortSignal): Promise<string> {
  const known = await findRef(dir, `refs/heads/${spec.branch}`);
  if (known) return known;
  const { commit, below = "", without = [] } = spec.onto ?? {};
  const files = commit ? await readTreeFiles(dir, commit) : new Map<string, TreeFile>();
  for (const name of files.keys()) if (without.some((gone) => name === gone || name.startsWith(`${gone}/`))) files.delete(name);
  const pack = draftPack();
  for (const [name, file] of await keepFiles(folder, pack.keep, signal)) place(files, below ? `${below}/${name}` : name, file);
  const tree = await keepTree(files, pack.keep);
  const made = await keepCommit({ tree, parents: commit ? [commit] : [], author: spec.author, message: spec.message, at: spec.at }, pack.keep);
  await pack.write(dir, signal);
  await createBranch(dir, spec.branch, made);
  return made;
}

/** A file takes the place of a folder of its name, and of a file that its own folder has the name of. */
function place(files: TreeFiles, name: string, file: TreeFile): void {
  const parts = name.split("/");
  for (let at = 1; at < parts.length; at++) files.delete(parts.slice(0, at).join("/"));
  for (const other of files.keys()) if (other.startsWith(`${name}/`)) files.delete(other);
  files.set(name, file);
}

/** Files read before others have their turn: reading one that was just written takes microseconds. */
const AT_ONCE = 16;
const LARGE_BYTES = 1024 * 1024;

/** The folder's files as objects, by their path in it. */
async function keepFiles(folder: string, keep: KeepObject, signal?: AbortSignal): Promise<TreeFiles> {
  const names = filesBelow(folder, "");
  if (names.length > MAX_FILES) throw new DomainError("invalid", `More than ${MAX_FILES} files. Remove what is not needed.`);
  let bytes = 0;
  const files: TreeFiles = new Map();
  for (const [index, name] of names.entries()) {
    if (index % AT_ONCE === AT_ONCE - 1) await setImmediate();
    signal?.throwIfAborted();
    const file = path.join(folder, name);
    const entry = lstatSync(file);
    if (!entry.isFile()) throw new DomainError("invalid", `${name} is a link or a device. A repository made here may hold only files and folders.`);
    bytes += entry.size;
    if (bytes > MAX_BYTES) throw new DomainError("invalid", "The files are larger than 100 MB together. Remove what is not needed.");
    files.set(name, { mode: entry.mode & 0o111 ? "100755" : "100644", sha: await keep("blob", entry.size > LARGE_BYTES ? await readFile(file) : readFileSync(file)) });
  }
  return files;
}

function filesBelow(root: string, folder: string): string[] {
  const found: string[] = [];
  for (const entry of readdirSync(path.join(root, folder), { withFileTypes: true })) {
    const name = folder ? `${folder}/${entry.name}` : entry.name;
    if (entry.isDirectory()) found.push(...filesBelow(root, name));
    else found.push(name);
  }
  return found.sort();
}
