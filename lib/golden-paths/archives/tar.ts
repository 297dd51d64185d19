import { promisify } from "node:util";
import { gunzip, gzipSync } from "node:zlib";
import { DomainError } from "@/lib/core/errors";
import type { TemplateFiles } from "../archive";
import { Entries, linkRefused, MAX_UNPACKED_BYTES, tooLarge } from "./entries";

// POSIX ustar in blocks of 512 bytes, with pax headers and GNU's long names for names over 100 bytes.

const BLOCK = 512;
/** 1980-01-01, the earliest moment that a zip made from the unpacked files can hold. */
const MODIFIED = 315_532_800;
/** Headers, padding and folders beside the files themselves. */
const OVERHEAD_BYTES = 8 * 1024 * 1024;
const unzip = promisify(gunzip) as (data: Buffer, options: { maxOutputLength: number }) => Promise<Buffer>;

/** The files of a gzip-compressed tar archive. Throws DomainError("invalid") for what is damaged, too much, a link, or leads out of its folder. */
export async function readTarGz(data: Buffer): Promise<TemplateFiles> {
  const entries = new Entries();
  const tar = await decompress(data);
  let longName: string | null = null;
  for (let at = 0; at + BLOCK <= tar.length && tar[at] !== 0; ) {
    entries.count();
    const header = tar.subarray(at, at + BLOCK);
    if (!hasGoodChecksum(header)) throw damaged("a header is damaged");
    const size = octal(header, 124, 12);
    const body = tar.subarray(at + BLOCK, at + BLOCK + size);
    if (body.length < size) throw damaged("it is cut");
    at += BLOCK + Math.ceil(size / BLOCK) * BLOCK;
    const type = String.fromCharCode(header[156] ?? 0);
    if (type === "L") longName = text(body);
    else if (type === "x") longName = paxPath(body) ?? longName;
    else if (type !== "g") {
      addEntry(entries, longName ?? nameOf(header), type, body, octal(header, 100, 8));
      longName = null;
    }
  }
  return entries.files;
}

function addEntry(entries: Entries, name: string, type: string, body: Buffer, mode: number): void {
  if (type === "5" || (name.endsWith("/") && body.length === 0)) return;
  if (type !== "0" && type !== "\0" && type !== "7") throw linkRefused(name);
  entries.add(name, Buffer.from(body), (mode & 0o111) !== 0);
}

async function decompress(data: Buffer): Promise<Buffer> {
  try {
    return await unzip(data, { maxOutputLength: MAX_UNPACKED_BYTES + OVERHEAD_BYTES });
  } catch (cause) {
    if (cause instanceof Error && "code" in cause && cause.code === "ERR_BUFFER_TOO_LARGE") throw tooLarge();
    throw damaged("it is not compressed with gzip, or cut");
  }
}

function hasGoodChecksum(header: Buffer): boolean {
  let sum = 0;
  for (let at = 0; at < BLOCK; at += 1) sum += at >= 148 && at < 156 ? 0x20 : (header[at] ?? 0);
  return sum === octal(header, 148, 8);
}

function nameOf(header: Buffer): string {
  const prefix = header.subarray(257, 262).toString() === "ustar" ? text(header.subarray(345, 500)) : "";
  return prefix ? `${prefix}/${text(header.subarray(0, 100))}` : text(header.subarray(0, 100));
}

/** `<length> path=<name>\n` among the records of a pax header. */
function paxPath(body: Buffer): string | null {
  for (let at = 0; at < body.length; ) {
    const length = Number(/^\d{1,7} /.exec(body.subarray(at, at + 8).toString("latin1"))?.[0] ?? 0);
    if (length <= 0) return null;
    const record = body.subarray(at, at + length - 1).toString("utf8");
    const value = /^\d+ path=([\s\S]*)$/.exec(record)?.[1];
    if (value !== undefined) return value;
    at += length;
  }
  return null;
}

function text(bytes: Buffer): string {
  const end = bytes.indexOf(0);
  return bytes.subarray(0, end < 0 ? bytes.length : end).toString("utf8");
}

function octal(header: Buffer, at: number, length: number): number {
  const digits = header
    .subarray(at, at + length)
    .toString("latin1")
    .replaceAll(/[\0 ]/g, "");
  if (!/^[0-7]{1,11}$/.test(digits)) throw damaged("a number in it is damaged");
  return Number.parseInt(digits, 8);
}

function damaged(why: string): DomainError {
  return new DomainError("invalid", `The tar archive cannot be read: ${why}. Pack it again, for example with tar -czf path.tar.gz folder.`);
}

/** The files as a gzip-compressed tar archive below one folder; the same for the same files. */
export function writeTarGz(files: TemplateFiles, folder: string): Buffer {
  const blocks: Buffer[] = [];
  for (const [path, { content, mode }] of [...files].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const name = `${folder}/${path}`;
    if (Buffer.byteLength(name) > 100) blocks.push(headerOf("pax", paxRecord(name).length, 0o644, "x"), padded(paxRecord(name)));
    blocks.push(headerOf(name, content.length, mode, "0"), padded(content));
  }
  return gzipSync(Buffer.concat([...blocks, Buffer.alloc(2 * BLOCK)]));
}

function headerOf(name: string, size: number, mode: number, type: string): Buffer {
  const header = Buffer.alloc(BLOCK);
  Buffer.from(name).copy(header, 0, 0, 100);
  const number = (value: number, at: number, length: number) => header.write(`${value.toString(8).padStart(length - 1, "0")}\0`, at, "latin1");
  number(mode, 100, 8);
  number(0, 108, 8);
  number(0, 116, 8);
  number(size, 124, 12);
  number(MODIFIED, 136, 12);
  header.write(type, 156, "latin1");
  header.write("ustar\x0000", 257, "latin1");
  header.fill(0x20, 148, 156);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148, "latin1");
  return header;
}

function padded(bytes: Buffer): Buffer {
  return Buffer.concat([bytes, Buffer.alloc((BLOCK - (bytes.length % BLOCK)) % BLOCK)]);
}

/** A record that counts its own length. */
function paxRecord(name: string): Buffer {
  const rest = Buffer.byteLength(` path=${name}\n`);
  let length = rest + 1;
  while (String(length).length + rest !== length) length = String(length).length + rest;
  return Buffer.from(`${length} path=${name}\n`);
}
