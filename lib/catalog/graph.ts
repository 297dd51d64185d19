import { and, inArray, or } from "drizzle-orm";
import type { Connection } from "@/db/client";
import { entities, entityRelations } from "@/db/schema";
import { type EntityGraph, type GraphDirection, type GraphEdge, needsOf, type RelationType } from "./contract";

// Who needs whom. Every relation is read as "A needs B": a whole needs its parts, an API needs what provides it. So one walk
// forward finds what an entity needs, one walk back what breaks if it goes, and neither wanders off through a shared system.

const DOWN: RelationType[] = ["dependsOn", "consumesApi"];
const UP: RelationType[] = ["providesApi"];
const PARTS: RelationType[] = ["partOf", "childOf"];
const MAX_NODES = 500;
const MAX_ROWS = 2_000;

interface Wanted {
  depth: number;
  direction: GraphDirection;
  /** Also systems and their parts, domains and their systems, groups and their groups. */
  parts: boolean;
  /** Empty: all. Others are passed through and left out. */
  kinds: string[];
}

interface Seen {
  steps: number;
  side: EntityGraph["nodes"][number]["side"];
  via: string | null;
}

/** What an entity needs, or what needs it, within `depth` steps; at most 500 entities, nearest first. Cycles are fine. */
export async function readGraph(on: Connection, root: string, { depth, direction, parts, kinds }: Wanted): Promise<EntityGraph> {
  const seen = new Map<string, Seen>([[root, { steps: 0, side: "root", via: null }]]);
  const edges = new Map<string, GraphEdge>();
  const types = { down: DOWN, up: parts ? [...UP, ...PARTS] : UP };
  let isCut = false;
  for (const side of ["needs", "needed-by"] as const) {
    if (direction !== "both" && direction !== side) continue;
    isCut = (await walk(on, root, { side, depth, types, seen, edges })) || isCut;
  }
  const refs = [...seen.keys()];
  for (const edge of await edgesAmong(on, refs, [...types.down, ...types.up])) edges.set(keyOf(edge), edge);
  const nodes = await nodesOf(on, seen);
  const hidden = new Set(kinds.length ? nodes.filter(({ ref, kind }) => ref !== root && !kinds.includes(kind)).map(({ ref }) => ref) : []);
  const kept = nodes.filter(({ ref }) => !hidden.has(ref));
  return { root, nodes: kept, edges: withoutHidden([...edges.values()], hidden), isCut, hidden: hidden.size };
}

const keyOf = ({ from, type, to }: GraphEdge) => `${from} ${type} ${to}`;

interface Walk {
  side: "needs" | "needed-by";
  depth: number;
  types: { down: RelationType[]; up: RelationType[] };
  seen: Map<string, Seen>;
  edges: Map<string, GraphEdge>;
}

/** One walk, step by step; what the other walk has met as well is on both sides. Returns whether something was left out. */
async function walk(on: Connection, root: string, { side, depth, types, seen, edges }: Walk): Promise<boolean> {
  const own = new Set([root]);
  let frontier = [root];
  let isCut = false;
  for (let steps = 1; steps <= depth && frontier.length > 0; steps++) {
    const rows = await edgesFrom(on, frontier, side, types);
    isCut ||= rows.length >= MAX_ROWS;
    const next: string[] = [];
    for (const edge of rows) {
      const [dependent, dependency] = needsOf(edge);
      const [near, far] = side === "needs" ? [dependent, dependency] : [dependency, dependent];
      if (!own.has(far)) {
        const known = seen.get(far);
        if (!known && seen.size >= MAX_NODES) {
          isCut = true;
          continue;
        }
        own.add(far);
        next.push(far);
        seen.set(far, known ? { ...known, side: "both" } : { steps, side, via: near });
      }
      edges.set(keyOf(edge), edge);
    }
    frontier = next;
  }
  return isCut;
}

function edgesFrom(on: Connection, frontier: string[], side: "needs" | "needed-by", { down, up }: Walk["types"]): Promise<GraphEdge[]> {
  const { fromRef, toRef, type } = entityRelations;
  const [downEnd, upEnd] = side === "needs" ? [fromRef, toRef] : [toRef, fromRef];
  return on
    .selectDistinct({ from: fromRef, type, to: toRef })
    .from(entityRelations)
    .where(or(and(inArray(type, down), inArray(downEnd, frontier)), and(inArray(type, up), inArray(upEnd, frontier))))
    .orderBy(fromRef, type, toRef)
    .limit(MAX_ROWS);
}

function edgesAmong(on: Connection, refs: string[], types: RelationType[]): Promise<GraphEdge[]> {
  const { fromRef, toRef, type } = entityRelations;
  return on
    .selectDistinct({ from: fromRef, type, to: toRef })
    .from(entityRelations)
    .where(and(inArray(type, types), inArray(fromRef, refs), inArray(toRef, refs)))
    .limit(MAX_ROWS);
}

async function nodesOf(on: Connection, seen: Map<string, Seen>): Promise<EntityGraph["nodes"]> {
  const target = { ref: entities.ref, kind: entities.kind, title: entities.title, type: entities.type, ownerRef: entities.ownerRef };
  const known = new Map(
    (
      await on
        .select(target)
        .from(entities)
        .where(inArray(entities.ref, [...seen.keys()]))
    ).map((row) => [row.ref, row]),
  );
  return [...seen].map(([ref, place]) => {
    const found = known.get(ref);
    const kind = ref.slice(0, ref.indexOf(":"));
    return { ref, kind, title: ref.slice(ref.indexOf("/") + 1), type: null, ownerRef: null, ...found, exists: Boolean(found), ...place };
  });
}

/** The edges between what is shown; a way that leads over hidden entities becomes one edge of the type `through`. */
export function withoutHidden(edges: GraphEdge[], hidden: Set<string>): GraphEdge[] {
  if (hidden.size === 0) return edges;
  const shown = edges.filter(({ from, to }) => !hidden.has(from) && !hidden.has(to));
  const needs = new Map<string, string[]>();
  for (const edge of edges) {
    const [dependent, dependency] = needsOf(edge);
    needs.set(dependent, [...(needs.get(dependent) ?? []), dependency]);
  }
  const direct = new Set(shown.map((edge) => needsOf(edge).join(" ")));
  const starts = [...needs.keys()].filter((ref) => !hidden.has(ref));
  const through = starts.flatMap((from) => behind(from, needs, hidden).map((to): GraphEdge => ({ from, type: "through", to })));
  return [...shown, ...through.filter(({ from, to }) => !direct.has(`${from} ${to}`))];
}

/** What is reached from here over hidden entities only. */
function behind(from: string, needs: Map<string, string[]>, hidden: Set<string>): string[] {
  const passed = new Set<string>();
  const reached = new Set<string>();
  const open = (needs.get(from) ?? []).filter((ref) => hidden.has(ref));
  while (open.length > 0) {
    const at = open.pop() as string;
    if (passed.has(at)) continue;
    passed.add(at);
    for (const next of needs.get(at) ?? []) {
      if (hidden.has(next)) open.push(next);
      else if (next !== from) reached.add(next);
    }
  }
  return [...reached];
}
