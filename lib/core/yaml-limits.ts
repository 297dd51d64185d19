import { CST, Lexer } from "yaml";
import { DomainError } from "./errors";

const MAX_BYTES = 1024 * 1024;
const MAX_TOKENS = 200_000;
const MAX_DEPTH = 50;
const OPENERS = new Set(["flow-map-start", "flow-seq-start"]);
const CLOSERS = new Set(["flow-map-end", "flow-seq-end"]);
const INDICATORS = new Set(["seq-item-ind", "explicit-key-ind", "map-value-ind"]);

const INDICATOR_OR_OPENER = /[[{]|(?:^|\s)[-?](?=\s|$)|:(?=\s|$)/g;

/**
 * Refuses YAML that is too large or too deep before it is parsed: the parser recurses, and deep input ends the process.
 * `firstLine`: where the text begins, if it was cut out of a file. Throws DomainError("invalid") that names the line.
 */
export function checkYamlLimits(text: string, label: string, firstLine = 1): void {
  if (Buffer.byteLength(text) > MAX_BYTES) throw new DomainError("invalid", `${label} is larger than 1 MB. Split it or remove what is not needed.`);
  checkIndentation(text, label, firstLine);
  if (!isPlainlyShallow(text)) checkTokens(text, label, firstLine);
}

/** Whether counting characters shows already that no token can be over a limit, which spares a second reading of nearly every real document. */
function isPlainlyShallow(text: string): boolean {
  // A character makes at most two tokens.
  if (text.length * 2 > MAX_TOKENS || /^%/m.test(text)) return false;
  let openers = 0;
  let mostInLine = 0;
  for (const line of text.split("\n")) {
    let inLine = 0;
    for (const [sign] of line.matchAll(INDICATOR_OR_OPENER)) {
      if (sign === "[" || sign === "{") openers += 1;
      else inLine += 1;
    }
    mostInLine = Math.max(mostInLine, inLine);
  }
  return openers + mostInLine <= MAX_DEPTH;
}

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
  for (const content of text.split("\n")) {
    line += 1;
    const indent = content.search(/[^ \t\r]/);
    if (indent < 0) continue;
    while (open.length > 0 && (open[open.length - 1] ?? 0) >= indent) open.pop();
    open.push(indent);
    if (open.length > MAX_DEPTH) throw tooDeep(label, line);
  }
}

function lineBreaks(token: string): number {
  let breaks = 0;
  for (let at = token.indexOf("\n"); at >= 0; at = token.indexOf("\n", at + 1)) breaks += 1;
  return breaks;
}

function tooDeep(label: string, line: number): DomainError {
  return new DomainError("invalid", `${label}, line ${line}: nested deeper than ${MAX_DEPTH} levels. Flatten it.`);
}
