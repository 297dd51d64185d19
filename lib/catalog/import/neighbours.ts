import { isDomainError } from "@/lib/core/errors";
import { parseYamlDocuments } from "@/lib/core/yaml";
import { placeholderTargets, plainTarget } from "./placeholders";
import { namesFiles } from "./read";
import type { DocumentText } from "./split";

export interface SourceFile {
  name: string;
  text: string;
  /** Only there to be named by placeholders of another file. */
  isNeighbour?: boolean;
  /** Where its Location documents lead was read as well. */
  isFollowed?: boolean;
  /** Other names that placeholders of any file have for it: from the root, or its address. */
  aliases?: string[];
}

/** Contents of other files, by the plain names that placeholders of one file have for them. */
export type Texts = ReadonlyMap<string, string>;

interface Opened {
  file: SourceFile;
  documents: DocumentText[];
}

/** Which files are taken in by placeholders of others, and so are no documents of their own; and what each file's placeholders may name. */
export function otherFiles(opened: Opened[], files: SourceFile[]): { referred: Set<SourceFile>; textsFor: (file: SourceFile) => Texts } {
  const referred = new Set<SourceFile>();
  const texts = new Map<SourceFile, Texts>();
  for (const { file, documents } of opened) {
    const targets = new Set(documents.filter(namesFiles).flatMap(targetsOf));
    if (targets.size === 0) continue;
    const named = files.flatMap((other) => (other === file ? [] : namesOf(file.name, other).map((name) => ({ name, other }))));
    for (const { name, other } of named) if (targets.has(name)) referred.add(other);
    texts.set(file, new Map(named.map(({ name, other }) => [name, other.text])));
  }
  return { referred, textsFor: (file) => texts.get(file) ?? new Map() };
}

/** None of a document that cannot be read: it is refused with its line when it is. */
function targetsOf({ text }: DocumentText): string[] {
  try {
    return parseYamlDocuments(text, "The document").flatMap((document) => ("source" in document ? placeholderTargets(document.source.data) : []));
  } catch (error) {
    if (isDomainError(error)) return [];
    throw error;
  }
}

const namesOf = (from: string, to: SourceFile) => [relativeName(from, to.name), ...(to.aliases ?? []).map(plainTarget)];

/** How one file of an upload is named from another: `openapi.yaml`, `../docs/x.yaml`. */
function relativeName(from: string, to: string): string {
  if (to.includes("://") && !from.includes("://")) return to;
  const [base, target] = [from.split("/").slice(0, -1), to.split("/")];
  let shared = 0;
  while (shared < base.length && shared < target.length - 1 && base[shared] === target[shared]) shared++;
  return [...base.slice(shared).map(() => ".."), ...target.slice(shared)].join("/");
}
