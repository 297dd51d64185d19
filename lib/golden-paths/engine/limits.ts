import { DomainError } from "@/lib/core/errors";

const MAX_FILES = 2_000;
const MAX_BYTES = 50 * 1024 * 1024;

/** Counts files and bytes of a folder or workspace. Throws DomainError("invalid") past 2,000 files or 50 MB. */
export class SizeCount {
  private files = 0;
  private bytes = 0;

  constructor(private readonly what: string) {}

  add(bytes: number): void {
    this.files += 1;
    this.bytes += bytes;
    if (this.files > MAX_FILES) throw new DomainError("invalid", `${this.what} has more than ${MAX_FILES} files. Remove what is not needed.`);
    if (this.bytes > MAX_BYTES) throw new DomainError("invalid", `${this.what} is larger than 50 MB. Remove what is not needed.`);
  }
}
