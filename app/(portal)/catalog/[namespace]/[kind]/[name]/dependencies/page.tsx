import { DependencyGraph } from "@/components/catalog/dependency-graph";
import { DependencyTable } from "@/components/catalog/dependency-table";
import { ImpactSummary } from "@/components/catalog/impact-summary";
import { ChoiceLinks } from "@/components/ui/choice-links";
import { Empty } from "@/components/ui/empty";
import { entityHref, KINDS, kindWord, MAX_GRAPH_DEPTH } from "@/lib/catalog/contract";
import { getEntityHead, getGraph } from "@/lib/catalog/queries";
import { orNotFound } from "@/lib/core/page";
import { pick, text } from "@/lib/core/search-params";
import { requireSignedIn } from "@/lib/core/session-ctx";

interface Props {
  params: Promise<{ namespace: string; kind: string; name: string }>;
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

const SHOWS = ["both", "needs", "impact"] as const;
const SHOW_WORDS = { both: "Both sides", needs: "What it needs", impact: "What breaks if it goes" };
const DEPTHS = ["1", "2", "3", "5", String(MAX_GRAPH_DEPTH)] as const;
const GRAPH_KINDS = ["component", "api", "resource", "system", "domain"];
/** What is made of parts is shown with them. */
const WHOLES = ["system", "domain", "group"];

/** Who needs whom around an entity, as a graph or a table; the whole view is in the address. */
export default async function EntityDependenciesPage({ params, searchParams }: Props) {
  const ctx = await requireSignedIn();
  const [key, asked] = await Promise.all([params, searchParams]);
  const { entity } = await orNotFound(getEntityHead(ctx, key));
  const show = pick(asked.show, SHOWS) ?? "both";
  const view = pick(asked.view, ["graph", "table"] as const) ?? "graph";
  const depth = pick(asked.depth, DEPTHS) ?? (show === "impact" ? String(MAX_GRAPH_DEPTH) : "2");
  const parts = pick(asked.parts, ["true", "false"] as const) ?? (WHOLES.includes(entity.kind) ? "true" : "false");
  const kinds = (text(asked.kinds) ?? "").split(",").filter((kind) => kind in KINDS);
  const direction = show === "impact" ? "needed-by" : show;
  const graph = await getGraph(ctx, { ...key, direction, depth: Number(depth), parts, kinds: kinds.join(",") });
  const chosen = Object.fromEntries(["show", "view", "depth", "parts", "kinds"].flatMap((name) => (text(asked[name]) ? [[name, text(asked[name]) ?? ""]] : [])));
  const base = entityHref(entity.ref, "dependencies");
  const link = (change: Record<string, string>, at = base) => {
    const query = new URLSearchParams(Object.entries({ ...chosen, ...change }).filter(([, value]) => value));
    return query.size ? `${at}?${query}` : at;
  };
  const toggled = (kind: string) => (kinds.includes(kind) ? kinds.filter((one) => one !== kind) : [...kinds, kind]).join(",");
  const isEmpty = graph.nodes.length === 1;
  const nothing = (
    <Empty title={show === "impact" ? `Nothing needs ${entity.title}` : show === "needs" ? `${entity.title} needs nothing` : `${entity.title} has no dependencies`}>
      {kinds.length || parts === "false" ? "With these choices. Other kinds, or systems and parts, may show more. " : ""}Add dependsOn, providesApis, consumesApis or system to its
      definition, or to that of the other side.
    </Empty>
  );
  return (
    <div className="stack-4">
      <div className="graph-bar">
        <ChoiceLinks label="What to show" choices={SHOWS.map((one) => ({ label: SHOW_WORDS[one], href: link({ show: one, depth: "" }), current: one === show }))} />
        <ChoiceLinks
          label="Steps"
          choices={DEPTHS.map((one) => ({
            label: Number(one) === MAX_GRAPH_DEPTH ? "All" : one,
            title: Number(one) === MAX_GRAPH_DEPTH ? `Up to ${one} steps` : `${one} ${one === "1" ? "step" : "steps"}`,
            href: link({ depth: one }),
            current: one === depth,
          }))}
        />
        <span className="grow" />
        <ChoiceLinks
          label="View"
          choices={(["graph", "table"] as const).map((one) => ({ label: one === "graph" ? "Graph" : "Table", href: link({ view: one }), current: one === view }))}
        />
      </div>
      <div className="graph-bar">
        <ChoiceLinks
          label="Kinds"
          choices={[
            { label: "All kinds", href: link({ kinds: "" }), current: kinds.length === 0 },
            ...GRAPH_KINDS.map((kind) => ({ label: kindWord(kind), href: link({ kinds: toggled(kind) }), current: kinds.includes(kind) })),
          ]}
        />
        <ChoiceLinks
          label="Systems and parts"
          choices={[
            {
              label: "Systems and parts",
              title: "A whole needs its parts: systems, domains, groups",
              href: link({ parts: parts === "true" ? "false" : "true" }),
              current: parts === "true",
            },
          ]}
        />
      </div>
      {show === "impact" ? <ImpactSummary title={entity.title} graph={graph} /> : null}
      {graph.isCut ? <p className="t-warning">More than 500 are in reach: the farthest are left out. Choose fewer steps.</p> : null}
      {isEmpty ? (
        <div className="table-wrap">{nothing}</div>
      ) : view === "graph" ? (
        <DependencyGraph title={entity.title} graph={graph} hrefs={Object.fromEntries(graph.nodes.map(({ ref }) => [ref, link({}, entityHref(ref, "dependencies"))]))} />
      ) : (
        <DependencyTable title={entity.title} graph={graph} />
      )}
      <p className="caption">
        {graph.nodes.length - 1} {graph.nodes.length === 2 ? "entity" : "entities"}
        {graph.hidden ? `, ${graph.hidden} of other kinds passed over` : ""}. Relations are what the definitions say.
      </p>
    </div>
  );
}
