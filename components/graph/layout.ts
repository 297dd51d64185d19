// Columns by distance from the root: what it needs to the right, what needs it to the left. Within a column the order follows
// the neighbours (barycenters, the second step of Sugiyama, Tagawa and Toda 1981). Linear in the edges, so that 500 nodes
// take milliseconds.

export interface GraphNode {
  id: string;
  title: string;
  caption: string;
  href: string;
  /** Distance from the root: negative to the left. */
  level: number;
  look: "root" | "plain" | "missing";
  icon?: string | undefined;
}

export interface GraphLink {
  from: string;
  to: string;
  look: "solid" | "dashed" | "dotted";
  label: string;
}

export interface GraphViewProps {
  label: string;
  nodes: GraphNode[];
  links: GraphLink[];
}

export const NODE_WIDTH = 208;
export const NODE_HEIGHT = 46;
const GAP_X = 88;
const GAP_Y = 14;
const SWEEPS = 4;

export interface Place {
  x: number;
  y: number;
}

/** The place of each node, the root's centre at 0, 0. Long columns are broken into several side by side. */
export function layOut(nodes: GraphNode[], links: GraphLink[]): Map<string, Place> {
  const columns = columnsOf(nodes);
  order(columns, neighbours(links));
  const perColumn = Math.max(10, Math.ceil(Math.sqrt(nodes.length) * 1.6));
  const places = new Map<string, Place>();
  let right = 0;
  let left = 0;
  for (const level of [...columns.keys()].sort((a, b) => Math.abs(a) - Math.abs(b) || a - b)) {
    const ids = columns.get(level) ?? [];
    for (let start = 0; start < ids.length; start += perColumn) {
      const part = ids.slice(start, start + perColumn);
      const x = level === 0 ? -NODE_WIDTH / 2 : level > 0 ? right : left - NODE_WIDTH;
      const step = NODE_WIDTH + (start + perColumn < ids.length ? GAP_X / 4 : GAP_X);
      if (level >= 0) right = x + step;
      if (level <= 0) left = level === 0 ? x - GAP_X : x - step + NODE_WIDTH;
      const top = -(part.length * (NODE_HEIGHT + GAP_Y) - GAP_Y) / 2;
      for (const [row, id] of part.entries()) places.set(id, { x, y: top + row * (NODE_HEIGHT + GAP_Y) });
    }
  }
  return places;
}

function columnsOf(nodes: GraphNode[]): Map<number, string[]> {
  const columns = new Map<number, string[]>();
  for (const node of [...nodes].sort((a, b) => (a.title < b.title ? -1 : 1))) columns.set(node.level, [...(columns.get(node.level) ?? []), node.id]);
  return columns;
}

function neighbours(links: GraphLink[]): Map<string, string[]> {
  const near = new Map<string, string[]>();
  const add = (a: string, b: string) => {
    const list = near.get(a);
    if (list) list.push(b);
    else near.set(a, [b]);
  };
  for (const { from, to } of links) {
    add(from, to);
    add(to, from);
  }
  return near;
}

/** Puts each node near the middle of its neighbours in the other columns, a few times from the inside to the outside. */
function order(columns: Map<number, string[]>, near: Map<string, string[]>): void {
  const levels = [...columns.keys()].sort((a, b) => Math.abs(a) - Math.abs(b));
  const position = new Map<string, number>();
  const number = (ids: string[]) => {
    for (const [index, id] of ids.entries()) position.set(id, index - ids.length / 2);
  };
  for (const ids of columns.values()) number(ids);
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    for (const level of sweep % 2 ? [...levels].reverse() : levels) {
      const ids = columns.get(level) ?? [];
      const own = new Set(ids);
      const middle = new Map(ids.map((id) => [id, mean((near.get(id) ?? []).flatMap((other) => (own.has(other) ? [] : (position.get(other) ?? [])))) ?? position.get(id) ?? 0]));
      ids.sort((a, b) => (middle.get(a) ?? 0) - (middle.get(b) ?? 0));
      number(ids);
    }
  }
}

const mean = (values: number[]): number | null => (values.length ? values.reduce((sum, value) => sum + value, 0) / values.length : null);

type Direction = "ArrowLeft" | "ArrowRight" | "ArrowUp" | "ArrowDown";

/** The node that lies nearest in this direction, or null. */
export function nearest(places: Map<string, Place>, from: string, direction: string): string | null {
  const at = places.get(from);
  const along: Record<Direction, (to: Place, at: Place) => [number, number]> = {
    ArrowLeft: (to, here) => [here.x - to.x, Math.abs(to.y - here.y)],
    ArrowRight: (to, here) => [to.x - here.x, Math.abs(to.y - here.y)],
    ArrowUp: (to, here) => [here.y - to.y, Math.abs(to.x - here.x)],
    ArrowDown: (to, here) => [to.y - here.y, Math.abs(to.x - here.x)],
  };
  const measure = along[direction as Direction];
  if (!at || !measure) return null;
  let best: string | null = null;
  let cost = Number.POSITIVE_INFINITY;
  for (const [id, place] of places) {
    const [ahead, aside] = measure(place, at);
    // Up and down stay in the column; left and right may go to any row.
    if (ahead <= 0 || (direction === "ArrowUp" || direction === "ArrowDown" ? aside > 1 : false)) continue;
    const price = ahead + aside * 0.5;
    if (price < cost) [best, cost] = [id, price];
  }
  return best;
}
