import path from "node:path";
import type { GithubClient } from "@/lib/github/client";
import { type ListedFile, listTree, readBlob } from "@/lib/github/files";
import { MAX_FILE_BYTES, type ReadText, resolveInRepository, type SourceReader, TOO_LARGE, textOf } from "./reader";

const AT_ONCE = 4;
const LINK = { problem: "It is a link or a submodule, and those are not followed.", fix: "Put the file itself there." };

/** The files of a tree at GitHub, one request for the list and one for each file that is read. */
export async function githubReader(client: GithubClient, at: { owner: string; name: string; tree: string; page: string }): Promise<SourceReader> {
  const whole = await listTree(client, at, at.tree);
  const byPath = new Map(whole.files.map((file) => [file.path, file]));
  const find = whole.isTruncated ? walker(client, at) : async (file: string) => byPath.get(file);
  const readOne = async (file: string): Promise<ReadText> => {
    const found = await find(file);
    if (!found || found.type === "folder") return { missing: true };
    if (found.type !== "file") return LINK;
    if (found.size !== null && found.size > MAX_FILE_BYTES) return TOO_LARGE;
    return textOf(await readBlob(client, at, found.sha));
  };
  return {
    // Of a list that was cut, nothing can be said to be missing.
    list: async () => (whole.isTruncated ? null : whole.files.flatMap((file) => (file.type === "file" ? [file.path] : []))),
    async read(paths) {
      const texts = new Map<string, ReadText>();
      for (let from = 0; from < paths.length; from += AT_ONCE) {
        const part = paths.slice(from, from + AT_ONCE);
        const read = await Promise.all(part.map(readOne));
        for (const [index, one] of part.entries()) texts.set(one, read[index] ?? { missing: true });
      }
      return texts;
    },
    resolve: (from, target) => resolveInRepository(at.page, from, target),
  };
}

/** Finds files folder by folder, for repositories whose whole list GitHub cuts. */
function walker(client: GithubClient, at: { owner: string; name: string; tree: string }) {
  const folders = new Map<string, Promise<Map<string, ListedFile>>>();
  const open = (tree: string) => {
    const known = folders.get(tree) ?? listTree(client, at, tree, { flat: true }).then(({ files }) => new Map(files.map((file) => [file.path, file])));
    folders.set(tree, known);
    return known;
  };
  return async (file: string): Promise<ListedFile | undefined> => {
    const parts = path.posix.normalize(file).split("/");
    let tree = at.tree;
    for (const folder of parts.slice(0, -1)) {
      const next = (await open(tree)).get(folder);
      if (next?.type !== "folder") return undefined;
      tree = next.sha;
    }
    return (await open(tree)).get(parts.at(-1) ?? "");
  };
}
