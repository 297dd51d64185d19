import { LinkButton } from "@/components/ui/button";
import { Empty } from "@/components/ui/empty";
import { Link } from "@/components/ui/link";
import { Time } from "@/components/ui/time";
import type { DocHit, EntityDoc } from "@/lib/catalog/contract";
import type { RenderedDocument } from "@/lib/core/markdown";
import { docHref } from "./entity-doc";

/** The headings of a document. */
export function DocContents({ headings }: Pick<RenderedDocument, "headings">) {
  const shown = headings.filter(({ level }) => level === 2 || level === 3);
  if (shown.length < 2) return <aside />;
  return (
    <aside className="toc" aria-label="On this page">
      <h2>On this page</h2>
      {shown.map(({ id, text, level }) => (
        <a key={id} href={`#${id}`} data-level={level} className="truncate" title={text}>
          {text}
        </a>
      ))}
    </aside>
  );
}

/** Where a document comes from and how old it is. */
export function DocSource({ doc, source, now }: { doc: EntityDoc; source: { label: string; href: string } | null; now: string }) {
  return (
    <p className="caption doc-foot">
      <span>
        <span className="mono">{doc.path}</span>
        {doc.commit ? <> at {doc.commit.slice(0, 7)}</> : null}, read <Time at={doc.readAt} now={now} />
      </span>
      {source ? (
        <a className="link" href={source.href}>
          {source.label}
        </a>
      ) : null}
    </p>
  );
}

function Marked({ text, words }: { text: string; words: string[] }) {
  const pattern = words.map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("|");
  const parts = pattern ? text.split(new RegExp(`(${pattern})`, "i")) : [text];
  return parts.map((part, index) => (index % 2 ? <mark key={index}>{part}</mark> : part));
}

/** What a search in the documents of an entity found. */
export function DocHits({ entityRef, q, hits, clearHref }: { entityRef: string; q: string; hits: DocHit[]; clearHref: string }) {
  const words = q.split(/\s+/).filter(Boolean);
  if (hits.length === 0) {
    return (
      <Empty title={`No document here holds “${q}”`} action={<LinkButton href={clearHref}>Show all documents</LinkButton>}>
        Every word must be in one document. The search of the catalog looks in all entities.
      </Empty>
    );
  }
  return (
    <section aria-label={`Found for ${q}`}>
      <p className="caption">
        {hits.length} {hits.length === 1 ? "document" : "documents"}
      </p>
      <ul className="doc-hits bare">
        {hits.map((hit) => (
          <li key={hit.path}>
            <Link className="strong link" href={`${docHref(entityRef, hit.path)}${hit.heading ? `#${hit.heading.id}` : ""}`}>
              {hit.title}
              {hit.heading && hit.heading.text !== hit.title ? ` · ${hit.heading.text}` : ""}
            </Link>
            <p className="muted">
              <Marked text={hit.snippet} words={words} />
            </p>
          </li>
        ))}
      </ul>
    </section>
  );
}
