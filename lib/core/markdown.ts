import "server-only";
import type { Element, Root } from "hast";
import rehypeHighlight from "rehype-highlight";
import rehypeRaw from "rehype-raw";
import rehypeSanitize, { defaultSchema } from "rehype-sanitize";
import rehypeStringify from "rehype-stringify";
import remarkGfm from "remark-gfm";
import remarkParse from "remark-parse";
import remarkRehype from "remark-rehype";
import { unified } from "unified";
import { withAdmonitions } from "./markdown-admonitions";
import { isCostly } from "./markdown-cost";
import { slugger, textOf } from "./markdown-headings";

export interface MarkdownOptions {
  /** Turns the address of a link into the one to show; null makes it plain text. */
  link?: (href: string) => string | null;
  /** The same for pictures; without it only those of this portal are shown. */
  image?: (src: string) => string | null;
  /** Added to the level of every heading, because the page has its own first one. */
  headingOffset?: number;
}

const MAX_CHARACTERS = 100_000;

// No scripts, styles, frames, forms or event handlers; links only to http, https, mailto and inside; ids get a prefix of their own.
const SCHEMA: typeof defaultSchema = {
  ...defaultSchema,
  clobberPrefix: "doc-",
  protocols: { ...defaultSchema.protocols, href: ["http", "https", "mailto"], src: ["http", "https"], cite: ["http", "https"], longDesc: [] },
  // The name of a language and nothing else: what follows the fence is the author's text.
  attributes: { ...defaultSchema.attributes, code: [["className", /^language-[\w+#.-]{1,40}$/]] },
  tagNames: (defaultSchema.tagNames ?? []).filter((name) => name !== "picture" && name !== "source"),
};

/** A piece of a rendered document: HTML, or the source of a diagram, which is drawn apart from the page. */
export type DocumentPart = { html: string } | { diagram: string };

export interface RenderedDocument {
  parts: DocumentPart[];
  headings: { id: string; text: string; level: number }[];
}

/**
 * Markdown of an untrusted author as sanitised HTML: headings with anchors, admonitions of MkDocs, highlighted code, and Mermaid
 * diagrams set apart. What is too long or too deep to render is shown as plain text.
 */
export function renderDocument(text: string, options: MarkdownOptions = {}): RenderedDocument {
  const plain = (): RenderedDocument => ({ parts: [{ html: `<pre tabindex="0">${escapeHtml(text.slice(0, MAX_CHARACTERS))}</pre>` }], headings: [] });
  if (text.length > MAX_CHARACTERS || isCostly(text)) return plain();
  try {
    const headings: RenderedDocument["headings"] = [];
    const tree = sanitised(withAdmonitions(text), options, headings);
    return { parts: partsOf(tree), headings };
  } catch (error) {
    // Tags within tags without end: the parser recurses.
    if (error instanceof RangeError) return plain();
    throw error;
  }
}

function sanitised(text: string, options: MarkdownOptions, headings: RenderedDocument["headings"]): Root {
  const reader = unified()
    .use(remarkParse)
    .use(remarkGfm)
    .use(remarkRehype, { allowDangerousHtml: true })
    .use(rehypeRaw)
    .use(rehypeSanitize, SCHEMA)
    .use(rehypeHighlight, { detect: false })
    // After sanitising, so that nothing these add or keep can be undone by what the author wrote.
    .use(() => (tree: Root) => finish(tree, options, { headings, slug: slugger() }));
  return reader.runSync(reader.parse(text)) as unknown as Root;
}

const MAX_DIAGRAMS = 20;

/** Diagrams at the top level of the document; those inside of lists stay code. */
function partsOf(tree: Root): DocumentPart[] {
  const parts: DocumentPart[] = [];
  let open: Root = { type: "root", children: [] };
  let diagrams = 0;
  const close = () => {
    const html = unified().use(rehypeStringify).stringify(open);
    if (html.trim()) parts.push({ html });
    open = { type: "root", children: [] };
  };
  for (const child of tree.children) {
    const code = child.type === "element" && child.tagName === "pre" ? child.children[0] : undefined;
    const isDiagram = code?.type === "element" && [code.properties.className].flat().includes("language-mermaid");
    if (isDiagram && diagrams++ < MAX_DIAGRAMS) {
      close();
      parts.push({ diagram: textOf(code) });
    } else open.children.push(child);
  }
  close();
  return parts;
}

/** The first heading of a Markdown text, or null. */
export function markdownTitle(text: string): string | null {
  const heading = /^#[ \t]+(.{1,300}?)[ \t]*#*$/m.exec(text.slice(0, 20_000))?.[1];
  return heading?.replace(/[*_`]|!?\[([^\]]*)\]\([^)]*\)/g, "$1").trim() || null;
}

interface Found {
  headings: RenderedDocument["headings"];
  slug: (text: string) => string;
}

function finish(node: Root | Element, options: MarkdownOptions, found: Found): void {
  for (const child of node.children) {
    if (child.type !== "element") continue;
    if (child.tagName === "a") finishLink(child, options);
    if (child.tagName === "img") finishImage(child, options);
    // It scrolls sideways when a line is long, which must work without a mouse.
    if (child.tagName === "pre") child.properties.tabIndex = 0;
    const level = /^h([1-6])$/.exec(child.tagName)?.[1];
    finish(child, options, found);
    if (level) finishHeading(child, Number(level), options, found);
  }
}

/** A heading below those of the page, with an address of its own. */
function finishHeading(element: Element, level: number, { headingOffset = 0 }: MarkdownOptions, { headings, slug }: Found): void {
  const text = textOf(element).trim();
  const id = `doc-${slug(text)}`;
  element.tagName = `h${Math.min(6, level + headingOffset)}`;
  element.properties.id = id;
  headings.push({ id, text, level });
  element.children.push({
    type: "element",
    tagName: "a",
    properties: { href: `#${id}`, className: ["anchor"], ariaLabel: `Link to ${text.slice(0, 100)}` },
    children: [{ type: "text", value: "#" }],
  });
}

function finishLink(element: Element, { link }: MarkdownOptions): void {
  const href = String(element.properties.href ?? "");
  // The sanitiser put its prefix before every id, so a link inside the document must follow.
  const target = href.startsWith("#") ? `#${href.replace(/^#(user-content-|doc-)?/, "doc-")}` : link ? link(href) : href;
  if (!href || !target) {
    element.tagName = "span";
    element.properties = {};
    return;
  }
  element.properties.href = target;
  if (/^https?:/i.test(target)) Object.assign(element.properties, { target: "_blank", rel: ["noreferrer", "nofollow"] });
}

/** A picture that cannot be shown under the page's policy becomes its description. */
function finishImage(element: Element, { image }: MarkdownOptions): void {
  const src = String(element.properties.src ?? "");
  const shown = image?.(src) ?? null;
  if (shown) {
    element.properties.src = shown;
    element.properties.loading = "lazy";
    return;
  }
  const words = String(element.properties.alt ?? "");
  element.tagName = "span";
  element.properties = {};
  element.children = words ? [{ type: "text", value: words }] : [];
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"]/g, (char) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[char] ?? char);
}
