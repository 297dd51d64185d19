import picomatch from "picomatch";
import { isDomainError } from "@/lib/core/errors";
import { parseYamlDocuments, type YamlDocument } from "@/lib/core/yaml";
import type { Finding } from "../contract";
import { isPlainObject, type Path, shown } from "../import/draft";
import { placeholderTargets } from "../import/placeholders";
import type { SourceFile } from "../import/plan";
import type { ReadText, SourceReader } from "./reader";

// From the files that a source names to everything they name in turn: targets and patterns of Location documents, round by
// round, and the files of placeholders. Bounded in rounds, files and bytes, so that no source can keep the platform busy.

const MAX_ROUNDS = 6;
export const MAX_FILES = 500;
const MAX_BYTES = 32 * 1_048_576;
const MAX_TARGETS = 200;
const MAX_PATTERN = 200;
const MAX_STARS = 10;

export interface Collected {
  files: SourceFile[];
  /** What could not be read, with file and line. */
  problems: Finding[];
  /** Files inside of the source that were read or asked for. */
  paths: string[];
}

/** Reads an address outside of the source; only where the operator lists its host. */
export type ReadOutside = (url: string) => Promise<ReadText>;

interface Wanted {
  /** The file and line that ask for it; null where the source itself does. */
  by: { file: string; line: number } | null;
  isOptional: boolean;
  isNeighbour: boolean;
  isOutside: boolean;
}

/** The files of a source from its entries (paths or patterns from its root). Throws where the source as a whole cannot be read. */
export async function collectFiles(reader: SourceReader, entries: string[], readOutside: ReadOutside): Promise<Collected> {
  const collection = new Collection(reader, readOutside);
  for (const entry of entries) await collection.want(entry.replace(/^\.?\//, ""), { by: null, isOptional: true, isNeighbour: false, isOutside: false });
  for (let round = 0; round < MAX_ROUNDS && collection.hasMore(); round++) await collection.round();
  collection.refuseRest();
  return collection.result();
}

class Collection {
  private readonly seen = new Map<string, SourceFile | null>();
  private waiting = new Map<string, Wanted>();
  private readonly files: SourceFile[] = [];
  private readonly problems: Finding[] = [];
  private readonly paths = new Set<string>();
  private readonly aliases = new Map<string, string[]>();
  private bytes = 0;
  private names: readonly string[] | null | undefined;

  constructor(
    private readonly reader: SourceReader,
    private readonly readOutside: ReadOutside,
  ) {}

  hasMore = () => this.waiting.size > 0;

  result = (): Collected => ({
    files: this.files.map((file) => ({ ...file, ...(this.aliases.has(file.name) ? { aliases: this.aliases.get(file.name) ?? [] } : {}) })),
    problems: this.problems,
    paths: [...this.paths],
  });

  /** Asks for a path, an address or a pattern in the next round. */
  async want(name: string, wanted: Wanted): Promise<void> {
    if (!wanted.isOutside && isPattern(name)) return this.wantPattern(name, wanted);
    const known = this.seen.get(name);
    // What was only a neighbour so far may turn out to hold entities.
    if (known?.isNeighbour && !wanted.isNeighbour) delete known.isNeighbour;
    if (this.seen.has(name)) return;
    const earlier = this.waiting.get(name);
    if (earlier) earlier.isNeighbour &&= wanted.isNeighbour;
    else this.waiting.set(name, wanted);
  }

  private async wantPattern(pattern: string, wanted: Wanted): Promise<void> {
    const stars = pattern.match(/[*?[{(]/g)?.length ?? 0;
    if (pattern.length > MAX_PATTERN || stars > MAX_STARS)
      return this.problem(wanted.by, "target-refused", `The pattern "${shown(pattern)}" is too intricate.`, "Use fewer stars, or name the files.");
    this.names ??= await this.reader.list();
    if (!this.names)
      return this.problem(
        wanted.by,
        "target-refused",
        `The pattern "${shown(pattern)}" cannot be followed: this place cannot be listed.`,
        "Name each file, or add the git repository as a source.",
      );
    const matches = picomatch(pattern, { dot: true, noextglob: true, strictSlashes: true });
    const found = this.names.filter((name) => matches(name)).slice(0, MAX_FILES + 1);
    if (found.length === 0 && !wanted.isOptional)
      this.problem(wanted.by, "target-missing", `No file fits the pattern "${shown(pattern)}".`, "Put the pattern right, or remove it.");
    for (const name of found) await this.want(name, { ...wanted, isOptional: true });
  }

  /** Reads what waits, and asks for what it names. */
  async round(): Promise<void> {
    const left = MAX_FILES - this.files.length;
    const batch = [...this.waiting].slice(0, Math.max(0, left));
    if (batch.length === 0) return;
    for (const [name] of batch) this.waiting.delete(name);
    const inside = batch.filter(([, { isOutside }]) => !isOutside).map(([name]) => name);
    const texts = inside.length ? await this.reader.read(inside) : new Map<string, ReadText>();
    for (const [name, { isOutside }] of batch) if (isOutside) texts.set(name, await this.readOutside(name));
    for (const [name, wanted] of batch) await this.take(name, texts.get(name) ?? { missing: true }, wanted);
  }

  private async take(name: string, read: ReadText, { by, isOptional, isNeighbour, isOutside }: Wanted): Promise<void> {
    this.seen.set(name, null);
    if (!isOutside) this.paths.add(name);
    if ("missing" in read) {
      if (!isOptional && by) this.problem(by, isNeighbour ? "placeholder-missing" : "target-missing", `${shown(name)} is not there.`, "Add the file, or put the path right.");
      return;
    }
    if ("problem" in read) return this.problem({ file: name, line: 1 }, "unreadable", read.problem, read.fix);
    this.bytes += read.text.length;
    if (this.bytes > MAX_BYTES) return this.problem({ file: name, line: 1 }, "too-much", "The source holds more than 32 MB of catalog files.", "Divide it into several sources.");
    const file: SourceFile = { name, text: read.text, isFollowed: true, ...(isNeighbour ? { isNeighbour: true } : {}) };
    this.seen.set(name, file);
    this.files.push(file);
    if (!isNeighbour) for (const document of documentsOf(read.text)) await this.follow(name, document);
  }

  private async follow(name: string, { source, line }: Extract<YamlDocument, { source: unknown }>): Promise<void> {
    for (const target of placeholderTargets(source.data).slice(0, MAX_TARGETS)) {
      const to = this.reader.resolve(name, target);
      // What is refused stays a placeholder, which the import says with its line.
      if ("path" in to && /^\/|:/.test(target)) this.aliases.set(to.path, [...(this.aliases.get(to.path) ?? []), target]);
      if ("path" in to && !isPattern(to.path)) await this.want(to.path, { by: null, isOptional: true, isNeighbour: true, isOutside: false });
      else if ("url" in to) await this.want(to.url, { by: null, isOptional: true, isNeighbour: true, isOutside: true });
    }
    for (const { target, path, isOptional } of locationTargets(source.data)) {
      const by = { file: name, line: source.lineOf(path) || line };
      const to = this.reader.resolve(name, target);
      if ("refused" in to)
        this.problem(by, "target-refused", `${shown(target)} is not read: ${to.refused}.`, "Name a file of the same repository, or add the other place as a source of its own.");
      else await this.want("path" in to ? to.path : to.url, { by, isOptional, isNeighbour: false, isOutside: "url" in to });
    }
  }

  /** Says of what still waits that it is too much. */
  refuseRest(): void {
    const [first] = this.waiting.values();
    if (!first) return;
    const message = `${this.waiting.size} more files are named, directly or through other Location documents. At most ${MAX_FILES} files in ${MAX_ROUNDS} rounds are read.`;
    this.problem(first.by, "too-much", message, "Divide them into several sources.");
  }

  private problem(by: { file: string; line: number } | null, rule: string, message: string, fix: string): void {
    this.problems.push({ ...(by ?? { file: "the source", line: 1 }), entityRef: null, rule, message, fix });
  }
}

const isPattern = (name: string) => /[*?[\]{}]/.test(name);

function documentsOf(text: string) {
  try {
    return parseYamlDocuments(text.replace(/^\uFEFF/, ""), "The file").flatMap((document) => ("source" in document ? [document] : []));
  } catch (error) {
    // What cannot be read is refused with its line when it is imported.
    if (isDomainError(error)) return [];
    throw error;
  }
}

/** Targets of a Location document with their place in it. */
function locationTargets(data: unknown): { target: string; path: Path; isOptional: boolean }[] {
  if (!isPlainObject(data) || typeof data.kind !== "string" || data.kind.toLowerCase() !== "location" || !isPlainObject(data.spec)) return [];
  const { target, targets, presence } = data.spec;
  const isOptional = presence === "optional";
  const one = typeof target === "string" && target ? [{ target, path: ["spec", "target"] as Path, isOptional }] : [];
  const many = Array.isArray(targets)
    ? targets.flatMap((each, index) => (typeof each === "string" && each ? [{ target: each, path: ["spec", "targets", index] as Path, isOptional }] : []))
    : [];
  return [...one, ...many].slice(0, MAX_TARGETS);
}
