import { createHash, randomBytes } from "node:crypto";
import { link, lstat, mkdir, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { isCode } from "./home";
import { identify } from "./process-identity";
import { claimRun } from "./run-record";

// Packages and builds are kept in folders that environments share. Who needs one says so by a mark, a small file that names the folder
// of its sources: the mark counts for as long as that folder exists, whatever runs or has crashed. So an environment's mark ends with
// its version, that of a path which is prepared ahead with the preparing.
//
// Removing and using cannot miss each other. Whoever wants a folder writes the mark, then looks at the lock. The removal takes the
// lock, then looks at the marks. One of the two sees the other: either the folder stays, or who wants it waits and makes it anew.

const USES = "uses";
const KEPT = /^(?:build-)?[0-9a-f]{32}$/;
const MARK = /^((?:build-)?[0-9a-f]{32})\.[0-9a-f]{16}(?:\.aside-[0-9a-f]+)?$/;
const GONE = /\.gone-[0-9a-f]+$/;
const DAY_MS = 86_400_000;
/** In a lock: it is held by a removal, and what lies behind it may be going. */
export const REMOVAL = "removal";

export interface KeptFolder {
  name: string;
  kind: "packages" | "build";
  bytes: number;
  lastUsedAt: Date;
  isInUse: boolean;
}

const exists = async (file: string) => (await lstat(file).catch(() => null)) !== null;
const namesIn = (folder: string) =>
  readdir(folder).catch((error: unknown) => {
    if (isCode(error, "ENOENT")) return [];
    throw error;
  });

export class Kept {
  constructor(private readonly root: string) {}

  private readonly uses = (name: string) => path.join(this.root, USES, name);

  /** Notes that the sources in the folder `app` need it, until that folder is gone. To be called before one looks whether it is there. */
  async use(place: string, app: string): Promise<void> {
    await mkdir(this.uses(""), { recursive: true, mode: 0o700 });
    const name = path.basename(place);
    await writeFile(this.uses(`${name}.${createHash("sha256").update(app).digest("hex").slice(0, 16)}`), app, { mode: 0o600 });
    await writeFile(this.uses(`${name}.used`), "", { mode: 0o600 });
  }

  /** The folders of sources that have a mark. */
  async users(): Promise<Set<string>> {
    return new Set((await this.marks()).map(({ app }) => app));
  }

  /** Everything that is kept, the longest unused first. */
  async list(): Promise<KeptFolder[]> {
    const marks = await this.marks();
    const living = new Set<string>();
    for (const { name, app } of marks) if (app === "" || (await exists(app))) living.add(name);
    const names = (await namesIn(this.root)).filter((name) => KEPT.test(name));
    const all = await Promise.all(
      names.map(async (name): Promise<KeptFolder> => {
        const kind = name.startsWith("build-") ? "build" : "packages";
        return { name, kind, bytes: await this.bytesOf(name), lastUsedAt: await this.lastUse(name), isInUse: living.has(name) };
      }),
    );
    return all.sort((a, b) => a.lastUsedAt.getTime() - b.lastUsedAt.getTime());
  }

  /** Removes what nobody uses and nobody has used since that moment. What is being made or wanted just now stays. Returns what went. */
  async removeUnused(since: Date): Promise<KeptFolder[]> {
    await this.forgetOld();
    const self = await identify(process.pid);
    if (!self) throw new Error("this process cannot identify itself");
    const removed: KeptFolder[] = [];
    for (const folder of await this.list()) {
      if (folder.isInUse || folder.lastUsedAt >= since) continue;
      const place = path.join(this.root, folder.name);
      const lock = `${place}.lock`;
      if (await claimRun(lock, { ...self, environmentId: REMOVAL })) continue;
      const aside = `${place}.gone-${randomBytes(6).toString("hex")}`;
      try {
        if ((await this.isMarked(folder.name)) || (await this.lastUse(folder.name)) >= since) continue;
        await rename(place, aside);
      } finally {
        await rm(lock, { force: true });
      }
      await rm(aside, { recursive: true, force: true });
      for (const end of ["used", "bytes"]) await rm(this.uses(`${folder.name}.${end}`), { force: true });
      removed.push(folder);
    }
    return removed;
  }

  /** True once a day has passed since it was last true. The first time only begins the day. */
  async isDue(now: Date): Promise<boolean> {
    const file = this.uses("tended");
    const last = Number(await readFile(file, "utf8").catch(() => Number.NaN));
    if (now.getTime() - last < DAY_MS) return false;
    await mkdir(this.uses(""), { recursive: true, mode: 0o700 });
    await writeFile(file, String(now.getTime()), { mode: 0o600 });
    return Number.isFinite(last);
  }

  private async marks(): Promise<{ file: string; name: string; app: string }[]> {
    const files = (await namesIn(this.uses(""))).flatMap((file) => (MARK.test(file) ? [{ file, name: MARK.exec(file)?.[1] ?? "" }] : []));
    // A mark that is being written is empty for a moment, and counts; one that was forgotten meanwhile does not.
    const read = await Promise.all(files.map(async (mark) => ({ ...mark, app: await readFile(this.uses(mark.file), "utf8").catch(() => null) })));
    return read.flatMap((mark) => (mark.app === null ? [] : [{ ...mark, app: mark.app }]));
  }

  private async isMarked(name: string): Promise<boolean> {
    for (const mark of await this.marks()) if (mark.name === name && (mark.app === "" || (await exists(mark.app)))) return true;
    return false;
  }

  private async lastUse(name: string): Promise<Date> {
    const found = (await stat(this.uses(`${name}.used`)).catch(() => null)) ?? (await stat(path.join(this.root, name)).catch(() => null));
    return found?.mtime ?? new Date(0);
  }

  /** Counted once: what is kept never changes. */
  private async bytesOf(name: string): Promise<number> {
    const known = Number(await readFile(this.uses(`${name}.bytes`), "utf8").catch(() => Number.NaN));
    if (Number.isFinite(known)) return known;
    const bytes = await sizeOf(path.join(this.root, name));
    await mkdir(this.uses(""), { recursive: true, mode: 0o700 });
    await writeFile(this.uses(`${name}.bytes`), String(bytes), { mode: 0o600 });
    return bytes;
  }

  /** What removals that broke off left, and marks of sources that are gone. */
  private async forgetOld(): Promise<void> {
    for (const name of await namesIn(this.root)) if (GONE.test(name)) await rm(path.join(this.root, name), { recursive: true, force: true });
    for (const { file, app } of await this.marks()) if (app !== "" && !(await exists(app))) await this.forget(file, app);
  }

  /** A mark is taken aside before it goes: the same sources may be written again, and marked, at this very moment. */
  private async forget(file: string, app: string): Promise<void> {
    const mark = this.uses(file);
    const aside = this.uses(`${file.replace(/\.aside-.*$/, "")}.aside-${randomBytes(6).toString("hex")}`);
    try {
      await rename(mark, aside);
    } catch (error) {
      if (isCode(error, "ENOENT")) return;
      throw error;
    }
    if (await exists(app)) {
      await link(aside, mark).catch((error: unknown) => {
        if (!isCode(error, "EEXIST")) throw error;
      });
    }
    await rm(aside, { force: true });
  }
}

const AT_ONCE = 64;

/** Bytes of the files below a folder; links count for themselves. */
async function sizeOf(folder: string): Promise<number> {
  const files = (await readdir(folder, { recursive: true, withFileTypes: true })).filter((entry) => !entry.isDirectory());
  let bytes = 0;
  for (let from = 0; from < files.length; from += AT_ONCE) {
    const found = await Promise.all(files.slice(from, from + AT_ONCE).map((entry) => lstat(path.join(entry.parentPath, entry.name)).catch(() => null)));
    for (const one of found) bytes += one?.size ?? 0;
  }
  return bytes;
}
