import { createHash, randomBytes } from "node:crypto";
import { existsSync, mkdirSync, renameSync, writeFileSync } from "node:fs";
import { mkdir, rename, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { deflate, deflateSync } from "node:zlib";

// Objects as git itself keeps them one by one: what would be a process each is a file each. Format: gitformat-loose(5), gitglossary(7).

const compress = promisify(deflate);
const FAST = { level: 1 };
/** Up to this size, handing an object to other threads takes longer than writing it. */
const SMALL_BYTES = 16 * 1024;

export type ObjectType = "blob" | "tree" | "commit";

/** Keeps an object somewhere and returns its id. */
export type KeepObject = (type: ObjectType, content: Buffer) => Promise<string>;

/** Deflated, at once where that takes no time. */
export const compressed = async (content: Buffer): Promise<Buffer> => (content.length <= SMALL_BYTES ? deflateSync(content, FAST) : compress(content, FAST));

/** The id of an object: SHA-1 of its type, size and content. */
export function named(type: ObjectType, content: Buffer): { id: string; whole: Buffer } {
  const whole = Buffer.concat([Buffer.from(`${type} ${content.length}\0`), content]);
  return { id: createHash("sha1").update(whole).digest("hex"), whole };
}

/** Keeps an object in the repository at `dir` and returns its id; one that is there stays as it is. */
export async function writeObject(dir: string, type: ObjectType, content: Buffer): Promise<string> {
  const { id, whole } = named(type, content);
  const folder = path.join(dir, "objects", id.slice(0, 2));
  const file = path.join(folder, id.slice(2));
  // Whole or not at all: another process may look for it at any instant.
  const scratch = path.join(folder, `tmp_obj_${randomBytes(6).toString("hex")}`);
  if (whole.length <= SMALL_BYTES) {
    if (existsSync(file)) return id;
    mkdirSync(folder, { recursive: true });
    writeFileSync(scratch, await compressed(whole), { mode: 0o444 });
    renameSync(scratch, file);
    return id;
  }
  if (await stat(file).catch(() => null)) return id;
  await mkdir(folder, { recursive: true });
  await writeFile(scratch, await compressed(whole), { mode: 0o444 });
  await rename(scratch, file);
  return id;
}

export interface TreeEntry {
  /** 100644, 100755, 120000, 160000, or 40000 for a folder. */
  mode: string;
  name: string;
  sha: string;
}

const NEVER = /^(\.{0,2}|\.git)$/i;

/** A tree's content. Throws for a name that git refuses: empty, `.`, `..`, `.git`, or with a slash or NUL. */
export function treeContent(entries: TreeEntry[]): Buffer {
  // Git orders folders as if their names ended in a slash.
  const keyOf = ({ mode, name }: TreeEntry) => Buffer.from(mode === "40000" ? `${name}/` : name);
  const sorted = entries.map((entry) => ({ entry, key: keyOf(entry) })).sort((a, b) => Buffer.compare(a.key, b.key));
  return Buffer.concat(
    sorted.flatMap(({ entry: { mode, name, sha } }) => {
      if (NEVER.test(name) || /[/\0]/.test(name)) throw new Error(`no name for a file in a repository: ${name}`);
      return [Buffer.from(`${mode.replace(/^0/, "")} ${name}\0`), Buffer.from(sha, "hex")];
    }),
  );
}
