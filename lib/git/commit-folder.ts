import { lstat, readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { DomainError } from "@/lib/core/errors";
import { createBranch, findRef } from "./refs";
import { commitTree, readTreeFiles, type TreeFile, type TreeFiles, writeBlobs, writeTree } from "./trees";

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
  for (const [name, file] of await keepFiles(dir, folder, signal)) place(files, below ? `${below}/${name}` : name, file);
  const tree = await writeTree(dir, files, signal);
  const made = await commitTree(dir, { tree, parents: commit ? [commit] : [], author: spec.author, message: spec.message, at: spec.at }, signal);
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

/** The folder's files as objects, by their path in it. */
async function keepFiles(dir: string, folder: string, signal?: AbortSignal): Promise<TreeFiles> {
  const names = await filesBelow(folder, "");
  if (names.length > MAX_FILES) throw new DomainError("invalid", `More than ${MAX_FILES} files. Remove what is not needed.`);
  let bytes = 0;
  const modes: string[] = [];
  const contents: Buffer[] = [];
  for (const name of names) {
    const file = path.join(folder, name);
    const entry = await lstat(file);
    if (!entry.isFile()) throw new DomainError("invalid", `${name} is a link or a device. A repository made here may hold only files and folders.`);
    bytes += entry.size;
    if (bytes > MAX_BYTES) throw new DomainError("invalid", "The files are larger than 100 MB together. Remove what is not needed.");
    modes.push(entry.mode & 0o111 ? "100755" : "100644");
    contents.push(await readFile(file));
  }
  const ids = await writeBlobs(dir, contents, signal);
  return new Map(names.map((name, index) => [name, { mode: modes[index] ?? "100644", sha: ids[index] ?? "" }]));
}

async function filesBelow(root: string, folder: string): Promise<string[]> {
  const found: string[] = [];
  for (const entry of await readdir(path.join(root, folder), { withFileTypes: true })) {
    const name = folder ? `${folder}/${entry.name}` : entry.name;
    if (entry.isDirectory()) found.push(...(await filesBelow(root, name)));
    else found.push(name);
  }
  return found.sort();
}
