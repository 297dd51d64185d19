import { parseYamlDocuments } from "@/lib/core/yaml";
import { isPlainObject } from "./import/draft";
import { formatRef } from "./ref";

// One document within the text of a file, so that an edit leaves the others, their comments and their order as they are. A line that
// begins with three hyphens begins a document wherever it stands: YAML allows it nowhere else.

interface Piece {
  /** The line of hyphens before the document, or nothing. */
  head: string;
  text: string;
}

function pieces(file: string): Piece[] {
  const found: Piece[] = [{ head: "", text: "" }];
  for (const line of file.split(/(?<=\n)/)) {
    const last = found.at(-1) as Piece;
    if (/^---(\s|$)/.test(line)) found.push({ head: line, text: "" });
    else last.text += line;
  }
  return found;
}

function refOf(text: string): string | null {
  try {
    const [only] = parseYamlDocuments(text, "document");
    const data = only && "source" in only ? only.source.data : null;
    if (!isPlainObject(data) || typeof data.kind !== "string" || !isPlainObject(data.metadata) || typeof data.metadata.name !== "string") return null;
    const { name, namespace } = data.metadata;
    return formatRef({ kind: data.kind, namespace: typeof namespace === "string" && namespace ? namespace : "default", name });
  } catch {
    // A document that cannot be read is not the one that is looked for.
    return null;
  }
}

const hasContent = ({ text }: Piece) => /^\s*[^#\s]/m.test(text);

/** Where the entity stands; where no document names it, the only one that cannot be read: the file is where it was read from. -1 for none, or several. */
function placeOf(all: Piece[], ref: string): number {
  const named = all.map(({ text }) => refOf(text));
  const found = named.includes(ref)
    ? named.flatMap((one, index) => (one === ref ? [index] : []))
    : all.flatMap((piece, index) => (named[index] === null && hasContent(piece) ? [index] : []));
  return found.length === 1 ? (found[0] ?? -1) : -1;
}

/** The text of the one document that defines this entity, also while it is broken; null where the file has none, or several. */
export function documentOf(file: string, ref: string): string | null {
  const all = pieces(file);
  return all[placeOf(all, ref)]?.text ?? null;
}

/** The file with that document replaced; null where there is none, or several. */
export function withDocument(file: string, ref: string, text: string): string | null {
  const all = pieces(file);
  const index = placeOf(all, ref);
  if (index < 0) return null;
  const body = text.replace(/^---[ \t]*\n/, "").replace(/\n*$/, "\n");
  return all.map((piece, at) => piece.head + (at === index ? body : piece.text)).join("");
}
