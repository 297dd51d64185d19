import { createHash, randomBytes } from "node:crypto";
import { mkdir, rename, writeFile } from "node:fs/promises";
import path from "node:path";
import { setImmediate } from "node:timers/promises";
import { crc32 } from "node:zlib";
import { compressed, type KeepObject, named, type ObjectType } from "./objects";

// Many objects as one file and its index instead of a file each: sooner written, and sooner sent to whoever clones.
// Format: gitformat-pack(5), version 2 of both, without deltas.

const TYPE_BITS: Record<ObjectType, number> = { commit: 1, tree: 2, blob: 3 };
const AT_ONCE = 16;

interface Entry {
  type: ObjectType;
  content: Buffer;
}

export interface PackDraft {
  /** Takes an object in and returns its id; nothing is written yet. */
  keep: KeepObject;
  /** Writes everything that was taken in into the repository at `dir`, whole or not at all; the same objects give the same files again. */
  write(dir: string, signal?: AbortSignal): Promise<void>;
}

/** Collects objects for one pack. */
export function draftPack(): PackDraft {
  const entries = new Map<string, Entry>();
  return {
    async keep(type, content) {
      const { id } = named(type, content);
      entries.set(id, { type, content });
      return id;
    },
    async write(dir, signal) {
      if (entries.size > 0) await writePack(dir, entries, signal);
    },
  };
}

async function writePack(dir: string, entries: Map<string, Entry>, signal?: AbortSignal): Promise<void> {
  const head = Buffer.alloc(12);
  head.write("PACK", 0, "latin1");
  head.writeUInt32BE(2, 4);
  head.writeUInt32BE(entries.size, 8);
  const parts = [head];
  const places = new Map<string, { offset: number; crc: number }>();
  let offset = head.length;
  for (const [index, [id, { type, content }]] of [...entries].entries()) {
    signal?.throwIfAborted();
    const packed = Buffer.concat([entryHead(type, content.length), await compressed(content)]);
    places.set(id, { offset, crc: crc32(packed) });
    parts.push(packed);
    offset += packed.length;
    // Small objects are packed at once: others have their turn in between.
    if (index % AT_ONCE === 0) await setImmediate();
  }
  const pack = signed(parts);
  const name = path.join(dir, "objects", "pack", `pack-${pack.subarray(-20).toString("hex")}`);
  await mkdir(path.dirname(name), { recursive: true });
  await writeWhole(`${name}.pack`, pack);
  // Git looks for the index: once it is there, the pack is too.
  await writeWhole(`${name}.idx`, indexOf(places, pack.subarray(-20)));
}

/** Type and size: three bits and four, then seven at a time, the lowest first. */
function entryHead(type: ObjectType, size: number): Buffer {
  const bytes = [(TYPE_BITS[type] << 4) | (size & 15)];
  for (let rest = size >>> 4; rest > 0; rest >>>= 7) {
    bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) | 0x80;
    bytes.push(rest & 0x7f);
  }
  return Buffer.from(bytes);
}

function indexOf(places: Map<string, { offset: number; crc: number }>, checksum: Buffer): Buffer {
  const sorted = [...places].sort(([a], [b]) => (a < b ? -1 : 1));
  const head = Buffer.alloc(8 + 256 * 4);
  head.writeUInt32BE(0xff744f63, 0);
  head.writeUInt32BE(2, 4);
  for (const [id] of sorted) {
    const at = 8 + Number.parseInt(id.slice(0, 2), 16) * 4;
    head.writeUInt32BE(head.readUInt32BE(at) + 1, at);
  }
  for (let first = 1; first < 256; first++) head.writeUInt32BE(head.readUInt32BE(8 + first * 4) + head.readUInt32BE(4 + first * 4), 8 + first * 4);
  const ids = Buffer.from(sorted.map(([id]) => id).join(""), "hex");
  const numbers = Buffer.alloc(sorted.length * 8);
  for (const [index, [, { offset, crc }]] of sorted.entries()) {
    numbers.writeUInt32BE(crc, index * 4);
    numbers.writeUInt32BE(offset, (sorted.length + index) * 4);
  }
  return signed([head, ids, numbers, checksum]);
}

/** With the SHA-1 of everything behind it. */
function signed(parts: Buffer[]): Buffer {
  const whole = Buffer.concat(parts);
  return Buffer.concat([whole, createHash("sha1").update(whole).digest()]);
}

async function writeWhole(file: string, content: Buffer): Promise<void> {
  const scratch = path.join(path.dirname(file), `tmp_pack_${randomBytes(6).toString("hex")}`);
  await writeFile(scratch, content, { mode: 0o444 });
  await rename(scratch, file);
}
