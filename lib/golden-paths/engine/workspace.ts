import { readdirSync } from "node:fs";
import { lstat, mkdir, rename, rm } from "node:fs/promises";
import path from "node:path";
import { DomainError } from "@/lib/core/errors";
import { SizeCount } from "./limits";
import { isCode, readSafely, safeChildPath, safeParentFor, safeSegments, writeSafely } from "./safe-path";

/** The folder that steps work in. Every path is relative to it and stays inside; totals are capped. */
export class Workspace {
  private readonly size = new SizeCount("What the golden path writes");

  constructor(readonly root: string) {}

  /** Writes a file; false when it is there already and `replace` is not set. */
  async write(relative: string, content: Buffer, mode: number, replace: boolean): Promise<boolean> {
    this.size.add(content.length);
    return writeSafely(this.root, relative, content, mode & 0o111 ? 0o755 : 0o644, replace);
  }

  /** Makes a folder and those that lead to it. */
  async makeFolder(relative: string): Promise<void> {
    if (safeSegments(relative).length === 0) return;
    await mkdir(safeParentFor(this.root, relative), { recursive: true, mode: 0o755 });
  }

  async read(relative: string): Promise<Buffer> {
    return readSafely(this.root, relative);
  }

  /** 0o755 for what can be run, else 0o644. */
  async mode(relative: string): Promise<number> {
    return (await lstat(safeChildPath(this.root, relative))).mode & 0o111 ? 0o755 : 0o644;
  }

  async exists(relative: string): Promise<boolean> {
    try {
      await lstat(safeChildPath(this.root, relative));
      return true;
    } catch (error) {
      if (isCode(error, "ENOENT")) return false;
      throw error;
    }
  }

  /** Moves a file or folder. Throws DomainError when the source is missing or the target is there and may not be replaced. */
  async move(from: string, to: string, overwrite: boolean): Promise<void> {
    if (safeSegments(from).length === 0) throw new DomainError("invalid", `"${from}" is the whole folder. Name a file or folder inside it.`);
    if (!(await this.exists(from))) throw new DomainError("invalid", `${from} is not there to be renamed. Check the path against the files written so far.`);
    const [source, target] = [safeChildPath(this.root, from), safeParentFor(this.root, to)];
    if (source === target) return;
    if (target.startsWith(`${source}${path.sep}`)) throw new DomainError("invalid", `${from} cannot be moved into itself (${to}).`);
    if (await this.exists(to)) {
      if (!overwrite) throw new DomainError("invalid", `${to} is there already. Set overwrite: true to replace it.`);
      await rm(target, { recursive: true });
    }
    await rename(source, target);
  }

  async remove(relative: string): Promise<void> {
    if (safeSegments(relative).length === 0) throw new DomainError("invalid", "The whole folder cannot be removed by name. Use the pattern ** to empty it.");
    await rm(safeChildPath(this.root, relative), { recursive: true, force: true });
  }

  /** Paths of all files, sorted; folders end in `/` and are given only when asked for. */
  async list(options: { folders?: boolean } = {}): Promise<string[]> {
    const found: string[] = [];
    this.listInto(found, "", options.folders ?? false);
    return found.sort();
  }

  private listInto(found: string[], folder: string, folders: boolean): void {
    for (const entry of readdirSync(path.join(this.root, folder), { withFileTypes: true })) {
      const relative = folder ? `${folder}/${entry.name}` : entry.name;
      if (!entry.isDirectory()) found.push(relative);
      else {
        if (folders) found.push(`${relative}/`);
        this.listInto(found, relative, folders);
      }
    }
  }
}
