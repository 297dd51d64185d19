import { DocNav } from "@/components/catalog/doc-nav";
import { DocContents, DocHits, DocSource } from "@/components/catalog/doc-parts";
import { renderEntityDoc } from "@/components/catalog/entity-doc";
import { sourceOf } from "@/components/repositories/addresses";
import { Empty } from "@/components/ui/empty";
import { MarkdownParts } from "@/components/ui/markdown";
import { entityHref } from "@/lib/catalog/contract";
import { getDoc, getEntity, searchEntityDocs } from "@/lib/catalog/queries";
import { orMissing, orNotFound } from "@/lib/core/page";
import { text } from "@/lib/core/search-params";
import { requireSignedIn } from "@/lib/core/session-ctx";
import { repositoryOfEntity, repositoryOfSource } from "@/lib/repositories/queries";

interface Props {
  params: Promise<{ namespace: string; kind: string; name: string; path?: string[] }>;
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

/** The documents of an entity: navigation, the document with its headings, and a search in them. */
export default async function EntityDocsPage({ params, searchParams }: Props) {
  const ctx = await requireSignedIn();
  const [{ path, ...key }, asked] = await Promise.all([params, searchParams]);
  const entity = await orNotFound(getEntity(ctx, key));
  const { ref, docs } = entity;
  const wanted = path?.map(decodeURIComponent).join("/") ?? docs[0]?.path;
  if (!wanted) {
    return (
      <Empty title="No documents yet">
        README.md, the Markdown files in docs/ and the navigation of mkdocs.yml of the entity&apos;s repository appear here after the next push. A folder of its own is named with
        the annotation backstage.io/techdocs-ref: dir:./path. A repository made from a golden path has both.
      </Empty>
    );
  }
  const q = text(asked.q)?.slice(0, 100) ?? "";
  const base = entityHref(ref, "docs");
  if (q) {
    const { items } = await searchEntityDocs(ctx, { ...key, q });
    return (
      <div className="docs">
        <DocNav entityRef={ref} docs={docs} current={null} q={q} action={base} />
        <DocHits entityRef={ref} q={q} hits={items} clearHref={base} />
      </div>
    );
  }
  const [doc, repository] = await Promise.all([
    orNotFound(getDoc(ctx, { ...key, path: wanted })),
    orMissing(entity.source.type === "remote" ? repositoryOfSource(ctx, key) : repositoryOfEntity(ctx, key)),
  ]);
  const { parts, headings } = renderEntityDoc(
    ref,
    doc,
    docs.map((one) => one.path),
  );
  return (
    <div className="docs">
      <DocNav entityRef={ref} docs={docs} current={doc.path} q="" action={base} />
      <article className="stack-6">
        <MarkdownParts parts={parts} />
        <DocSource doc={doc} source={repository && doc.commit ? sourceOf(repository, doc.path) : null} now={ctx.now.toISOString()} />
      </article>
      <DocContents headings={headings} />
    </div>
  );
}
