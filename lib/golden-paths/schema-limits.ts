import { DomainError } from "@/lib/core/errors";

const MAX_CHARACTERS = 64 * 1024;
const MAX_DEPTH = 20;
const MAX_PATTERN = 200;

/** Refuses a form schema that is too big, too deep, or whose patterns are too long or broken. Throws DomainError("invalid"). */
export function checkSchemaLimits(schema: unknown, label: string, path: string): void {
  walk(schema, label, path, 0);
  if (JSON.stringify(schema).length > MAX_CHARACTERS) throw refuse(label, path, "the form page is larger than 64 kB. Split it into several pages.");
}

function walk(node: unknown, label: string, path: string, depth: number): void {
  if (depth > MAX_DEPTH) throw refuse(label, path, `the form schema is nested deeper than ${MAX_DEPTH} levels. Flatten it.`);
  if (typeof node !== "object" || node === null) return;
  for (const [key, value] of Object.entries(node)) {
    const at = `${path}.${key}`;
    if (key === "pattern" && typeof value === "string") checkPattern(value, label, at);
    if (key === "patternProperties" && typeof value === "object" && value !== null) for (const pattern of Object.keys(value)) checkPattern(pattern, label, at);
    if (key === "$ref" && typeof value === "string" && !value.startsWith("#")) throw refuse(label, at, "only references within the file (#/…) are followed. Copy the schema here.");
    walk(value, label, at, depth + 1);
  }
}

function checkPattern(pattern: string, label: string, path: string): void {
  if (pattern.length > MAX_PATTERN) throw refuse(label, path, `the pattern is longer than ${MAX_PATTERN} characters. Shorten it.`);
  try {
    new RegExp(pattern, "u");
  } catch (cause) {
    throw refuse(label, path, `the pattern is not a valid regular expression (${cause instanceof Error ? cause.message : "unreadable"}).`, cause);
  }
}

function refuse(label: string, path: string, message: string, cause?: unknown): DomainError {
  return new DomainError("invalid", `${label}: ${path}: ${message}`, { fields: [{ path, message }], cause });
}
