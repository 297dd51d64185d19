const HEAD = /^( {0,3})(?:!!!|\?\?\?\+?) +([a-z][\w-]{0,30})(?: +"([^"\n]{0,200})")?[ \t]*$/;
const FENCE = /^ {0,3}(`{3,}|~{3,})/;

/** Admonitions of MkDocs (`!!! note "Title"` and an indented block) as quotations with a title, which every Markdown reader shows. */
export function withAdmonitions(text: string): string {
  if (!/^ {0,3}(!!!|\?\?\?)/m.test(text)) return text;
  const out: string[] = [];
  let fence: string | null = null;
  let isInside = false;
  for (const line of text.split("\n")) {
    const mark = isInside ? null : FENCE.exec(line)?.[1];
    if (mark && (!fence || line.trim().startsWith(fence))) fence = fence ? null : mark;
    const head = fence ? null : HEAD.exec(line);
    if (head) {
      const [, , kind = "note", title] = head;
      out.push("", `> **${title ?? kind.replace(/^./, (first) => first.toUpperCase())}**`, ">");
      isInside = true;
    } else if (isInside && (/^(?: {4}|\t)/.test(line) || !line.trim())) {
      out.push(`> ${line.replace(/^(?: {4}|\t)/, "")}`.trimEnd());
    } else {
      if (isInside) out.push("");
      isInside = false;
      out.push(line);
    }
  }
  return out.join("\n");
}
