import type { YamlPath, YamlSource } from "./yaml-source";

// Nearly every catalog file is keys, lists and one-line texts. Those are read here line by line, seven times as fast as by the
// library, which reads everything else: whatever is not certainly plain gives null. The library is the oracle in the tests.

type Map = Record<string, unknown>;
type Container = Map | unknown[];

interface Lines {
  /** Line of the first key or entry. */
  begin: number;
  /** Line of each key, or of each entry. */
  of: Record<string | number, number>;
}

interface Line {
  number: number;
  indent: number;
  content: string;
}

export type PlainYaml = YamlSource & { line: number };

/** Control characters, and what only looks like a blank or a line end. */
const UNUSUAL = /[\x00-\x09\x0b-\x1f\x7f-\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff]/;
const PLAIN_KEY = /^([A-Za-z_$][\w./$-]*):(?: +|$)/;
const DOUBLE_KEY = /^("(?:[^"\\]|\\["\\/bfnrt])+"):(?: +|$)/;
const SINGLE_KEY = /^'([^']+)':(?: +|$)/;
const DOUBLE_TEXT = /^"(?:[^"\\]|\\["\\/bfnrt])*"$/;
const SINGLE_TEXT = /^'[^']*'$/;
const PLAIN_TEXT = /^[A-Za-z0-9_/.$(]/;
const SHORT_LIST = /^\[ *[A-Za-z][\w./-]*(?: *, *[A-Za-z][\w./-]*)* *\]$/;
const WORD_WITH_MEANING = /^(?:null|true|false)$/i;
const PLAIN_NUMBER = /^(?:0|[1-9][0-9]{0,14})$/;
/** What the core schema of YAML 1.2 may take for a number (yaml.org/spec/1.2.2, 10.3.2). */
const NUMBER = /^[-+]?(?:0o[0-7]+|0x[0-9a-fA-F]+|[0-9]+|(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?|\.(?:inf|Inf|INF|nan|NaN|NAN))$/;
const SPECIAL_KEYS = new Set(["__proto__", "constructor", "prototype", "<<"]);
/** An implicit key may be 1,024 characters long. */
const MAX_KEY = 200;

/** Not plain after all. */
class Other extends Error {}

/** What one document says that is written plainly; null for every other text. `firstLine`: where the text begins in its file. */
export function readPlainYaml(text: string, firstLine = 1): PlainYaml | null {
  if (UNUSUAL.test(text)) return null;
  try {
    return new Reader(linesOf(text, firstLine)).document();
  } catch (error) {
    if (error instanceof Other) return null;
    throw error;
  }
}

function linesOf(text: string, firstLine: number): Line[] {
  const lines: Line[] = [];
  for (const [index, line] of text.split("\n").entries()) {
    const indent = line.search(/[^ ]/);
    if (indent < 0 || line.charCodeAt(indent) === 35) continue;
    const content = line.slice(indent).trimEnd();
    if (indent === 0 && content === "---" && lines.length === 0 && index === 0) continue;
    if (indent === 0 && /^(?:---|\.\.\.|%)/.test(content)) throw new Other();
    lines.push({ number: firstLine + index, indent, content });
  }
  return lines;
}

class Reader {
  private at = 0;
  private readonly places = new WeakMap<object, Lines>();

  constructor(private readonly lines: Line[]) {}

  document(): PlainYaml {
    const [first] = this.lines;
    if (!first) throw new Other();
    const data = this.map(first.indent);
    if (this.at < this.lines.length) throw new Other();
    return { data, line: first.number, lineOf: (path) => this.lineOf(data, path), keyLineOf: (path) => this.keyLineOf(data, path) };
  }

  private map(indent: number): Map {
    const map: Map = {};
    const of: Lines["of"] = {};
    const begin = this.lines[this.at]?.number ?? 0;
    for (let line = this.lines[this.at]; line?.indent === indent; line = this.lines[this.at]) {
      const key = keyOf(line.content);
      if (!key || SPECIAL_KEYS.has(key.name) || Object.hasOwn(map, key.name)) throw new Other();
      of[key.name] = line.number;
      this.at += 1;
      const { rest } = key;
      map[key.name] = rest === "" || rest.startsWith("#") ? this.below(indent) : this.value(rest, line.number);
      this.end(indent);
    }
    return this.placed(map, { begin, of });
  }

  private list(indent: number): unknown[] {
    const list: unknown[] = [];
    const of: Lines["of"] = {};
    const begin = this.lines[this.at]?.number ?? 0;
    for (let line = this.lines[this.at]; line?.indent === indent && line.content.startsWith("- "); line = this.lines[this.at]) {
      const rest = line.content.slice(1).trimStart();
      of[list.length] = line.number;
      if (keyOf(rest)) {
        // The first key of a map stands behind the sign; the others below it.
        const column = indent + line.content.length - rest.length;
        this.lines[this.at] = { ...line, indent: column, content: rest };
        list.push(this.map(column));
      } else {
        this.at += 1;
        list.push(this.value(rest, line.number));
      }
      this.end(indent);
    }
    return this.placed(list, { begin, of });
  }

  /** The value of a key that stands on the lines below it. */
  private below(indent: number): Container {
    const next = this.lines[this.at];
    const isEntry = next?.content.startsWith("- ");
    if (!next || next.indent < indent || (next.indent === indent && !isEntry)) throw new Other();
    return isEntry ? this.list(next.indent) : this.map(next.indent);
  }

  /** What is deeper than the value it follows would go on with it. */
  private end(indent: number): void {
    if ((this.lines[this.at]?.indent ?? 0) > indent) throw new Other();
  }

  private value(text: string, line: number): unknown {
    if (text.startsWith('"')) return unescaped(text, DOUBLE_TEXT);
    if (SINGLE_TEXT.test(text)) return text.slice(1, -1);
    if (text === "[]") return this.placed([], { begin: line, of: {} });
    if (text === "{}") return this.placed({}, { begin: line, of: {} });
    if (SHORT_LIST.test(text)) {
      const items = text
        .slice(1, -1)
        .split(",")
        .map((item) => plainText(item.trim()));
      return this.placed(items, { begin: line, of: Object.fromEntries(items.map((_, index) => [index, line])) });
    }
    return plainText(text);
  }

  private placed<T extends Container>(container: T, lines: Lines): T {
    this.places.set(container, lines);
    return container;
  }

  private lineOf(data: Container, path: YamlPath): number {
    let node: unknown = data;
    let line = this.places.get(data)?.begin ?? 0;
    for (const key of path) {
      const here = isContainer(node) ? this.places.get(node) : undefined;
      if (!here || !Object.hasOwn(here.of, key)) break;
      node = (node as Record<PropertyKey, unknown>)[key];
      line = (isContainer(node) ? this.places.get(node)?.begin : undefined) ?? here.of[key as string] ?? line;
    }
    return line;
  }

  private keyLineOf(data: Container, path: YamlPath): number {
    let parent: unknown = data;
    for (const key of path.slice(0, -1)) parent = isContainer(parent) ? (parent as Record<PropertyKey, unknown>)[key] : undefined;
    const name = path.at(-1);
    const here = isContainer(parent) && !Array.isArray(parent) ? this.places.get(parent) : undefined;
    return here && name !== undefined && Object.hasOwn(here.of, name) ? (here.of[name as string] ?? 0) : this.lineOf(data, path);
  }
}

const isContainer = (value: unknown): value is Container => typeof value === "object" && value !== null;

function keyOf(content: string): { name: string; rest: string } | null {
  const quoted = content.charCodeAt(0) === 34;
  const found = (quoted ? DOUBLE_KEY : content.charCodeAt(0) === 39 ? SINGLE_KEY : PLAIN_KEY).exec(content);
  const [whole = "", text = ""] = found ?? [];
  if (!found || text.length > MAX_KEY || (!quoted && content.charCodeAt(0) !== 39 && WORD_WITH_MEANING.test(text))) return null;
  return { name: quoted ? unescaped(text, DOUBLE_TEXT) : text, rest: content.slice(whole.length) };
}

/** The escapes of JSON that are let through mean the same in YAML. */
function unescaped(text: string, pattern: RegExp): string {
  if (!pattern.test(text)) throw new Other();
  return text.includes("\\") ? (JSON.parse(text) as string) : text.slice(1, -1);
}

function plainText(text: string): unknown {
  if (!PLAIN_TEXT.test(text) || text.includes(": ") || text.includes(" #") || text.endsWith(":")) throw new Other();
  if (PLAIN_NUMBER.test(text)) return Number(text);
  if (text === "true" || text === "false") return text === "true";
  if (WORD_WITH_MEANING.test(text) || NUMBER.test(text)) throw new Other();
  return text;
}
