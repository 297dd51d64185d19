import { ApiOperations, ApiTypes, holdsWords } from "@/components/catalog/api-operations";
import { RelationList } from "@/components/catalog/relation-lists";
import { CodeEditor } from "@/components/editor/code-editor";
import { LinkButton } from "@/components/ui/button";
import { ChoiceLinks } from "@/components/ui/choice-links";
import { Empty } from "@/components/ui/empty";
import { FilterBar } from "@/components/ui/filter-bar";
import { Notice } from "@/components/ui/notice";
import { entityHref } from "@/lib/catalog/contract";
import { getApi, getEntity } from "@/lib/catalog/queries";
import { orNotFound } from "@/lib/core/page";
import { pick, text } from "@/lib/core/search-params";
import { requireSignedIn } from "@/lib/core/session-ctx";

interface Props {
  params: Promise<{ namespace: string; kind: string; name: string }>;
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

const FORMATS = { openapi: "OpenAPI", asyncapi: "AsyncAPI", graphql: "GraphQL", grpc: "gRPC", other: "Text" };
const VIEWS = ["operations", "types", "text"] as const;

/** What an API offers, searchable, with the text of its definition beside; who provides and who uses it. */
export default async function ApiPage({ params, searchParams }: Props) {
  const ctx = await requireSignedIn();
  const [key, asked] = await Promise.all([params, searchParams]);
  const [entity, api] = await Promise.all([orNotFound(getEntity(ctx, key)), orNotFound(getApi(ctx, key))]);
  const q = text(asked.q) ?? "";
  const words = q.toLowerCase().split(/\s+/).filter(Boolean);
  const operations = api.operations.filter((one) => holdsWords(one, words));
  const types = api.types.filter((one) => holdsWords(one, words));
  const first = api.operations.length ? "operations" : api.types.length ? "types" : "text";
  const view = pick(asked.view, VIEWS) ?? first;
  const base = entityHref(entity.ref, "api");
  const link = (next: string) => `${base}?${new URLSearchParams({ view: next, ...(q ? { q } : {}) })}`;
  const shown = view === "types" ? types : operations;
  return (
    <div className="with-rail">
      <div className="stack-4">
        <div className="graph-bar">
          <ChoiceLinks
            label="View"
            choices={[
              { label: `Operations ${api.operations.length}`, href: link("operations"), current: view === "operations" },
              { label: `Types ${api.types.length}`, href: link("types"), current: view === "types" },
              { label: "Definition", href: link("text"), current: view === "text" },
            ]}
          />
          <span className="muted">
            {FORMATS[api.format]}
            {api.title && api.title !== entity.title ? `, ${api.title}` : ""}
            {api.version ? ` ${api.version}` : ""}
          </span>
        </div>
        {api.problem ? (
          <Notice tone="warning">
            The definition cannot be read as {FORMATS[api.format]}: {api.problem} It is shown as text.
          </Notice>
        ) : null}
        {view === "text" ? (
          api.text ? (
            <CodeEditor
              label={`Definition of ${entity.ref}`}
              value={api.text}
              language={/^\s*\{/.test(api.text) ? "json" : api.format === "openapi" || api.format === "asyncapi" ? "yaml" : "plain"}
              readOnly
            />
          ) : (
            <Empty title="It has no definition">Write it into spec.definition, or name a file beside catalog-info.yaml with $text.</Empty>
          )
        ) : (
          <>
            <FilterBar
              search={{ name: "q", placeholder: "Path, field, description" }}
              count={`${shown.length} of ${view === "types" ? api.types.length : api.operations.length}`}
            />
            {shown.length === 0 ? (
              <div className="table-wrap">
                {q ? (
                  <Empty title="Nothing here fits" action={<LinkButton href={`${base}?view=${view}`}>Clear the search</LinkButton>}>
                    The other view, or the definition itself, may hold it.
                  </Empty>
                ) : (
                  <Empty title={view === "types" ? "It describes no types" : "It describes no operations"}>The definition has the whole text.</Empty>
                )}
              </div>
            ) : view === "types" ? (
              <ApiTypes types={types} />
            ) : (
              <ApiOperations operations={operations} />
            )}
          </>
        )}
      </div>
      <aside className="stack-8">
        <RelationList
          title="Provided by"
          relations={entity.relations}
          types={["apiProvidedBy"]}
          moreHref={entityHref(entity.ref, "dependencies")}
          none="No component says that it provides it."
        />
        <RelationList
          title="Used by"
          relations={entity.relations}
          types={["apiConsumedBy"]}
          moreHref={entityHref(entity.ref, "dependencies")}
          none="No component says that it uses it."
        />
        {api.servers.length ? (
          <section>
            <div className="section-head">
              <h2>Servers</h2>
            </div>
            <ul className="list bare tight">
              {api.servers.map((server) => (
                <li key={server} className="mono">
                  {server}
                </li>
              ))}
            </ul>
          </section>
        ) : null}
      </aside>
    </div>
  );
}
