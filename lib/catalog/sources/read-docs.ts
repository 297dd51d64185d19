import { db } from "@/db/client";
import type { ImportResult } from "../contract";
import { replaceDocs } from "../docs";
import type { SourceDoc } from "../docs-plan";
import type { SourceReader } from "./reader";

// Documents of repositories elsewhere. At GitHub each file is a request, so only those are asked for that can be shown.

const MAX_FILES = 100;
const PAGE = /\.(md|markdown)$/i;
const MKDOCS = /(^|\/)mkdocs\.ya?ml$/i;
const USUAL = /(^|\/)readme\.md$|(^|\/)docs\//i;

const depth = (file: string) => file.split("/").length;

/** The paths to read: settings of MkDocs, READMEs and what lies in docs folders; other pages only where MkDocs may look for them. */
export function docPaths(files: readonly string[]): string[] {
  const own = files.filter((file) => (PAGE.test(file) || MKDOCS.test(file)) && !/(^|\/)(node_modules|vendor)\//.test(file));
  const hasMkdocs = own.some((file) => MKDOCS.test(file));
  const rank = (file: string) => (MKDOCS.test(file) ? 0 : USUAL.test(file) ? 1 : 2);
  const wanted = own.filter((file) => hasMkdocs || rank(file) < 2);
  return wanted.sort((a, b) => rank(a) - rank(b) || depth(a) - depth(b) || (a < b ? -1 : 1)).slice(0, MAX_FILES);
}

/** Brings the documents of what was read from a repository to what it holds at this commit. Nothing where it cannot be listed. */
export async function takeOverDocs(reader: SourceReader, { accepted }: ImportResult, { commit, now }: { commit: string; now: Date }): Promise<void> {
  const all = accepted.length > 0 ? await reader.list() : null;
  if (!all) return;
  const paths = docPaths(all);
  const texts = paths.length > 0 ? await reader.read(paths) : new Map<string, never>();
  const files: SourceDoc[] = paths.flatMap((path) => {
    const read = texts.get(path);
    return read && "text" in read ? [{ path, text: read.text }] : [];
  });
  const isMain = ({ file, entityRef }: ImportResult["accepted"][number]) => depth(file) === 1 && entityRef.startsWith("component:");
  const main = accepted.find(isMain) ?? accepted.find(({ file }) => depth(file) === 1);
  // The first one has README and docs/ without naming them; in a repository of many, none has.
  const refs = [main?.entityRef ?? "", ...accepted.filter((one) => one !== main).map(({ entityRef }) => entityRef)];
  await db().transaction((tx) => replaceDocs(tx, refs, files, { commit, now }));
}
