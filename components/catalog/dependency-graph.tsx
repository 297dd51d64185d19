"use client";

import { GraphView } from "@/components/graph/graph-view";
import type { GraphLink, GraphNode } from "@/components/graph/layout";
import { type EntityGraph, type GraphEdge, kindWord, needsOf, refName } from "@/lib/catalog/contract";

const LOOKS: Record<GraphEdge["type"], Pick<GraphLink, "look" | "label">> = {
  dependsOn: { look: "solid", label: "depends on" },
  consumesApi: { look: "dashed", label: "uses" },
  providesApi: { look: "dashed", label: "provided by" },
  partOf: { look: "dotted", label: "holds" },
  childOf: { look: "dotted", label: "holds" },
  memberOf: { look: "dotted", label: "holds" },
  ownedBy: { look: "dotted", label: "owned by" },
  through: { look: "dotted", label: "through others" },
};

/** The nodes and links of a dependency graph; each node leads to the same view around itself. */
export function DependencyGraph({ title, graph, hrefs }: { title: string; graph: EntityGraph; hrefs: Record<string, string> }) {
  const nodes = graph.nodes.map(
    ({ ref, kind, title: name, type, ownerRef, exists, steps, side }): GraphNode => ({
      id: ref,
      title: name,
      caption: exists ? [type ?? kindWord(kind), ownerRef ? refName(ownerRef) : "no owner"].join(", ") : "not in the catalog",
      href: hrefs[ref] ?? "#",
      level: side === "needed-by" ? -steps : steps,
      look: side === "root" ? "root" : exists ? "plain" : "missing",
      icon: exists ? kind : undefined,
    }),
  );
  const links = graph.edges.map((edge): GraphLink => {
    const [from, to] = needsOf(edge);
    return { from, to, ...LOOKS[edge.type] };
  });
  return (
    <>
      <GraphView label={`Dependencies of ${title}`} nodes={nodes} links={links} />
      <ul className="graph-legend caption">
        <li>
          <i className="solid" /> depends on
        </li>
        <li>
          <i className="dashed" /> provides or uses an API
        </li>
        <li>
          <i className="dotted" /> holds, or leads there over others
        </li>
        <li>An arrow points at what is needed.</li>
      </ul>
    </>
  );
}
