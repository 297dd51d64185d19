import { copyFile, open, readdir, rename, rm, stat, truncate } from "node:fs/promises";
import path from "node:path";
import type { DriverLogLine } from "../driver";
import { isCode } from "./home";

// The process holds its log open and appends; so the file is copied and emptied, never replaced. Offsets count from the first byte
// ever written: the copy carries its own first offset in its name, `app.log.<offset>`, and the current file begins where it ends.

export const ROTATE_BYTES = 8 * 1024 * 1024;
const CHUNK_BYTES = 512 * 1024;

interface Part {
  file: string;
  from: number;
  size: number;
}

async function sizeOf(file: string): Promise<number> {
  return (await stat(file).catch(() => null))?.size ?? 0;
}

/** The pieces of a log, oldest first. */
async function partsOf(file: string): Promise<Part[]> {
  const prefix = `${path.basename(file)}.`;
  const names = await readdir(path.dirname(file)).catch(() => []);
  const offsets = names.filter((name) => name.startsWith(prefix) && /^\d+$/.test(name.slice(prefix.length))).map((name) => Number(name.slice(prefix.length)));
  const from = offsets.length > 0 ? Math.max(...offsets) : null;
  const current = await sizeOf(file);
  if (from === null) return [{ file, from: 0, size: current }];
  const old = `${file}.${from}`;
  const size = await sizeOf(old);
  return [
    { file: old, from, size },
    { file, from: from + size, size: current },
  ];
}

async function readAt(file: string, position: number, length: number): Promise<Buffer> {
  const handle = await open(file, "r").catch((error) => {
    if (isCode(error, "ENOENT")) return null;
    throw error;
  });
  if (!handle) return Buffer.alloc(0);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, position);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

async function readRange(parts: Part[], from: number, to: number): Promise<Buffer> {
  const pieces = parts.map(async (part) => {
    const begin = Math.max(from, part.from);
    const end = Math.min(to, part.from + part.size);
    return end > begin ? readAt(part.file, begin - part.from, end - begin) : Buffer.alloc(0);
  });
  return Buffer.concat(await Promise.all(pieces));
}

const NEWLINE = 10;
const ISO_TIME = /\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:?\d\d)/;
const EPOCH_MS = /"time":\s*(\d{13})\b/;

/** The time that a line gives for itself in its first 200 characters, as ISO 8601 UTC; null when it gives none. */
export function timeOf(line: string): string | null {
  const head = line.slice(0, 200);
  const iso = ISO_TIME.exec(head)?.[0];
  const epoch = EPOCH_MS.exec(head)?.[1];
  const moment = new Date(iso ?? Number(epoch ?? Number.NaN));
  return Number.isNaN(moment.getTime()) ? null : moment.toISOString();
}

/** Splits bytes that begin at `offset` into lines; an unfinished last one is left for the next read, unless it fills a whole chunk. */
export function linesOf(bytes: Buffer, offset: number): DriverLogLine[] {
  const lines: DriverLogLine[] = [];
  let begin = 0;
  for (let end = bytes.indexOf(NEWLINE); end >= 0; end = bytes.indexOf(NEWLINE, begin)) {
    const text = bytes.subarray(begin, end).toString("utf8").replace(/\r$/, "");
    begin = end + 1;
    lines.push({ offset: offset + begin, at: timeOf(text), text });
  }
  if (lines.length === 0 && bytes.length >= CHUNK_BYTES) {
    const text = bytes.toString("utf8");
    lines.push({ offset: offset + bytes.length, at: timeOf(text), text });
  }
  return lines;
}

/** Lines after an offset, or the last `tail`; at most about half a megabyte at once. */
export async function readLog(file: string, { after, tail, limit = 1000 }: { after?: number; tail?: number; limit?: number }): Promise<DriverLogLine[]> {
  const parts = await partsOf(file);
  const begin = parts[0]?.from ?? 0;
  const last = parts.at(-1);
  const end = last ? last.from + last.size : 0;
  if (after !== undefined) {
    const from = Math.max(after, begin);
    return linesOf(await readRange(parts, from, Math.min(end, from + CHUNK_BYTES)), from).slice(0, limit);
  }
  const from = Math.max(begin, end - CHUNK_BYTES);
  const lines = linesOf(await readRange(parts, from, end), from);
  // A read that begins in the middle begins with the end of a line.
  return lines.slice(from > begin ? 1 : 0).slice(-(tail ?? limit));
}

/** Appends to the copy what was written meanwhile, until there is nothing more. */
async function catchUp(file: string, copy: string): Promise<void> {
  const handle = await open(copy, "a");
  try {
    for (let copied = await sizeOf(copy); ; ) {
      const more = await readAt(file, copied, CHUNK_BYTES);
      if (more.length === 0) return;
      await handle.write(more);
      copied += more.length;
    }
  } finally {
    await handle.close();
  }
}

/** Moves a log that has grown large into one old copy. What is written in the instant between the last look and the emptying is lost. */
export async function rotateLog(file: string, maximum = ROTATE_BYTES): Promise<boolean> {
  if ((await sizeOf(file)) < maximum) return false;
  const parts = await partsOf(file);
  const current = parts.at(-1);
  if (!current) return false;
  const draft = `${file}.rotating`;
  await copyFile(file, draft);
  await catchUp(file, draft);
  await rename(draft, `${file}.${current.from}`);
  await truncate(file);
  for (const part of parts) if (part.file !== file) await rm(part.file, { force: true });
  return true;
}

/** The last lines as text, for outcomes. */
export async function lastLines(file: string, count: number): Promise<string[]> {
  return (await readLog(file, { tail: count })).map((line) => line.text);
}
