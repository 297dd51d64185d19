import { CST, Lexer } from "yaml";
import { DomainError } from "./errors";

const MAX_BYTES = 1024 * 1024;
const MAX_TOKENS = 200_000;
const MAX_DEPTH = 50;
const OPENERS = new Set(["flow-map-start", "flow-seq-start"]);
const CLOSERS = new Set(["flow-map-end", "flow-seq-end"]);
const INDICATORS = new Set(["seq-item-ind", "explicit-key-ind", "map-value-ind"]);

const [LF, CR, TAB, SPACE] = [10, 13, 9, 32];
const [PERCENT, DASH, COLON, QUESTION, BRACKET, BRACE] = [37, 45, 58, 63, 91, 123];

/**
 * Refuses YAML that is too large or too deep before it is parsed: the parser recurses, and deep input ends the process.
 * `firstLine`: where the text begins, if it was cut out of a file. Throws DomainError("invalid") that names the line.
 */
export function checkYamlLimits(text: string, label: string, firstLine = 1): void {
  if (Buffer.byteLength(text) > MAX_BYTES) throw new DomainError("invalid", `${label} is larger than 1 MB. Split it or remove what is not needed.`);
  checkIndentation(text, label, firstLine);
  if (!isPlainlyShallow(text)) checkTokens(text, label, firstLine);
}

/**
 * Whether counting characters shows already that no token can be over a limit, which spares a second reading of nearly every
 * real document. Counts too much rather than too little: every sign that could begin a level, wherever it stands.
 */
function isPlainlyShallow(text: string): boolean {
  // A character makes at most two tokens.
  if (text.length * 2 > MAX_TOKENS) return false;
  let openers = 0;
  let inLine = 0;
  let mostInLine = 0;
  let before = LF;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === LF) inLine = 0;
    else if (code === PERCENT && before === LF) return false;
    else if (code === BRACKET || code === BRACE) openers += 1;
    else if ((code === DASH || code === COLON || code === QUESTION) && endsWord(text.charCodeAt(at + 1))) {
      inLine += 1;
      if (inLine > mostInLine) mostInLine = inLine;
    }
    before = code;
  }
  return openers + mostInLine <= MAX_DEPTH;
}

/** Nothing, a blank, or one of the other alphabets' characters, some of which are blanks. */
const endsWord = (code: number) => Number.isNaN(code) || code <= SPACE || code > 127;

function checkTokens(text: string, label: string, firstLine: number): void {
  let line = firstLine;
  let flowDepth = 0;
  let indicators = 0;
  let isScalar = false;
  let count = 0;
  for (const token of new Lexer().lex(text)) {
    if (++count > MAX_TOKENS) throw new DomainError("invalid", `${label} has too many entries (line ${line}). Split it into several files.`);
    const type: string | null = isScalar ? null : CST.tokenType(token);
    isScalar = type === "scalar";
    if (type === "directive-line") throw new DomainError("invalid", `${label}, line ${line}: lines that begin with % are not supported. Remove the line.`);
    if (type && OPENERS.has(type)) flowDepth += 1;
    if (type && CLOSERS.has(type)) flowDepth = Math.max(0, flowDepth - 1);
    if (type && INDICATORS.has(type) && flowDepth === 0) indicators += 1;
    if (flowDepth + indicators > MAX_DEPTH) throw tooDeep(label, line);
    const breaks = lineBreaks(token);
    if (breaks > 0) {
      line += breaks;
      indicators = 0;
    }
  }
}

/** Every deeper line may open a level; text blocks count too, which real files never exhaust. */
function checkIndentation(text: string, label: string, firstLine: number): void {
  const open: number[] = [];
  let line = firstLine - 1;
  for (let begin = 0; begin <= text.length; ) {
    const next = text.indexOf("\n", begin);
    const end = next < 0 ? text.length : next;
    line += 1;
    const indent = indentOf(text, begin, end);
    begin = end + 1;
    if (indent < 0) continue;
    while (open.length > 0 && (open[open.length - 1] ?? 0) >= indent) open.pop();
    open.push(indent);
    if (open.length > MAX_DEPTH) throw tooDeep(label, line);
  }
}

/** Blanks before a line's content; -1 where it has none. */
function indentOf(text: string, begin: number, end: number): number {
  for (let at = begin; at < end; at++) {
    const code = text.charCodeAt(at);
    if (code !== SPACE && code !== TAB && code !== CR) return at - begin;
  }
  return -1;
}

function lineBreaks(token: string): number {
  let breaks = 0;
  for (let at = token.indexOf("\n"); at >= 0; at = token.indexOf("\n", at + 1)) breaks += 1;
  return breaks;
}

function tooDeep(label: string, line: number): DomainError {
  return new DomainError("invalid", `${label}, line ${line}: nested deeper than ${MAX_DEPTH} levels. Flatten it.`);
}
