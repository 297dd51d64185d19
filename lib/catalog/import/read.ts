import { hash } from "node:crypto";
import { DomainError } from "@/lib/core/errors";
import { parseYamlDocuments, type YamlDocument } from "@/lib/core/yaml";
import type { Finding } from "../contract";
import { type SearchTexts, searchTexts } from "../search-words";
import { readEntity } from "./document";
import type { DraftFinding, DraftRelation, EntityDraft, Path } from "./draft";
import type { DocumentText } from "./split";

// Pure: the same text gives the same answer, here and in a reader thread. Everything it returns can be sent between threads.

/** Raise it when the same document is read differently from before, so that unchanged texts are read once more. */
const READING = 2;

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
  return hash("sha256", `${READING}\n${own}`, "base64url");
}

/** Reads one document of a file; empty where it holds nothing. `texts`: contents for its placeholders, by their target. */
export function readDocument(file: string, document: DocumentText, texts?: ReadonlyMap<string, string>): Reading[] {
  return parse(file, document).map((parsed) => ("refusal" in parsed ? parsed : readParsed(file, document, parsed, texts)));
}

/** What is open at the end is wrong in the last line, not below it. */
const within = ({ text, firstLine }: DocumentText, line: number) => Math.min(line, firstLine + text.trimEnd().split("\n").length - 1);

function parse(file: string, document: DocumentText): (YamlDocument | { refusal: Finding })[] {
  const { text, firstLine } = document;
  try {
    return parseYamlDocuments(text, "The document", firstLine);
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    const line = Number(/line (\d+)/.exec(error.message)?.[1] ?? firstLine);
    return [refusalOf(document, { file, line, entityRef: null, rule: "unreadable", message: error.message, fix: "Put the document right and import it again." })];
  }
}

/** Marks of the templates that fill in a skeleton. */
const SKELETON = /\{\{|\{%|\$\{[A-Za-z_]/;
const UNTOLD = new Set(["unreadable", "name-invalid", "namespace-invalid", "kind-invalid"]);

/** Why nothing comes of a document; of one that is no entity yet, that. */
function refusalOf(document: DocumentText, refusal: Finding): { refusal: Finding } {
  if (!UNTOLD.has(refusal.rule) || !SKELETON.test(document.text)) return { refusal };
  const message = "This is the skeleton of a template, not an entity: it holds places where a template fills in values.";
  return { refusal: { ...refusal, rule: "skeleton", message, fix: "Leave it out of the import: what is made from the template brings a file of its own." } };
}

/** The order of keys says nothing: an export that is read again is the same document. */
function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inOrder);
  if (value === null || typeof value !== "object") return value;
  const pairs = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(pairs.map(([key, inner]) => [key, inOrder(inner)]));
}

function readParsed(file: string, document: DocumentText, parsed: YamlDocument, texts?: ReadonlyMap<string, string>): Reading {
  if ("problem" in parsed)
    return refusalOf(document, {
      file,
      line: within(document, parsed.line),
      entityRef: null,
      rule: "unreadable",
      message: parsed.problem,
      fix: "Put the YAML right at this line.",
    });
  const { data, lineOf, keyLineOf } = parsed.source;
  const read = readEntity(data, texts);
  if ("refusal" in read) {
    const { path, ...refusal } = read.refusal;
    return refusalOf(document, { file, line: lineOf(path), ...refusal });
  }
  const { definition, relations, findings, ...draft } = read.draft;
  // A value may begin below its key; the name of a file that was not read stands with the value.
  const placed = <T extends { path: Path; rule?: string }>({ path, ...rest }: T) => ({ ...rest, line: rest.rule === "placeholder" ? lineOf(path) : keyLineOf(path) });
  const json = JSON.stringify(definition);
  return {
    draft: { ...draft, definition: json, relations: relations.map(placed), findings: findings.map(placed), search: searchTexts(read.draft) },
    file,
    line: parsed.line,
    hash: hash("sha256", JSON.stringify(inOrder(definition)), "hex"),
    textHash: namesFiles(document) ? null : textHash(document),
  };
}
