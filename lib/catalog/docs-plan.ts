import path from "node:path";
import { markdownTitle } from "@/lib/core/markdown";
import { parseYaml } from "@/lib/core/yaml";
import { isPlainObject } from "./import/draft";

// Which files of a repository are an entity's documents, and in which order: README.md, then what mkdocs.yml says, else the
// pages of docs/ by their path. Nothing is built; a repository that TechDocs understands needs no change.

export interface SourceDoc {
  path: string;
  text: string;
}

export interface PlannedDoc extends SourceDoc {
  title: string;
  /** Heading that the page stands under: `Guides`, `Guides / Operations`; empty at the top. */
  section: string;
}

const MAX_DOCS = 200;
const MAX_CHARACTERS = 200_000;
const MKDOCS = ["mkdocs.yml", "mkdocs.yaml"];
/** Tags that only MkDocs itself understands, such as `!!python/name:…` and `!ENV`. */
const TAGS = /(^|[:\-[,]\s+)!{1,2}[\w./:]+/gm;

/** The folder that `backstage.io/techdocs-ref: dir:…` names, relative to the repository; null for one outside of it or elsewhere. */
export function techdocsFolder(ref: unknown): string | null {
  if (typeof ref !== "string") return ".";
  const folder = /^dir:(.*)$/.exec(ref.trim())?.[1];
  return folder === undefined ? null : inside(".", folder || ".");
}

/** A path below a folder, in its short form; null when it leads out of the repository. */
function inside(folder: string, target: string): string | null {
  const joined = path.posix.normalize(path.posix.join(folder, target.replaceAll("\\", "/"))).replace(/\/+$/, "");
  return joined.startsWith("..") || path.posix.isAbsolute(joined) ? null : joined;
}

const below = (folder: string, file: string) => folder === "." || file.startsWith(`${folder}/`);
const isPage = (file: string) => /\.(md|markdown)$/i.test(file);

/** The documents of an entity among all Markdown files (and mkdocs.yml) of its repository; at most 200, each cut at 200,000 characters. */
export function planDocs(files: SourceDoc[], techdocsRef?: unknown): PlannedDoc[] {
  const root = techdocsFolder(techdocsRef) ?? ".";
  const config = readConfig(files, root);
  const folder = inside(root, config.docsDir) ?? inside(root, "docs") ?? "docs";
  const pages = new Map(files.filter((file) => isPage(file.path) && below(folder, file.path)).map((file) => [file.path, file]));
  const readme = files.find((file) => path.posix.dirname(file.path) === root && /^readme\.md$/i.test(path.posix.basename(file.path)));
  if (readme) pages.delete(readme.path);
  const planned: PlannedDoc[] = readme ? [{ ...readme, title: "README", section: "" }] : [];
  for (const { target, title, section } of navPages(config.nav)) {
    const at = inside(folder, target);
    const page = at ? pages.get(at) : undefined;
    if (!page) continue;
    pages.delete(page.path);
    planned.push({ ...page, title: title ?? titleOf(page), section });
  }
  const rest = [...pages.values()].sort((a, b) => rank(folder, a.path) - rank(folder, b.path) || (a.path < b.path ? -1 : 1));
  for (const page of rest) planned.push({ ...page, title: titleOf(page), section: config.nav.length ? "Other pages" : sectionOf(folder, page.path) });
  return planned.slice(0, MAX_DOCS).map((doc) => ({ ...doc, title: doc.title.slice(0, 200), text: doc.text.replaceAll("\u0000", "").slice(0, MAX_CHARACTERS) }));
}

/** Index first, then the pages of the folder itself, then those of its folders. */
function rank(folder: string, file: string): number {
  const own = folder === "." ? file : file.slice(folder.length + 1);
  return /^index\.md$/i.test(own) ? 0 : own.includes("/") ? 2 : 1;
}

function sectionOf(folder: string, file: string): string {
  const own = path.posix.dirname(folder === "." ? file : file.slice(folder.length + 1));
  return own === "." ? "" : own.split("/").map(words).join(" / ");
}

const words = (name: string) => name.replace(/[-_]+/g, " ").replace(/^./, (first) => first.toUpperCase());
const titleOf = ({ path: file, text }: SourceDoc) => markdownTitle(text) ?? words(path.posix.basename(file).replace(/\.(md|markdown)$/i, ""));

function readConfig(files: SourceDoc[], root: string): { docsDir: string; nav: unknown[] } {
  const file = files.find((one) => MKDOCS.includes(path.posix.basename(one.path)) && path.posix.dirname(one.path) === root);
  const none = { docsDir: "docs", nav: [] };
  if (!file) return none;
  try {
    const data = parseYaml(file.text.replace(TAGS, "$1"), file.path).data;
    if (!isPlainObject(data)) return none;
    return { docsDir: typeof data.docs_dir === "string" && data.docs_dir ? data.docs_dir : "docs", nav: Array.isArray(data.nav) ? data.nav : [] };
  } catch {
    // An unreadable mkdocs.yml costs the order of the pages, not the pages.
    return none;
  }
}

const MAX_DEPTH = 6;

/** The pages of a navigation: `- index.md`, `- Title: page.md`, `- Section: [ … ]`. */
function navPages(nav: unknown, section: string[] = []): { target: string; title: string | null; section: string }[] {
  if (!Array.isArray(nav) || section.length > MAX_DEPTH) return [];
  return nav.slice(0, MAX_DOCS).flatMap((entry: unknown) => {
    if (typeof entry === "string") return [{ target: entry, title: null, section: section.join(" / ") }];
    if (!isPlainObject(entry)) return [];
    return Object.entries(entry).flatMap(([title, value]) =>
      typeof value === "string" ? [{ target: value, title, section: section.join(" / ") }] : navPages(value, [...section, title.slice(0, 100)]),
    );
  });
}
