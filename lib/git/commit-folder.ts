import { lstat, readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { DomainError } from "@/lib/core/errors";
import { findRef } from "./refs";
import { git } from "./run";

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
  const ref = `refs/heads/${spec.branch}`;
  const known = await findRef(dir, ref);
  if (known) return known;
  const { commit, below = "", without = [] } = spec.onto ?? {};
  const from = commit ? [Buffer.from(`from ${commit}\n`), ...without.map((name) => Buffer.from(`D ${quoted(name)}\n`))] : [];
  const stream = Buffer.concat([header(ref, spec), ...from, ...(await fileCommands(folder, below)), Buffer.from("\ndone\n")]);
  await git(["fast-import", "--quiet", "--done", "--date-format=raw"], { dir, input: stream, ...(signal ? { signal } : {}) });
  const made = await findRef(dir, ref);
  if (!made) throw new Error(`fast-import left no ${ref}`);
  return made;
}

function header(ref: string, { author, message, at }: CommitSpec): Buffer {
  const when = `${Math.floor(at.getTime() / 1000)} +0000`;
  const person = `${plain(author.name) || "Unknown"} <${plain(author.email)}>`;
  const text = Buffer.from(message);
  return Buffer.concat([Buffer.from(`commit ${ref}\nauthor ${person} ${when}\ncommitter Waymark <waymark@localhost> ${when}\ndata ${text.length}\n`), text, Buffer.from("\n")]);
}

/** A name for a commit header, in which line breaks and angle brackets have a meaning. */
const plain = (text: string) => text.replace(/[<>\x00-\x1f\x7f]/g, " ").trim();

async function fileCommands(folder: string, below: string): Promise<Buffer[]> {
  const commands: Buffer[] = [];
  let bytes = 0;
  for (const name of await filesBelow(folder, "")) {
    const file = path.join(folder, name);
    const entry = await lstat(file);
    if (!entry.isFile()) throw new DomainError("invalid", `${name} is a link or a device. A repository made here may hold only files and folders.`);
    const content = await readFile(file);
    bytes += content.length;
    if (bytes > MAX_BYTES) throw new DomainError("invalid", "The files are larger than 100 MB together. Remove what is not needed.");
    const mode = entry.mode & 0o111 ? "100755" : "100644";
    commands.push(Buffer.from(`M ${mode} inline ${quoted(below ? `${below}/${name}` : name)}\ndata ${content.length}\n`), content, Buffer.from("\n"));
    if (commands.length / 3 > MAX_FILES) throw new DomainError("invalid", `More than ${MAX_FILES} files. Remove what is not needed.`);
  }
  return commands;
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

/** A path as fast-import reads it: quoted as a C string. */
const quoted = (name: string) => `"${name.replace(/[\\"]/g, "\\$&").replaceAll("\n", "\\n")}"`;
