import { DomainError } from "@/lib/core/errors";
import type { TemplateFiles } from "../archive";
import { safeSegments } from "../engine/safe-path";

const MAX_ENTRIES = 5_000;
const MAX_FILES = 2_000;
export const MAX_UNPACKED_BYTES = 50 * 1024 * 1024;

/** The files of an archive while it is read: names are checked, numbers and sizes are capped. Every refusal is DomainError("invalid"). */
export class Entries {
  readonly files: TemplateFiles = new Map();
  private entries = 0;
  private bytes = 0;

  /** Counts any entry, also folders; throws past 5,000. */
  count(): void {
    this.entries += 1;
    if (this.entries > MAX_ENTRIES)
      throw new DomainError("invalid", `The archive has more than ${MAX_ENTRIES.toLocaleString("en")} entries. A golden path needs far fewer: pack only its folder.`);
  }

  /** How many bytes the next entry may still have. */
  room(): number {
    return MAX_UNPACKED_BYTES - this.bytes;
  }

  add(name: string, content: Buffer, isExecutable: boolean): void {
    const path = safeName(name);
    if (isLeftOut(path)) return;
    this.bytes += content.length;
    if (this.bytes > MAX_UNPACKED_BYTES) throw tooLarge();
    if (this.files.has(path)) throw new DomainError("invalid", `${path} is in the archive twice. Pack it again from a folder.`);
    this.files.set(path, { content, mode: isExecutable ? 0o755 : 0o644 });
    if (this.files.size > MAX_FILES) throw new DomainError("invalid", `The archive has more than ${MAX_FILES.toLocaleString("en")} files. Leave out what the path does not need.`);
  }
}

export function tooLarge(): DomainError {
  return new DomainError("invalid", "The archive unpacks to more than 50 MB. Leave out what the path does not need.");
}

export function linkRefused(name: string): DomainError {
  return new DomainError("invalid", `${name.slice(0, 200)} is a link or a device. A golden path holds only files: put a copy there instead.`);
}

/** Names hold template code, in which `/` and `..` mean nothing yet; what they render to is checked when written. */
function safeName(name: string): string {
  const bare = name.replaceAll(/\$\{\{.*?\}\}|\{%.*?%\}|\{\{.*?\}\}/g, "x");
  if (safeSegments(bare).length === 0) throw new DomainError("invalid", `The archive has an entry without a name.`);
  return name.replace(/^(\.\/)+/, "").replaceAll(/\/{2,}/g, "/");
}

function isLeftOut(path: string): boolean {
  return /(^|\/)(\.git|node_modules|__MACOSX)\//.test(path) || /(^|\/)\.DS_Store$/.test(path);
}
