"use client";

import dynamic from "next/dynamic";
import { Drawing } from "@/components/ui/drawing";
import type { GraphNode, GraphViewProps } from "./layout";

// The drawing surface is large and measures the browser, so it is loaded where a page shows a graph.
const GraphHost = dynamic(() => import("./graph-host").then((module) => module.GraphHost), { ssr: false, loading: () => <Drawing className="h-full" /> });

/** A graph around one node: what it needs to the right, what needs it to the left. */
export function GraphView(props: GraphViewProps) {
  return (
    <div className="graph" style={{ height: `clamp(320px, ${tallest(props.nodes) * ROW + 96}px, min(640px, 68dvh))` }}>
      <GraphHost {...props} />
    </div>
  );
}

const ROW = 60;

function tallest(nodes: GraphNode[]): number {
  const counts = new Map<number, number>();
  for (const { level } of nodes) counts.set(level, (counts.get(level) ?? 0) + 1);
  return Math.max(...counts.values(), 1);
}
