import { cut, type DraftFinding, isPlaceholder, isPlainObject, type PlainObject, shown } from "./draft";

const TAG = /^(?=.{1,63}$)[a-z0-9:+#]+(-[a-z0-9:+#]+)*$/;
const KEY = /^([a-z0-9.-]{1,253}\/)?([A-Za-z0-9][-A-Za-z0-9_.]{0,61})?[A-Za-z0-9]$/;
const LABEL_VALUE = /^(([A-Za-z0-9][-A-Za-z0-9_.]{0,61})?[A-Za-z0-9])?$/;
const MAX_TITLE = 200;
const MAX_TAGS = 50;

interface Metadata {
  title: string;
  description: string;
  tags: string[];
}

/** Title ("" where there is none), description and tags; everything doubtful becomes a finding. */
export function readMetadata(metadata: PlainObject, findings: DraftFinding[]): Metadata {
  checkMap(metadata, "labels", findings, (value) => typeof value === "string" && LABEL_VALUE.test(value), "letters, digits, - _ and ., at most 63");
  checkMap(metadata, "annotations", findings, (value) => typeof value === "string", "text: put numbers and true or false in quotes, and write a list as one text");
  checkLinks(metadata.links, findings);
  return {
    title: cut(textOf(metadata, "title", findings) ?? "", MAX_TITLE),
    description: textOf(metadata, "description", findings) ?? "",
    tags: readTags(metadata.tags, findings),
  };
}

function textOf(metadata: PlainObject, key: string, findings: DraftFinding[]): string | null {
  const value = metadata[key];
  if (value === undefined) return null;
  if (typeof value === "string") return value.trim();
  findings.push({
    path: ["metadata", key],
    rule: "not-text",
    message: `metadata.${key} is no text.`,
    fix: value === null ? "Write something, or remove the line." : "Put the value in quotes.",
  });
  return typeof value === "number" || typeof value === "boolean" ? String(value) : null;
}

function readTags(tags: unknown, findings: DraftFinding[]): string[] {
  if (tags === undefined) return [];
  if (!Array.isArray(tags)) {
    findings.push({ path: ["metadata", "tags"], rule: "not-a-list", message: "metadata.tags is no list.", fix: "Write tags: [first, second]." });
    return [];
  }
  const kept = new Set<string>();
  for (const [index, tag] of tags.entries()) {
    if (typeof tag !== "string" || !TAG.test(tag)) {
      findings.push({
        path: ["metadata", "tags", index],
        rule: "tag-style",
        message: `The tag "${shown(tag)}" is not in the usual form.`,
        fix: "Use lower-case letters, digits, : + # and hyphens, at most 63.",
      });
    }
    const text = typeof tag === "string" || typeof tag === "number" ? cut(String(tag).trim().toLowerCase(), 63) : "";
    if (text && kept.size < MAX_TAGS) kept.add(text);
  }
  return [...kept];
}

function checkMap(metadata: PlainObject, name: "labels" | "annotations", findings: DraftFinding[], isGood: (value: unknown) => boolean, expected: string): void {
  const map = metadata[name];
  if (map === undefined) return;
  if (!isPlainObject(map)) {
    findings.push({ path: ["metadata", name], rule: "not-a-map", message: `metadata.${name} is no map.`, fix: `Write ${name}: with one key and value a line.` });
    return;
  }
  for (const [key, value] of Object.entries(map)) {
    const path = ["metadata", name, key];
    if (!KEY.test(key))
      findings.push({
        path,
        rule: "key-style",
        message: `"${shown(key)}" is no usual key of ${name}.`,
        fix: "Use letters, digits, - _ and ., at most 63, with an optional domain/ before it.",
      });
    if (!isGood(value)) findings.push({ path, rule: "value-style", message: `The value of ${shown(key)} is not in the usual form.`, fix: `Use ${expected}.` });
  }
}

function checkLinks(links: unknown, findings: DraftFinding[]): void {
  if (links === undefined || isPlaceholder(links)) return;
  if (!Array.isArray(links)) {
    findings.push({ path: ["metadata", "links"], rule: "not-a-list", message: "metadata.links is no list.", fix: "Write links: with - url: and title: for each." });
    return;
  }
  for (const [index, link] of links.entries()) {
    const url = isPlainObject(link) ? link.url : undefined;
    if (safeLink(url)) continue;
    const message = url === undefined ? "A link has no url." : `The link "${shown(url)}" is not shown: it is no http, https or mailto address.`;
    findings.push({ path: ["metadata", "links", index], rule: "link-unsafe", message, fix: "Use an address that begins with https://." });
  }
}

/** The address if a page may link to it: http, https or mailto; else null. */
export function safeLink(url: unknown): string | null {
  if (typeof url !== "string" || !URL.canParse(url)) return null;
  return ["http:", "https:", "mailto:"].includes(new URL(url).protocol) ? url : null;
}
