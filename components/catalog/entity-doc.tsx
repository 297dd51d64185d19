import path from "node:path";
import { MarkdownParts } from "@/components/ui/markdown";
import { SectionHead } from "@/components/ui/page-head";
import { type EntityDoc, entityHref } from "@/lib/catalog/contract";
import { type RenderedDocument, renderDocument } from "@/lib/core/markdown";

export const docHref = (ref: string, file: string) => `${entityHref(ref, "docs")}/${file.split("/").map(encodeURIComponent).join("/")}`;

/** The path in the repository that a relative address of a document means; null for one that leads elsewhere. */
function resolved(from: string, href: string): { file: string; hash: string } | null {
  const base = `doc:///${from.split("/").map(encodeURIComponent).join("/")}`;
  if (/^[a-z][a-z0-9+.-]*:|^\/\//i.test(href) || !URL.canParse(href, base)) return null;
  const url = new URL(href, base);
  return { file: decodeURI(url.pathname).replace(/^\/+/, ""), hash: url.hash };
}

/** Where a link of a document leads: to another document of the entity, or out; null for what is not here. */
function linkOf(ref: string, from: string, known: Set<string>) {
  return (href: string): string | null => {
    if (/^(https?:|mailto:)/i.test(href)) return href;
    const target = resolved(from, href);
    if (!target) return null;
    const file = [target.file, `${target.file.replace(/\/+$/, "")}.md`, path.posix.join(target.file, "index.md")].find((one) => known.has(one));
    return file ? `${docHref(ref, file)}${target.hash ? `#doc-${target.hash.slice(1)}` : ""}` : null;
  };
}

/** Pictures of the same repository, at the commit that the document was read from. */
function imageOf(ref: string, { path: from, commit }: EntityDoc) {
  const [, kind = "", namespace = "", name = ""] = /^([^:]*):([^/]*)\/(.*)$/.exec(ref) ?? [];
  return (src: string): string | null => {
    const target = commit ? resolved(from, src) : null;
    return target
      ? `/api/v1/entities/${[kind, namespace, name].map(encodeURIComponent).join("/")}/doc-image?${new URLSearchParams({ path: target.file, v: commit?.slice(0, 12) ?? "" })}`
      : null;
  };
}

/** One document of an entity, rendered. */
export function renderEntityDoc(entityRef: string, doc: EntityDoc, paths: string[]): RenderedDocument {
  return renderDocument(doc.text, { headingOffset: 1, link: linkOf(entityRef, doc.path, new Set(paths)), image: imageOf(entityRef, doc) });
}

export function ReadmeSection({ entityRef, doc, paths }: { entityRef: string; doc: EntityDoc; paths: string[] }) {
  return (
    <section>
      <SectionHead title={doc.path} />
      <div className="ruled">
        <MarkdownParts parts={renderEntityDoc(entityRef, doc, paths).parts} />
      </div>
    </section>
  );
}
