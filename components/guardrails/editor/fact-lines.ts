type Value = string | number | boolean;

const LITERAL = /^(true|false|-?\d+(\.\d+)?)$/;

/** One fact per line, `request.ttlHours = 48`. Quotes make a text of what would be a number, true or false. */
export function readFacts(text: string): { facts: Record<string, Value>; problem: string | null } {
  const facts: Record<string, Value> = {};
  for (const [index, line] of text.split("\n").entries()) {
    if (line.trim() === "") continue;
    const at = line.indexOf("=");
    const path = line.slice(0, Math.max(0, at)).trim();
    if (path === "") return { facts, problem: `Line ${index + 1}: write a fact and its value, such as request.ttlHours = 48.` };
    if (Object.hasOwn(facts, path)) return { facts, problem: `Line ${index + 1}: ${path} is given twice.` };
    const value = readValue(line.slice(at + 1).trim());
    if (value === null) return { facts, problem: `Line ${index + 1}: the quotes do not match.` };
    facts[path] = value;
  }
  return { facts, problem: null };
}

function readValue(text: string): Value | null {
  if (LITERAL.test(text)) return JSON.parse(text.replace(/^(-?)0+(?=\d)/, "$1")) as Value;
  if (!text.startsWith('"')) return text;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "string" ? value : null;
  } catch {
    return null;
  }
}

/** The same the other way round. */
export const writeFacts = (facts: Record<string, Value>): string =>
  Object.entries(facts)
    .map(([path, value]) => `${path} = ${typeof value === "string" && needsQuotes(value) ? JSON.stringify(value) : String(value)}`)
    .join("\n");

const needsQuotes = (text: string) => LITERAL.test(text) || text.startsWith('"') || text !== text.trim() || /[\n\r]/.test(text) || text === "";
