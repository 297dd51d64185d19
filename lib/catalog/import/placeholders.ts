import path from "node:path";
import { isDomainError } from "@/lib/core/errors";
import { parseYaml } from "@/lib/core/yaml";
import { type DraftFinding, isPlaceholder, isPlainObject, type Path, type PlainObject, shown } from "./draft";

/** One name for what is written in several ways: `./a/../b.yaml` is `b.yaml`; an address stays as it is. */
export const plainTarget = (target: string): string => (target.includes("://") ? target : path.posix.normalize(target));

/** Targets of the document's placeholders by their plain names, for example `openapi.yaml`. The document may contain itself. */
export function placeholderTargets(data: unknown): string[] {
  const targets = new Set<string>();
  const seen = new Set<unknown>();
  const rest = [data];
  while (rest.length > 0) {
    const value = rest.pop();
    if (typeof value !== "object" || value === null || seen.has(value)) continue;
    seen.add(value);
    const target = isPlaceholder(value) ? Object.values(value)[0] : undefined;
    if (typeof target === "string") targets.add(plainTarget(target));
    rest.push(...Object.values(value).reverse());
  }
  return [...targets];
}

/** The document with its placeholders replaced from texts by plain names: by the text, for `$json` and `$yaml` by what it says. One that cannot be stays as it is and becomes a finding. */
export function resolvePlaceholders(data: PlainObject, texts: ReadonlyMap<string, string>, findings: DraftFinding[]): PlainObject {
  return walk(data, [], (value, at) => {
    if (!isPlaceholder(value)) return value;
    const target = Object.values(value)[0];
    const text = typeof target === "string" ? texts.get(plainTarget(target)) : undefined;
    if (text !== undefined) return contentOf(String(Object.keys(value)[0]), text, String(target), at, findings) ?? value;
    findings.push({ path: at, rule: "placeholder", message: `${Object.keys(value)[0]}: ${shown(target)} was not read.`, fix: fixOf(target) });
    return value;
  }) as PlainObject;
}

function fixOf(target: unknown): string {
  if (typeof target === "string" && target.includes("\n")) return "It holds the text itself instead of the name of a file: leave the placeholder out and keep the text.";
  return "Only files of the same upload, folder, repository or host are read. Add the file, or write its content here.";
}

/** What the placeholder stands for; null with a finding where the file does not hold that. */
function contentOf(kind: string, text: string, target: string, at: Path, findings: DraftFinding[]): unknown {
  if (kind !== "$json" && kind !== "$yaml") return text;
  try {
    // JSON is YAML, and this parser knows limits.
    return parseYaml(text.replace(/^\uFEFF/, ""), shown(target)).data;
  } catch (error) {
    if (!isDomainError(error)) throw error;
    findings.push({ path: at, rule: "placeholder", message: `${kind}: ${shown(target)} cannot be read. ${error.message}`, fix: "Put that file right." });
    return null;
  }
}

function walk(value: unknown, at: Path, change: (value: unknown, at: Path) => unknown): unknown {
  const changed = change(value, at);
  if (changed !== value) return changed;
  if (Array.isArray(value)) return value.map((inner, index) => walk(inner, [...at, index], change));
  if (isPlainObject(value)) return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, walk(inner, [...at, key], change)]));
  return value;
}
