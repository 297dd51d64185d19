import { Empty } from "@/components/ui/empty";
import { Link } from "@/components/ui/link";
import { Table } from "@/components/ui/table";
import { type EntityGraph, entityHref, kindWord, needsOf, refName } from "@/lib/catalog/contract";

type GraphNode = EntityGraph["nodes"][number];

const NEEDS = { dependsOn: "depends on it", consumesApi: "uses it", providesApi: "is provided by it", partOf: "holds it", childOf: "holds it", through: "needs it over others" };
const NEEDED = { dependsOn: "is needed", consumesApi: "is used", providesApi: "provides it", partOf: "is part of it", childOf: "is part of it", through: "is needed over others" };
const SIDES = { root: "", needs: "is needed", "needed-by": "needs it", both: "needs it, and is needed" };

/** How a node stands to the root, in words: directly, or how far and over what. */
function standing(graph: EntityGraph, node: GraphNode): string {
  if (node.steps > 1) return `${SIDES[node.side]}, ${node.steps} steps${node.via && node.via !== graph.root ? ` over ${refName(node.via)}` : ""}`;
  const words = graph.edges.flatMap((edge) => {
    const [dependent, dependency] = needsOf(edge);
    if (dependent === node.ref && dependency === graph.root) return NEEDS[edge.type as keyof typeof NEEDS] ?? [];
    return dependent === graph.root && dependency === node.ref ? (NEEDED[edge.type as keyof typeof NEEDED] ?? []) : [];
  });
  return [...new Set(words)].join(", ") || SIDES[node.side];
}

/** A dependency graph as a table: the nearest first. */
export function DependencyTable({ title, graph, empty }: { title: string; graph: EntityGraph; empty?: React.ReactNode }) {
  const columns = [
    { key: "name", title: "Name" },
    { key: "standing", title: `To ${title}` },
    { key: "kind", title: "Kind", className: "desk-cell" },
    { key: "owner", title: "Owner", className: "end" },
  ];
  const others = graph.nodes.filter(({ side }) => side !== "root").sort((a, b) => a.steps - b.steps || (a.title < b.title ? -1 : 1));
  const rows = others.map((node) => ({
    key: node.ref,
    cells: {
      name: node.exists ? (
        <Link className="name" href={entityHref(node.ref)} title={node.ref}>
          {node.title}
        </Link>
      ) : (
        <span title={node.ref}>
          {node.title} <span className="t-warning">not in the catalog</span>
        </span>
      ),
      standing: standing(graph, node),
      kind: node.type ? `${kindWord(node.kind)}, ${node.type}` : kindWord(node.kind),
      owner: node.ownerRef ? <Link href={entityHref(node.ownerRef)}>{refName(node.ownerRef)}</Link> : null,
    },
  }));
  return <Table caption={`Dependencies of ${title}`} columns={columns} rows={rows} empty={empty ?? <Empty title="Nothing here">No relation leads anywhere.</Empty>} />;
}
