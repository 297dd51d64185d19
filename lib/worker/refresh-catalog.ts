import { mkdtemp, readdir, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { db } from "@/db/client";
import { takeOverOwnCommit } from "@/lib/catalog/jobs";
import { storeDocs } from "@/lib/catalog/mutations";
import { databaseNow } from "@/lib/core/ctx";
import type { Push } from "@/lib/repositories/jobs";
import { commitInfo, exportCommit, repositoryDir } from "@/lib/repositories/source";

const MAX_FILE_BYTES = 1_048_576;
const MAX_FILES = 400;
const EXPORT_MS = 60_000;

/** After a push to the default branch: the catalog takes over what catalog-info.yaml and the documents say now. A file that broke changes nothing but findings. */
export async function refreshCatalog({ repository, ref, after, pushedBy }: Push): Promise<void> {
  if (!after || ref !== `refs/heads/${repository.defaultBranch}`) return;
  const [dir, commit] = await Promise.all([repositoryDir(repository, after), commitInfo(repository, after)]);
  const { accepted } = await takeOverOwnCommit({ repository, dir, commit, pushedBy });
  const own = repository.entityRef ? [repository.entityRef] : [];
  const refs = [...own, ...accepted.map(({ entityRef }) => entityRef).filter((entityRef) => entityRef !== repository.entityRef)];
  if (refs.length) await refreshDocs(repository, refs, after);
}

async function refreshDocs(repository: Push["repository"], refs: string[], commit: string): Promise<void> {
  const folder = await mkdtemp(path.join(tmpdir(), "waymark-catalog-"));
  try {
    await exportCommit(repository, commit, folder, AbortSignal.timeout(EXPORT_MS));
    const docs = await filesBelow(folder, "", /\.(md|markdown)$|^mkdocs\.ya?ml$/i);
    const now = await databaseNow();
    await db().transaction((tx) => storeDocs(tx, refs, docs, { commit, now }));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function textOf(folder: string, name: string): Promise<string | null> {
  const at = path.join(folder, name);
  const info = await stat(at).catch(() => null);
  return info?.isFile() && info.size <= MAX_FILE_BYTES ? readFile(at, "utf8") : null;
}

/** Files of this kind below a folder of the repository; dependencies and tests of size are left out. */
async function filesBelow(folder: string, below: string, wanted: RegExp): Promise<{ path: string; text: string; name: string }[]> {
  const entries = await readdir(path.join(folder, below), { recursive: true, withFileTypes: true }).catch(() => []);
  const names = entries
    .filter((entry) => entry.isFile() && wanted.test(entry.name))
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)).split(path.sep).join("/"))
    .filter((name) => !name.includes("node_modules/"))
    .slice(0, MAX_FILES);
  const read = await Promise.all(names.map(async (name) => ({ name, path: name, text: await textOf(folder, name) })));
  return read.flatMap(({ text, ...rest }) => (text === null ? [] : [{ ...rest, text }]));
}
