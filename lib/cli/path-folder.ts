import { isUtf8 } from "node:buffer";
import { lstat, readdir, readFile, realpath } from "node:fs/promises";
import path from "node:path";
import { copyOf, foldersAbove, namingCopies, urlsAbove } from "@/lib/core/copied-folders";
import { sharedFolders } from "@/lib/core/shared-folders";
import type { UploadedFile } from "@/lib/golden-paths/contract";
import { EXIT, Exit } from "./exit";

const LEFT_OUT = new Set([".git", "node_modules", ".DS_Store"]);
const MAX_FILES = 2_000;
const MAX_BYTES = 16 * 1024 * 1024;

/**
 * The files of a golden path's folder and of those that it shares, without `.git` and `node_modules`: what it names as shared lies beside it,
 * what its template fetches from above lies in the same repository and is copied into it. Throws Exit 2 for a folder that is none, links, and too much.
 */
export async function readPathFolder(dir: string): Promise<UploadedFile[]> {
  const root = path.resolve(dir);
  const entry = await lstat(root).catch(() => null);
  if (!entry?.isDirectory()) throw new Exit(EXIT.usage, `${dir} is no folder. Name the folder that holds template.yaml.`);
  const files: UploadedFile[] = [];
  const total = { bytes: 0 };
  await readInto(files, root, "", total);
  const template = files.find((file) => /^template\.ya?ml$/i.test(file.path));
  if (!template) throw new Exit(EXIT.usage, `${dir} holds no template.yaml. Name the folder of a golden path.`);
  // An exported version brings what it shares within itself.
  const missing = sharedFolders(template.content).filter((name) => !files.some((file) => file.path.startsWith(`${name}/`)));
  for (const name of missing) await readInto(files, path.dirname(root), name, total);
  await readAbove(files, template, root, total);
  return files;
}

async function readAbove(files: UploadedFile[], template: UploadedFile, root: string, total: { bytes: number }): Promise<void> {
  const urls = urlsAbove(template.content);
  const repository = urls.length ? await repositoryOf(root) : null;
  if (repository === null) return;
  const found = foldersAbove(urls, path.relative(repository, root));
  // One may lie in another; each file is copied once.
  const outermost = found.filter(({ from }) => !found.some((other) => from.startsWith(`${other.from}/`)));
  const copied: UploadedFile[] = [];
  for (const from of new Set(outermost.map((one) => one.from))) if (await isInside(repository, from)) await readOne(copied, repository, from, total);
  files.push(...copied.map((file) => ({ ...file, path: copyOf(file.path) })));
  // What is not there keeps its name, which the check of the path tells.
  const there = found.filter(({ from }) => copied.some((file) => file.path === from || file.path.startsWith(`${from}/`)));
  template.content = namingCopies(template.content, there);
}

/** False for what a link on the way leads out to, and for what belongs to git or npm, which may hold secrets. */
async function isInside(repository: string, from: string): Promise<boolean> {
  if (from.split("/").some((name) => LEFT_OUT.has(name))) return false;
  const [root, place] = await Promise.all([realpath(repository), realpath(path.join(repository, from)).catch(() => null)]);
  return place === path.join(root, from);
}

/** The nearest folder above that is a repository of git. */
async function repositoryOf(folder: string): Promise<string | null> {
  const isOne = await lstat(path.join(folder, ".git")).catch(() => null);
  const above = path.dirname(folder);
  if (isOne) return folder;
  return above === folder ? null : repositoryOf(above);
}

async function readInto(files: UploadedFile[], root: string, folder: string, total: { bytes: number }): Promise<void> {
  const names = (await readdir(path.join(root, folder))).filter((one) => !LEFT_OUT.has(one)).sort();
  for (const name of names) await readOne(files, root, folder ? `${folder}/${name}` : name, total);
}

async function readOne(files: UploadedFile[], root: string, relative: string, total: { bytes: number }): Promise<void> {
  const entry = await lstat(path.join(root, relative)).catch(() => null);
  if (!entry) return;
  if (entry.isDirectory()) return readInto(files, root, relative, total);
  if (!entry.isFile()) throw new Exit(EXIT.usage, `${relative} is a link or a device. A golden path holds only files: put a copy there instead.`);
  total.bytes += entry.size;
  if (total.bytes > MAX_BYTES || files.length >= MAX_FILES) throw new Exit(EXIT.usage, "The folder holds more than 2,000 files or 16 MB. Leave out what the path does not need.");
  const content = await readFile(path.join(root, relative));
  const isText = isUtf8(content) && !content.includes(0);
  files.push({ path: relative, content: content.toString(isText ? "utf8" : "base64"), encoding: isText ? "utf8" : "base64", isExecutable: (entry.mode & 0o111) !== 0 });
}
