import { type TreeEntry, treeEntry } from "./read";
import { git, gitText } from "./run";

/** The files of one commit, read from the object store without a checkout. */
export interface Snapshot {
  entries: TreeEntry[];
  /** Contents of these files; null for one that is larger than `maxBytes` or not a file. A path that is not there is left out. */
  read(paths: string[], maxBytes: number): Promise<Map<string, Buffer | null>>;
}

const MAX_OUTPUT = 64 * 1024 * 1024;
/** Reading never leaves this machine, also where the copy lacks objects. */
const OFFLINE = ["protocol.http.allow=never", "protocol.https.allow=never"];

/** Opens a commit; `isPartial`: large files were left out when it was fetched. Throws GitFailure where there is no such commit. */
export async function openSnapshot(dir: string, commit: string, { isPartial = false } = {}): Promise<Snapshot> {
  const text = await gitText(["ls-tree", "-z", "-r", ...(isPartial ? [] : ["-l"]), "--end-of-options", commit], { dir, config: OFFLINE });
  const entries = text.split("\0").filter(Boolean).map(treeEntry);
  const held = isPartial ? await heldObjects(dir) : null;
  const sizeOf = ({ sha, size }: TreeEntry) => (held ? (held.get(sha) ?? null) : size);
  const byPath = new Map(entries.map((entry) => [entry.name, entry]));
  return {
    entries,
    async read(paths, maxBytes) {
      const found = paths.flatMap((path) => byPath.get(path) ?? []);
      const isWanted = (entry: TreeEntry) => entry.type === "file" && (sizeOf(entry) ?? maxBytes + 1) <= maxBytes;
      const blobs = await readBlobs(
        dir,
        found.filter(isWanted).map(({ sha }) => sha),
      );
      return new Map(found.map((entry) => [entry.name, isWanted(entry) ? (blobs.get(entry.sha) ?? null) : null]));
    },
  };
}

/** Sizes of the objects that are here. */
async function heldObjects(dir: string): Promise<Map<string, number>> {
  const text = await gitText(["cat-file", "--batch-all-objects", "--batch-check=%(objectname) %(objectsize)"], { dir, config: OFFLINE });
  return new Map(text.split("\n").flatMap((line) => (line ? [[line.slice(0, 40), Number(line.slice(41))] as const] : [])));
}

async function readBlobs(dir: string, shas: string[]): Promise<Map<string, Buffer>> {
  if (shas.length === 0) return new Map();
  const out = await git(["cat-file", "--batch"], { dir, input: `${[...new Set(shas)].join("\n")}\n`, maxBytes: MAX_OUTPUT, config: OFFLINE });
  return parseBatch(out);
}

/** Reads the answer of `git cat-file --batch`: a line of id, type and size, then the content and a line end. */
export function parseBatch(out: Buffer): Map<string, Buffer> {
  const found = new Map<string, Buffer>();
  for (let at = 0; at < out.length; ) {
    const end = out.indexOf(10, at);
    if (end < 0) break;
    const [sha = "", type, size] = out.subarray(at, end).toString("latin1").split(" ");
    at = end + 1;
    if (type === "missing") continue;
    const length = Number(size);
    found.set(sha, out.subarray(at, at + length));
    at += length + 1;
  }
  return found;
}
