import { type Document, isAlias, isCollection, isMap, isNode, isScalar, isSeq, LineCounter, type ParsedNode, parseAllDocuments, type Scalar, type YAMLMap } from "yaml";
import type { z } from "zod";
import { DomainError, type FieldError } from "./errors";
import { checkYamlLimits } from "./yaml-limits";
import { readPlainYaml } from "./yaml-plain";
import type { YamlPath as Path, YamlSource } from "./yaml-source";

/** What is wrong with a YAML text, and the line (from 1) it is about; line 1 where it is about the whole. */
export class YamlProblem extends DomainError {
  constructor(
    label: string,
    readonly line: number,
    readonly problem: string,
  ) {
    super("invalid", `${label}, line ${line}: ${problem}`);
  }
}

const CORE_TAG = /^tag:yaml\.org,2002:(str|int|float|bool|null|map|seq)$/;
const RESERVED_KEYS = new Set(["__proto__", "constructor", "prototype"]);
const MAX_ALIASES = 100;

/**
 * Parses one YAML document from an untrusted source: at most 1 MB, 50 levels, 50 aliases, no custom tags.
 * Throws DomainError("invalid") that names the label and the line.
 */
export function parseYaml(text: string, label: string): YamlSource {
  checkYamlLimits(text, label);
  const { documents, lineAt } = readDocuments(text);
  const [document, second] = documents;
  if (!document) throw new DomainError("invalid", `${label} is empty.`);
  const fail: Fail = (offset, message) => new YamlProblem(label, lineAt(offset), message);
  refuseErrors(document, fail);
  if (second) throw fail(second.range[0], "a second document begins here. Keep one document per file.");
  return sourceOf(document, label, lineAt, fail);
}

/** One document of a file with several: its source, or why it cannot be read and in which line. */
export type YamlDocument = { source: YamlSource; line: number } | { problem: string; line: number };

/**
 * Parses every YAML document of an untrusted file, each for itself: a broken one does not hide the others. Empty ones are left out.
 * `firstLine`: where the text begins, if it was cut out of a file. Throws DomainError("invalid") when the whole file is too large, too deep or has too many entries.
 */
export function parseYamlDocuments(text: string, label: string, firstLine = 1): YamlDocument[] {
  checkYamlLimits(text, label, firstLine);
  const plain = readPlainYaml(text, firstLine);
  if (plain) return [{ source: plain, line: plain.line }];
  const { documents, lineAt } = readDocuments(text, firstLine);
  return documents.flatMap((document): YamlDocument[] => {
    const begin = lineAt(document.contents?.range[0] ?? document.range[0]);
    let line = begin;
    const fail: Fail = (offset, message) => {
      line = lineAt(offset);
      return new DomainError("invalid", message);
    };
    try {
      refuseErrors(document, fail);
      const source = sourceOf(document, "The document", lineAt, fail);
      return source.data === null || source.data === undefined ? [] : [{ source, line: begin }];
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      return [{ problem: error.message, line }];
    }
  });
}

function readDocuments(text: string, firstLine = 1) {
  const lines = new LineCounter();
  // The library's own check for repeated keys is quadratic: 60,000 keys hold the thread for 45 seconds.
  const documents = parseAllDocuments(text, { lineCounter: lines, uniqueKeys: false, merge: false, logLevel: "silent" });
  return { documents: Array.isArray(documents) ? documents : [], lineAt: (offset: number) => Math.max(1, lines.linePos(offset).line) + firstLine - 1 };
}

function refuseErrors(document: Document.Parsed, fail: Fail): void {
  const [problem] = document.errors;
  if (problem) throw fail(problem.pos[0], `${firstLine(problem.message)}.`);
}

function sourceOf(document: Document.Parsed, label: string, lineAt: (offset: number) => number, fail: Fail): YamlSource {
  const { plain, aliases } = plainValue(document, fail);
  return { data: aliases > 0 ? resolved(document, label) : plain, lineOf: (path) => lineAt(nodeOffset(document, path)), keyLineOf: (path) => lineAt(keyOffset(document, path)) };
}

/** Parses YAML and checks it with zod. Throws DomainError("invalid") with one field per problem, each with its line. */
export function parseYamlAs<S extends z.ZodType>(schema: S, text: string, label: string): z.output<S> {
  const source = parseYaml(text, label);
  const parsed = schema.safeParse(source.data);
  if (parsed.success) return parsed.data;
  const fields: FieldError[] = parsed.error.issues.slice(0, 20).map((issue) => {
    const path = issue.code === "unrecognized_keys" ? [...issue.path, issue.keys[0] ?? ""] : issue.path;
    const message = issue.code === "unrecognized_keys" ? "unknown key; remove it or check its spelling" : issue.message;
    return { path: path.map(String).join("."), message: `Line ${source.lineOf(path)}: ${message}` };
  });
  const [first] = fields;
  throw new DomainError("invalid", `${label}: ${first?.path ? `${first.path}: ` : ""}${first?.message ?? "invalid"}`, { fields });
}

type Fail = (offset: number, message: string) => DomainError;

/** What the document says, without its aliases, of which it tells the number. Refuses what no document of a person needs. */
function plainValue(document: Document.Parsed, fail: Fail): { plain: unknown; aliases: number } {
  let aliases = 0;
  const read = (node: unknown): unknown => {
    if (!isNode(node)) return null;
    if (isAlias(node)) {
      aliases += 1;
      if (aliases > MAX_ALIASES) throw fail(node.range?.[0] ?? 0, `more than ${MAX_ALIASES} aliases (*name). Write the values out.`);
      return null;
    }
    if (node.tag && !CORE_TAG.test(node.tag)) throw fail(node.range?.[0] ?? 0, `the tag ${node.tag} is not supported. Remove it.`);
    if (isMap(node)) return readMap(node, read, fail);
    return isSeq(node) ? node.items.map(read) : (node as Scalar).value;
  };
  const plain = read(document.contents);
  return { plain, aliases };
}

function readMap({ items }: YAMLMap, read: (node: unknown) => unknown, fail: Fail): Record<string, unknown> {
  const seen = new Set<string>();
  const plain: Record<string, unknown> = {};
  for (const { key, value } of items) {
    const offset = isNode(key) ? (key.range?.[0] ?? 0) : 0;
    if (!isScalar(key)) throw fail(offset, "a key must be plain text.");
    const name = String(key.value);
    if (RESERVED_KEYS.has(name)) throw fail(offset, `the key ${name} is reserved. Rename it.`);
    if (seen.has(name)) throw fail(offset, `the key ${name} is there twice. Remove one.`);
    seen.add(name);
    plain[key.value === null ? "" : name] = read(value);
  }
  return plain;
}

function resolved(document: Document.Parsed, label: string): unknown {
  try {
    return document.toJS({ maxAliasCount: MAX_ALIASES });
  } catch (cause) {
    throw new DomainError("invalid", `${label}: ${cause instanceof Error ? cause.message : "aliases cannot be resolved"}. Write the values out instead of using aliases.`, {
      cause,
    });
  }
}

function nodeOffset(document: Document.Parsed, path: Path): number {
  let node: unknown = document.contents;
  let offset = (document.contents as ParsedNode | null)?.range[0] ?? 0;
  for (const key of path) {
    if (!isCollection(node)) break;
    node = node.get(key, true);
    if (!isNode(node) || !node.range) break;
    offset = node.range[0];
  }
  return offset;
}

function keyOffset(document: Document.Parsed, path: Path): number {
  const parent = path.length > 1 ? document.getIn(path.slice(0, -1), true) : document.contents;
  const pair = isMap(parent) ? parent.items.find(({ key }) => isScalar(key) && key.value === path.at(-1)) : undefined;
  return (isNode(pair?.key) ? pair.key.range?.[0] : undefined) ?? nodeOffset(document, path);
}

function firstLine(message: string): string {
  return (message.split("\n")[0] ?? message).replace(/ at line \d+, column \d+:?$/, "").replace(/[.:]$/, "");
}
