import { isUtf8 } from "node:buffer";
import { lstat, readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { sharedFolders } from "@/lib/core/shared-folders";
import type { UploadedFile } from "@/lib/golden-paths/contract";
import { EXIT, Exit } from "./exit";

const LEFT_OUT = new Set([".git", "node_modules", ".DS_Store"]);
const MAX_FILES = 2_000;
const MAX_BYTES = 16 * 1024 * 1024;

/** The files of a golden path's folder and of those beside it that it shares, without `.git` and `node_modules`. Throws Exit 2 for a folder that is none, links, and too much. */
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
  return files;
}

async function readInto(files: UploadedFile[], root: string, folder: string, total: { bytes: number }): Promise<void> {
  for (const name of (await readdir(path.join(root, folder))).filter((one) => !LEFT_OUT.has(one)).sort()) {
    const relative = folder ? `${folder}/${name}` : name;
    const entry = await lstat(path.join(root, relative));
    if (entry.isDirectory()) {
      await readInto(files, root, relative, total);
      continue;
    }
    if (!entry.isFile()) throw new Exit(EXIT.usage, `${relative} is a link or a device. A golden path holds only files: put a copy there instead.`);
    total.bytes += entry.size;
    if (total.bytes > MAX_BYTES || files.length >= MAX_FILES) throw new Exit(EXIT.usage, "The folder holds more than 2,000 files or 16 MB. Leave out what the path does not need.");
    const content = await readFile(path.join(root, relative));
    const isText = isUtf8(content) && !content.includes(0);
    files.push({ path: relative, content: content.toString(isText ? "utf8" : "base64"), encoding: isText ? "utf8" : "base64", isExecutable: (entry.mode & 0o111) !== 0 });
  }
}
