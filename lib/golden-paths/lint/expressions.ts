/** One reading of `root.name` or `root["name"]` inside the tags of a template text. */
export interface Reading {
  root: string;
  name: string;
  /** Lines after the text's first. */
  lineOffset: number;
  /** What follows the name directly, for telling `a.b-c` (a subtraction) from a name. */
  rest: string;
}

const TAGS = /\$\{\{([\s\S]*?)\}\}|\{%-?([\s\S]*?)-?%\}/g;
const COOKIECUTTER_TAGS = /\{\{([\s\S]*?)\}\}|\{%-?([\s\S]*?)-?%\}/g;
const STRING_LITERAL = /"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'/g;
const MAX_READINGS = 2_000;

/** Every reading of the given root names, as far as it can be seen without evaluating. */
export function readings(text: string, roots: string[], cookiecutter = false): Reading[] {
  const found: Reading[] = [];
  for (const tag of text.matchAll(cookiecutter ? COOKIECUTTER_TAGS : TAGS)) {
    const code = tag[1] ?? tag[2] ?? "";
    const start = tag.index + tag[0].indexOf(code);
    for (const reading of inCode(code, roots)) {
      found.push({ ...reading, lineOffset: lineBreaks(text, start + reading.offset) });
      if (found.length >= MAX_READINGS) return found;
    }
  }
  return found;
}

function* inCode(code: string, roots: string[]): Generator<Omit<Reading, "lineOffset"> & { offset: number }> {
  // Literals stay where they name a member; elsewhere their text is no code.
  const bare = code.replace(STRING_LITERAL, (literal, at: number) => (code.slice(0, at).trimEnd().endsWith("[") ? literal : " ".repeat(literal.length)));
  const pattern = new RegExp(`(?<![\\w.$"'\\]])(${roots.join("|")})(?:\\.([A-Za-z_$][\\w$]*)|\\[\\s*(?:"([^"]*)"|'([^']*)')\\s*\\])`, "g");
  for (const match of bare.matchAll(pattern)) {
    const name = match[2] ?? match[3] ?? match[4] ?? "";
    yield { root: match[1] ?? "", name, rest: bare.slice(match.index + match[0].length, match.index + match[0].length + 65), offset: match.index };
  }
}

function lineBreaks(text: string, until: number): number {
  let count = 0;
  for (let at = text.indexOf("\n"); at >= 0 && at < until; at = text.indexOf("\n", at + 1)) count += 1;
  return count;
}

/** Every text of a tree with the path that leads to it. */
export function* textsIn(node: unknown, path: (string | number)[] = []): Generator<{ text: string; path: (string | number)[] }> {
  if (typeof node === "string") yield { text: node, path };
  else if (Array.isArray(node)) for (const [index, entry] of node.entries()) yield* textsIn(entry, [...path, index]);
  else if (typeof node === "object" && node !== null) for (const [key, value] of Object.entries(node)) yield* textsIn(value, [...path, key]);
}
