import { openSnapshot } from "@/lib/git/snapshot";
import { MAX_FILE_BYTES, type ReadText, resolveInRepository, type SourceReader, TOO_LARGE, textOf } from "./reader";

const LINK = { problem: "It is a link or a submodule, and those are not followed.", fix: "Put the file itself there." };

/** The files of a commit in a bare repository on this machine; `page` is where people see the repository. */
export async function commitReader(at: { dir: string; commit: string; page: string; isPartial?: boolean }): Promise<SourceReader> {
  const snapshot = await openSnapshot(at.dir, at.commit, { isPartial: at.isPartial ?? false });
  const types = new Map(snapshot.entries.map(({ name, type }) => [name, type]));
  const names = snapshot.entries.flatMap(({ name, type }) => (type === "file" ? [name] : []));
  return {
    list: async () => names,
    async read(paths) {
      const blobs = await snapshot.read(paths, MAX_FILE_BYTES);
      return new Map(paths.map((path): [string, ReadText] => [path, readOf(types.get(path), blobs.get(path))]));
    },
    resolve: (from, target) => resolveInRepository(at.page, from, target),
  };
}

function readOf(type: string | undefined, blob: Buffer | null | undefined): ReadText {
  if (type === undefined) return { missing: true };
  if (type !== "file") return LINK;
  return blob ? textOf(blob) : TOO_LARGE;
}
