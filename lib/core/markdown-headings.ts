import type { Element, ElementContent, Root } from "hast";

/** The text of an element without its markup. */
export function textOf(node: Root | Element | ElementContent): string {
  if (node.type === "text") return node.value;
  return "children" in node ? node.children.map((child) => textOf(child as ElementContent)).join("") : "";
}

/** Makes ids as GitHub does: lower case, hyphens, a number behind what is there already. */
export function slugger(): (text: string) => string {
  const used = new Map<string, number>();
  return (text) => {
    const slug =
      text
        .toLowerCase()
        .replace(/[^\p{L}\p{N}\s_-]/gu, "")
        .trim()
        .replace(/\s/g, "-")
        .slice(0, 100) || "section";
    const count = used.get(slug) ?? 0;
    used.set(slug, count + 1);
    return count ? `${slug}-${count}` : slug;
  };
}

/** Headings (`## Like this`) of a Markdown text with the ids that they get when it is rendered, and where they begin. */
export function headingsOf(text: string): { id: string; text: string; offset: number }[] {
  const slug = slugger();
  const found: { id: string; text: string; offset: number }[] = [];
  let fence: string | null = null;
  let offset = 0;
  for (const line of text.split("\n")) {
    const mark = /^ {0,3}(`{3,}|~{3,})/.exec(line)?.[1];
    if (mark && (!fence || line.trim().startsWith(fence))) fence = fence ? null : mark;
    const heading = fence ? null : /^ {0,3}#{1,6}[ \t]+(.*?)[ \t]*#*$/.exec(line)?.[1];
    if (heading) {
      const words = heading.replace(/!?\[([^\]]*)\]\([^)]*\)/g, "$1").replace(/[*`]/g, "");
      found.push({ id: `doc-${slug(words)}`, text: words, offset });
    }
    offset += line.length + 1;
  }
  return found;
}
