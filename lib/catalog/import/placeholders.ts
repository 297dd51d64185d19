import { isDomainError } from "@/lib/core/errors";
import { parseYaml } from "@/lib/core/yaml";
import { type DraftFinding, isPlainObject, type Path, type PlainObject, shown } from "./draft";

const PLACEHOLDERS = ["$text", "$json", "$yaml", "$openapi", "$asyncapi"];

const isPlaceholder = (value: unknown): value is PlainObject => isPlainObject(value) && Object.keys(value).length === 1 && PLACEHOLDERS.includes(Object.keys(value)[0] ?? "");

/** Targets of the document's placeholders, for example `./openapi.yaml`. The document may contain itself. */
export function placeholderTargets(data: unknown): string[] {
  const targets = new Set<string>();
  const seen = new Set<unknown>();
  const rest = [data];
  while (rest.length > 0) {
    const value = rest.pop();
    if (typeof value !== "object" || value === null || seen.has(value)) continue;
    seen.add(value);
    const target = isPlaceholder(value) ? Object.values(value)[0] : undefined;
    if (typeof target === "string") targets.add(target);
    rest.push(...Object.values(value).reverse());
  }
  return [...targets];
}

/** The document with its placeholders replaced: by the text, for `$json` and `$yaml` by what it says. One that cannot be stays as it is and becomes a finding. */
export function resolvePlaceholders(data: PlainObject, texts: ReadonlyMap<string, string>, findings: DraftFinding[]): PlainObject {
  return walk(data, [], (value, path) => {
    if (!isPlaceholder(value)) return value;
    const target = Object.values(value)[0];
    const text = typeof target === "string" ? texts.get(target) : undefined;
    if (text !== undefined) return contentOf(String(Object.keys(value)[0]), text, String(target), path, findings) ?? value;
    const message = `${Object.keys(value)[0]}: ${shown(target)} was not read.`;
    findings.push({ path, rule: "placeholder", message, fix: "Only files of the same upload, folder, repository or host are read. Add the file, or write its content here." });
    return value;
  }) as PlainObject;
}

/** What the placeholder stands for; null with a finding where the file does not hold that. */
function contentOf(kind: string, text: string, target: string, path: Path, findings: DraftFinding[]): unknown {
  if (kind !== "$json" && kind !== "$yaml") return text;
  try {
    // JSON is YAML, and this parser knows limits.
    return parseYaml(text.replace(/^\uFEFF/, ""), shown(target)).data;
  } catch (error) {
    if (!isDomainError(error)) throw error;
    findings.push({ path, rule: "placeholder", message: `${kind}: ${shown(target)} cannot be read. ${error.message}`, fix: "Put that file right." });
    return null;
  }
}

function walk(value: unknown, path: Path, change: (value: unknown, path: Path) => unknown): unknown {
  const changed = change(value, path);
  if (changed !== value) return changed;
  if (Array.isArray(value)) return value.map((inner, index) => walk(inner, [...path, index], change));
  if (isPlainObject(value)) return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, walk(inner, [...path, key], change)]));
  return value;
}
