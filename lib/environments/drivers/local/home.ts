import { randomBytes } from "node:crypto";
import { chmod, copyFile, link, lstat, mkdir, readFile, realpath, rename, rm, stat, symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { StepFailure } from "@/lib/runs/engine/types";

/** Folders of one data directory that sandboxes use. Unless the portal is an ordinary user, other accounts must be able to enter them. */
export interface Home {
  /** Marks everything in the world as made by this data directory; two installations may share a machine and a database server. */
  installation: string;
  sandboxes: string;
  dependencies: string;
  /** Short, because the path of a unix socket has at most 107 bytes. */
  sockets: string;
  /** Account files for inside a sandbox. */
  etc: string;
  /** The running node binary, at a path that every account may execute. */
  node: string;
}

const OTHERS_ENTER = 0o001;
const isRoot = () => process.getuid?.() === 0;

async function others(folder: string): Promise<boolean> {
  for (let at = path.resolve(folder); ; at = path.dirname(at)) {
    const mode = (await stat(at).catch(() => null))?.mode ?? OTHERS_ENTER;
    if (!(mode & OTHERS_ENTER)) return false;
    if (at === path.dirname(at)) return true;
  }
}

/** Writes a file only if it is not there; returns what is there in the end. Safe against a crash and against a second process. */
async function writeOnce(file: string, text: string): Promise<string> {
  const draft = `${file}.${randomBytes(6).toString("hex")}`;
  await writeFile(draft, text, { mode: 0o600 });
  try {
    await link(draft, file);
  } catch (error) {
    if (!isCode(error, "EEXIST")) throw error;
  } finally {
    await rm(draft, { force: true });
  }
  return readFile(file, "utf8");
}

/** True if the error carries that system error code. */
export function isCode(error: unknown, ...codes: string[]): boolean {
  return error instanceof Error && "code" in error && typeof error.code === "string" && codes.includes(error.code);
}

/** A folder of ours that nobody else can write to. Throws StepFailure when somebody else made it. */
async function ownFolder(folder: string, mode: number): Promise<string> {
  await mkdir(folder, { recursive: true, mode });
  const found = await lstat(folder);
  if (!found.isDirectory() || found.uid !== process.getuid?.()) {
    throw new StepFailure({
      causeCode: "port-or-socket",
      cause: `${folder} belongs to somebody else, so sandboxes cannot be started safely.`,
      whoCanFix: "platform-team",
      nextAction: `Remove ${folder} and retry.`,
    });
  }
  await chmod(folder, mode);
  return folder;
}

async function standIn(dataDir: string, name: string, installation: string, mode: number): Promise<string> {
  const folder = path.join(dataDir, name);
  if (isRoot() && !(await lstat(folder).catch(() => null)) && !(await others(dataDir))) {
    // Sandboxes have accounts of their own, which could not enter the data directory.
    const outside = await ownFolder(path.join("/var/tmp", `waymark-${name}-${installation}`), mode);
    await symlink(outside, folder).catch((error) => {
      if (!isCode(error, "EEXIST")) throw error;
    });
  }
  await mkdir(folder, { recursive: true, mode });
  const real = await realpath(folder);
  await chmod(real, mode);
  return real;
}

async function reachableNode(dependencies: string): Promise<string> {
  const node = await realpath(process.execPath);
  if (!isRoot() || (await others(path.dirname(node)))) return node;
  const copy = path.join(dependencies, `node-${process.version}`);
  if (await stat(copy).catch(() => null)) return copy;
  const draft = `${copy}.${process.pid}`;
  await copyFile(node, draft);
  await chmod(draft, 0o755);
  await rename(draft, copy);
  return copy;
}

async function accountFiles(dependencies: string): Promise<string> {
  const etc = path.join(dependencies, "etc");
  await mkdir(etc, { recursive: true, mode: 0o755 });
  const files = { passwd: "app:x:1000:1000:app:/tmp:/bin/sh\n", group: "app:x:1000:\n", hosts: "127.0.0.1 localhost\n::1 localhost\n" };
  for (const [name, text] of Object.entries(files)) {
    const file = path.join(etc, name);
    await writeOnce(file, text);
    await chmod(file, 0o644);
  }
  return etc;
}

/** Makes the folders of a data directory if they are not there. Throws StepFailure when one belongs to somebody else. */
export async function openHome(dataDir: string): Promise<Home> {
  await mkdir(dataDir, { recursive: true });
  const installation = (await writeOnce(path.join(dataDir, "installation"), randomBytes(6).toString("hex"))).trim();
  const enter = isRoot() ? 0o711 : 0o700;
  const sandboxes = await standIn(dataDir, "sandboxes", installation, enter);
  const dependencies = await standIn(dataDir, "dependencies", installation, isRoot() ? 0o755 : 0o700);
  const sockets = await ownFolder(path.join("/tmp", `wm-${installation}`), enter);
  return { installation, sandboxes, dependencies, sockets, etc: await accountFiles(dependencies), node: await reachableNode(dependencies) };
}
