import { promisify } from "node:util";
import { crc32, deflateRawSync, inflateRaw } from "node:zlib";
import { DomainError } from "@/lib/core/errors";
import type { TemplateFiles } from "../archive";
import { Entries, linkRefused, tooLarge } from "./entries";

// PKWARE APPNOTE 6.3.10: local headers, then the central directory, then its end record. Only stored and deflated entries.

const END = 0x06054b50;
const CENTRAL = 0x02014b50;
const LOCAL = 0x04034b50;
const UTF8 = 0x0800;
const ENCRYPTED = 0x0001;
const inflate = promisify(inflateRaw) as (data: Buffer, options: { maxOutputLength: number }) => Promise<Buffer>;

/** The files of a zip archive. Throws DomainError("invalid") for what is damaged, too much, encrypted, a link, or leads out of its folder. */
export async function readZip(data: Buffer): Promise<TemplateFiles> {
  const entries = new Entries();
  const end = findEnd(data);
  const total = data.readUInt16LE(end + 10);
  let at = data.readUInt32LE(end + 16);
  if (at === 0xffffffff) throw damaged("it is in the 64-bit format, which only very large archives need");
  for (let index = 0; index < total; index += 1) {
    entries.count();
    if (at + 46 > data.length || data.readUInt32LE(at) !== CENTRAL) throw damaged("its list of files is cut");
    const lengths = { name: data.readUInt16LE(at + 28), extra: data.readUInt16LE(at + 30), comment: data.readUInt16LE(at + 32) };
    const name = data.subarray(at + 46, at + 46 + lengths.name).toString("utf8");
    await readEntry(data, at, name, entries);
    at += 46 + lengths.name + lengths.extra + lengths.comment;
  }
  return entries.files;
}

async function readEntry(data: Buffer, at: number, name: string, entries: Entries): Promise<void> {
  const unixMode = data.readUInt32LE(at + 38) >>> 16;
  const kind = unixMode & 0o170000;
  if (kind !== 0 && kind !== 0o100000 && kind !== 0o040000) throw linkRefused(name);
  if (name.endsWith("/")) return;
  if (data.readUInt16LE(at + 8) & ENCRYPTED) throw damaged(`${name} is encrypted`);
  entries.add(name, await content(data, at, name, entries.room()), (unixMode & 0o111) !== 0);
}

async function content(data: Buffer, at: number, name: string, room: number): Promise<Buffer> {
  const method = data.readUInt16LE(at + 10);
  const packed = data.readUInt32LE(at + 20);
  const local = data.readUInt32LE(at + 42);
  if (local + 30 > data.length || data.readUInt32LE(local) !== LOCAL) throw damaged(`${name} is not where the list says`);
  const start = local + 30 + data.readUInt16LE(local + 26) + data.readUInt16LE(local + 28);
  if (start + packed > data.length) throw damaged(`${name} is cut`);
  const raw = data.subarray(start, start + packed);
  const bytes = method === 0 ? Buffer.from(raw) : method === 8 ? await unpack(raw, name, room) : null;
  if (!bytes) throw damaged(`${name} is packed by a method other than deflate`);
  if (crc32(bytes) !== data.readUInt32LE(at + 16)) throw damaged(`${name} has a wrong checksum`);
  return bytes;
}

async function unpack(raw: Buffer, name: string, room: number): Promise<Buffer> {
  try {
    return await inflate(raw, { maxOutputLength: Math.max(1, room) });
  } catch (cause) {
    if (cause instanceof Error && "code" in cause && cause.code === "ERR_BUFFER_TOO_LARGE") throw tooLarge();
    throw damaged(`${name} cannot be unpacked`);
  }
}

function findEnd(data: Buffer): number {
  for (let at = data.length - 22; at >= Math.max(0, data.length - 22 - 0xffff); at -= 1) if (data.readUInt32LE(at) === END) return at;
  throw damaged("its end is missing");
}

function damaged(why: string): DomainError {
  return new DomainError("invalid", `The zip archive cannot be read: ${why}. Pack it again.`);
}

/** The files as a zip archive, below one folder unless that is null; the same for the same files. */
export function writeZip(files: TemplateFiles, folder: string | null): Buffer {
  const locals: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const [path, { content: bytes, mode }] of [...files].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const name = Buffer.from(folder === null ? path : `${folder}/${path}`);
    const packed = deflateRawSync(bytes);
    const common = header(bytes, packed.length, name.length);
    const local = Buffer.concat([uint32(LOCAL), common, name, packed]);
    const central = Buffer.concat([uint32(CENTRAL), uint16(0x031e), common, uint16(0), uint16(0), uint16(0), uint32(((0o100000 | mode) << 16) >>> 0), uint32(offset), name]);
    locals.push(local);
    directory.push(central);
    offset += local.length;
  }
  const list = Buffer.concat(directory);
  const count = uint16(directory.length);
  return Buffer.concat([...locals, list, uint32(END), uint16(0), uint16(0), count, count, uint32(list.length), uint32(offset), uint16(0)]);
}

/** What both headers of an entry share: version, flags, method, date (1980-01-01), checksum, sizes, length of the name, no extra field. */
function header(bytes: Buffer, packedLength: number, nameLength: number): Buffer {
  return Buffer.concat([
    uint16(20),
    uint16(UTF8),
    uint16(8),
    uint16(0),
    uint16(0x21),
    uint32(crc32(bytes)),
    uint32(packedLength),
    uint32(bytes.length),
    uint16(nameLength),
    uint16(0),
  ]);
}

function uint16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(value);
  return bytes;
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}
