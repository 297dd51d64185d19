import { createHash } from "node:crypto";
import { lstat, readdir } from "node:fs/promises";
import path from "node:path";
import { DomainError } from "@/lib/core/errors";
import { sharedFolders } from "@/lib/core/shared-folders";
import type { TemplateFiles } from "../archive";
import { SizeCount } from "./limits";
import { readSafely, safeSegments } from "./safe-path";

/** What a working copy holds beside the template itself. */
const LEFT_OUT = new Set([".git", "node_modules", ".DS_Store"]);

/**
 * The files below a folder by path, without `.git` and `node_modules`. Modes are reduced to 0o644 and 0o755, so that the
 * same commit gives the same hash on every machine. Throws DomainError("invalid") for links, devices and too much.
 */
export async function readTemplateFolder(dir: string): Promise<TemplateFiles> {
  const files: TemplateFiles = new Map();
  await readInto(files, dir, "", new SizeCount(`The folder ${path.basename(dir)}`));
  return files;
}

/** The same for the folder of a golden path, with the folders beside it that its template.yaml shares with others. */
export async function readPathFolder(dir: string): Promise<TemplateFiles> {
  const files = await readTemplateFolder(dir);
  const size = new SizeCount(`What ${path.basename(dir)} shares`);
  const shared = sharedFolders(files.get("template.yaml")?.content.toString("utf8") ?? "");
  // An exported version brings them within itself.
  const missing = shared.filter((name) => ![...files.keys()].some((file) => file.startsWith(`${name}/`)));
  for (const name of missing) await readInto(files, path.dirname(path.resolve(dir)), name, size);
  return files;
}

async function readInto(files: TemplateFiles, root: string, folder: string, size: SizeCount): Promise<void> {
  const names = (await readdir(path.join(root, folder))).filter((name) => !LEFT_OUT.has(name)).sort();
  for (const name of names) {
    const relative = folder ? `${folder}/${name}` : name;
    checkName(relative);
    const entry = await lstat(path.join(root, relative));
    if (entry.isDirectory()) {
      await readInto(files, root, relative, size);
      continue;
    }
    if (!entry.isFile())
      throw new DomainError(
        "invalid",
        `${relative} is a ${entry.isSymbolicLink() ? "link" : "device or socket"}. A template may hold only files and folders; put a copy there instead.`,
      );
    size.add(entry.size);
    files.set(relative, { content: await readSafely(root, relative), mode: entry.mode & 0o111 ? 0o755 : 0o644 });
  }
}

/** Names hold template code, in which `/` and `..` mean nothing yet; what they render to is checked when written. */
function checkName(relative: string): void {
  safeSegments(relative.replaceAll(/\$\{\{.*?\}\}|\{%.*?%\}/g, "x"));
}

/** A hash of paths, modes and contents; the same for the same files in any order. */
export function hashFiles(files: TemplateFiles): string {
  const hash = createHash("sha256");
  for (const [name, { content, mode }] of [...files].sort(([a], [b]) => (a < b ? -1 : 1))) {
    hash.update(JSON.stringify([name, mode, createHash("sha256").update(content).digest("hex")]));
  }
  return hash.digest("hex");
}
