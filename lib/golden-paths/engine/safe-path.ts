import { closeSync, constants, fchmodSync, lstatSync, mkdirSync, openSync, realpathSync, writeFileSync } from "node:fs";
import { open } from "node:fs/promises";
import path from "node:path";
import { DomainError } from "@/lib/core/errors";

const MAX_PATH_DEPTH = 20;
const MAX_SEGMENT_BYTES = 255;
const WINDOWS_NAMES = /^(con|prn|aux|nul|com\d|lpt\d)(\..*)?$/i;
/** `.git` as every file system that git knows may spell it. */
const GIT_FOLDER = /^(\.git|git~\d+)[. ]*$/i;

// Looking at names and writing small files takes microseconds; handing each look to another thread takes longer than all of them.

/** Up to this size a file is written at once. */
const SMALL_BYTES = 64 * 1024;

/**
 * The segments of a path that may be used below a folder; empty for the folder itself.
 * Throws DomainError("invalid") for anything that could leave the folder or reach git's own data.
 */
export function safeSegments(relative: string): string[] {
  if (relative.startsWith("/")) throw refuse(relative, "it is absolute");
  if (relative.includes("\\")) throw refuse(relative, "it contains a backslash");
  if (hasControlCharacter(relative)) throw refuse(relative, "it contains a control character");
  const segments = relative.split("/").filter((segment) => segment !== "" && segment !== ".");
  for (const segment of segments) {
    if (/^[a-z]:/i.test(segment)) throw refuse(relative, `${segment.slice(0, 2)} is a drive on Windows`);
    if (/^\.\.[. ]*$/.test(segment)) throw refuse(relative, "it leads out of its folder");
    if (GIT_FOLDER.test(segment.normalize("NFKC").replace(/[\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]/g, ""))) throw refuse(relative, "it reaches git's own data");
    if (WINDOWS_NAMES.test(segment)) throw refuse(relative, `${segment} is a device name on Windows`);
    if (Buffer.byteLength(segment) > MAX_SEGMENT_BYTES) throw refuse(relative, "a name in it is longer than 255 bytes");
  }
  if (segments.length > MAX_PATH_DEPTH) throw refuse(relative, `it is deeper than ${MAX_PATH_DEPTH} folders`);
  return segments;
}

/** The absolute path below root, checked by text and against links on the way. Throws DomainError("invalid"). */
export function safeChildPath(root: string, relative: string): string {
  const segments = safeSegments(relative);
  const base = realpathSync(root);
  refuseLinks(base, segments, relative);
  return path.join(base, ...segments);
}

/** Like safeChildPath, and creates the folders that lead there. */
export function safeParentFor(root: string, relative: string): string {
  const segments = safeSegments(relative);
  const base = realpathSync(root);
  refuseLinks(base, segments, relative);
  if (segments.length === 0) throw refuse(relative, "it names no file");
  const target = path.join(base, ...segments);
  try {
    mkdirSync(path.dirname(target), { recursive: true, mode: 0o755 });
  } catch (cause) {
    throw isCode(cause, "EEXIST", "ENOTDIR") ? refuse(relative, "a file is where a folder is needed") : cause;
  }
  refuseLinks(base, segments, relative);
  return target;
}

/** Writes a file without following links. Returns false when it is there already and must not be replaced. */
export async function writeSafely(root: string, relative: string, content: Buffer, mode: number, replace: boolean): Promise<boolean> {
  const target = safeParentFor(root, relative);
  const { O_CREAT, O_EXCL, O_NOFOLLOW, O_TRUNC, O_WRONLY } = constants;
  const flags = O_WRONLY | O_CREAT | O_NOFOLLOW | (replace ? O_TRUNC : O_EXCL);
  try {
    await (content.length <= SMALL_BYTES ? writeAtOnce(target, flags, content, mode) : writeAside(target, flags, content, mode));
    return true;
  } catch (cause) {
    if (!replace && isCode(cause, "EEXIST")) return false;
    throw isCode(cause, "EISDIR", "ELOOP") ? refuse(relative, "something that is not a file is there") : cause;
  }
}

function writeAtOnce(target: string, flags: number, content: Buffer, mode: number): void {
  const file = openSync(target, flags, mode);
  try {
    fchmodSync(file, mode);
    writeFileSync(file, content);
  } finally {
    closeSync(file);
  }
}

async function writeAside(target: string, flags: number, content: Buffer, mode: number): Promise<void> {
  const file = await open(target, flags, mode);
  try {
    await file.chmod(mode);
    await file.writeFile(content);
  } finally {
    await file.close();
  }
}

/** Reads a file without following links. */
export async function readSafely(root: string, relative: string): Promise<Buffer> {
  const file = await open(safeChildPath(root, relative), constants.O_RDONLY | constants.O_NOFOLLOW);
  try {
    return await file.readFile();
  } finally {
    await file.close();
  }
}

function refuseLinks(base: string, segments: string[], relative: string): void {
  let at = base;
  for (const segment of segments) {
    at = path.join(at, segment);
    const entry = entryAt(at, relative);
    if (!entry) return;
    if (entry.isSymbolicLink()) throw refuse(relative, "a link is on the way");
  }
}

function entryAt(at: string, relative: string) {
  try {
    return lstatSync(at, { throwIfNoEntry: false });
  } catch (cause) {
    throw isCode(cause, "ENOTDIR") ? refuse(relative, "a file is where a folder is needed") : cause;
  }
}

function hasControlCharacter(text: string): boolean {
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code < 0x20 || code === 0x7f) return true;
  }
  return false;
}

/** True for a file system error with one of these codes. */
export function isCode(error: unknown, ...codes: string[]): boolean {
  return error instanceof Error && "code" in error && codes.includes(String(error.code));
}

function refuse(relative: string, reason: string): DomainError {
  return new DomainError("invalid", `The path ${JSON.stringify(relative.slice(0, 200))} is not allowed: ${reason}. Use a path inside the folder, such as src/app.js.`);
}
