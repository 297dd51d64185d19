import { createHash } from "node:crypto";
import { DomainError } from "@/lib/core/errors";
import { parseYamlDocuments, type YamlDocument } from "@/lib/core/yaml";
import type { Finding } from "../contract";
import { type SearchTexts, searchTexts } from "../search-words";
import { readEntity } from "./document";
import type { DraftFinding, DraftRelation, EntityDraft, Path } from "./draft";
import type { DocumentText } from "./split";

// Pure: the same text gives the same answer, here and in a reader thread. Everything it returns can be sent between threads.

/** Raise it when the same document is read differently from before, so that unchanged texts are read once more. */
const READING = 1;

type Placed<T> = Omit<T, "path"> & { line: number };

/** What a document says, with lines of its file in place of paths, and its definition as JSON. */
export interface EntityReading extends Omit<EntityDraft, "definition" | "relations" | "findings"> {
  definition: string;
  relations: Placed<DraftRelation>[];
  findings: Placed<DraftFinding>[];
  search: SearchTexts;
}

export type Reading = { draft: EntityReading; file: string; line: number; hash: string; textHash: string | null } | { refusal: Finding };

const WITH_PLACEHOLDER = /\$(text|json|yaml|openapi|asyncapi)\b/;

/** Whether the document may take in other files, so that its own text does not say everything. */
export const namesFiles = ({ text }: DocumentText): boolean => WITH_PLACEHOLDER.test(text);

/** The hash that tells an unchanged document without parsing it. */
export function textHash({ text }: DocumentText): string {
  const own = text.replace(/^---[ \t]*\r?\n/, "").trimEnd();
  return createHash("sha256").update(`${READING}\n${own}`).digest("base64url");
}

/** Reads one document of a file; empty where it holds nothing. `texts`: contents for its placeholders, by their target. */
export function readDocument(file: string, document: DocumentText, texts?: ReadonlyMap<string, string>): Reading[] {
  return parse(file, document).map((parsed) => ("refusal" in parsed ? parsed : readParsed(file, document, parsed, texts)));
}

function parse(file: string, { text, firstLine }: DocumentText): (YamlDocument | { refusal: Finding })[] {
  try {
    return parseYamlDocuments(text, "The document", firstLine);
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    const line = Number(/line (\d+)/.exec(error.message)?.[1] ?? firstLine);
    return [{ refusal: { file, line, entityRef: null, rule: "unreadable", message: error.message, fix: "Put the document right and import it again." } }];
  }
}

/** The order of keys says nothing: an export that is read again is the same document. */
const byKey = (_key: string, value: unknown) =>
  value !== null && typeof value === "object" && !Array.isArray(value) ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))) : value;

function readParsed(file: string, document: DocumentText, parsed: YamlDocument, texts?: ReadonlyMap<string, string>): Reading {
  if ("problem" in parsed) return { refusal: { file, line: parsed.line, entityRef: null, rule: "unreadable", message: parsed.problem, fix: "Put the YAML right at this line." } };
  const { data, lineOf } = parsed.source;
  const read = readEntity(data, texts);
  if ("refusal" in read) {
    const { path, ...refusal } = read.refusal;
    return { refusal: { file, line: lineOf(path), ...refusal } };
  }
  const { definition, relations, findings, ...draft } = read.draft;
  const placed = <T extends { path: Path }>({ path, ...rest }: T) => ({ ...rest, line: lineOf(path) });
  const json = JSON.stringify(definition);
  return {
    draft: { ...draft, definition: json, relations: relations.map(placed), findings: findings.map(placed), search: searchTexts(read.draft) },
    file,
    line: parsed.line,
    hash: createHash("sha256").update(JSON.stringify(definition, byKey)).digest("hex"),
    textHash: namesFiles(document) ? null : textHash(document),
  };
}
