import { z } from "zod";
import { EntityKey, listOf, type RelationType } from "./contract-key";

// Shapes of the dependency graph; seen from outside through contract.ts.

export const GRAPH_DIRECTIONS = ["both", "needs", "needed-by"] as const;
export type GraphDirection = (typeof GRAPH_DIRECTIONS)[number];
export const MAX_GRAPH_DEPTH = 10;

export const GraphInput = EntityKey.extend({
  depth: z.coerce.number().int().min(1).max(MAX_GRAPH_DEPTH).default(1),
  /** `needed-by` is what breaks if the entity goes. */
  direction: z.enum(GRAPH_DIRECTIONS).default("both"),
  /** Kinds to show, separated by commas; others are passed through. */
  kinds: listOf.default("").transform((text) =>
    text
      .toLowerCase()
      .split(",")
      .map((one) => one.trim())
      .filter(Boolean),
  ),
  /** Whether a whole needs its parts: systems, domains, groups. */
  parts: z.enum(["true", "false"]).default("true"),
});

/** In the forward direction of the relation; `through` leads from what needs to what it needs, over entities that are not shown. */
export interface GraphEdge {
  from: string;
  type: RelationType | "through";
  to: string;
}

export interface EntityGraph {
  root: string;
  nodes: {
    ref: string;
    kind: string;
    title: string;
    type: string | null;
    ownerRef: string | null;
    exists: boolean;
    /** How many relations away it is. */
    steps: number;
    /** Whether the root needs it, is needed by it, or both (a cycle). */
    side: "root" | "needs" | "needed-by" | "both";
    /** What it was reached from; null for the root. */
    via: string | null;
  }[];
  edges: GraphEdge[];
  /** More than 500 were in reach: the farthest are left out. */
  isCut: boolean;
  /** How many were left out because of their kind. */
  hidden: number;
}

/** Who needs whom, as [dependent, dependency]: an API needs what provides it, a whole its parts. */
export function needsOf({ from, type, to }: GraphEdge): [string, string] {
  return type === "providesApi" || type === "partOf" || type === "childOf" ? [to, from] : [from, to];
}
