import type { CellState } from "./contract";

// Which groups of a tree can be shown so that nobody can work out a small one.
//
// People sit at nodes of a tree (organisation → division → team). A reader knows the counts of every shown node and may add
// and subtract them. What such a sum can isolate is always made of *atoms*: the people of a shown node who are in none of the
// shown nodes below it. So the whole guarantee is a rule about atoms: each is empty, or
//   1. has at least k people, and
//   2. its answers are mixed: if (nearly) everybody in it answered alike, its counts would tell what each of them said.
// "Nearly" is 80 % below 10 answers and 90 % from there on; with only unanimous groups withheld, the withholding would tell.
//
// A node with fewer than k answers is `few`, one that is nearly unanimous is `mostly` (the answer is named, without numbers).
// From the deepest node up, as long as a shown node's atom breaks the rule, the smallest shown node directly below it is
// withheld too (`complement`), which adds its people to the atom. Two atoms that keep the rule keep it together, so nodes that
// were settled stay settled, and the loop ends at the latest when nothing below is shown.

export type Counts = Record<string, number>;

export interface TreeNode {
  id: string;
  parentId: string | null;
  asked: number;
}

const SMALL = 10;
const ALIKE_SMALL = 0.8;
const ALIKE = 0.9;

export const size = (counts: Counts) => Object.values(counts).reduce((sum, n) => sum + n, 0);

function add(a: Counts, b: Counts, sign: 1 | -1): Counts {
  const sum = { ...a };
  for (const [answer, n] of Object.entries(b)) sum[answer] = (sum[answer] ?? 0) + sign * n;
  return sum;
}

/** True when (nearly) everybody gave the same answer. */
function isAlike(counts: Counts): boolean {
  const n = size(counts);
  return Math.max(0, ...Object.values(counts)) >= n * (n < SMALL ? ALIKE_SMALL : ALIKE);
}

/** True when knowing these counts says nothing about a single person. */
export function isSafe(counts: Counts, k: number): boolean {
  const n = size(counts);
  return n === 0 || (n >= k && !isAlike(counts));
}

/** The answers of each node and everything below it. `direct` holds what the people sitting at the node itself answered. */
export function totalsOf(tree: TreeNode[], direct: Map<string, Counts>): Map<string, Counts> {
  const totals = new Map(tree.map((node) => [node.id, { ...direct.get(node.id) }]));
  for (const node of deepestFirst(tree)) {
    if (node.parentId) totals.set(node.parentId, add(totals.get(node.parentId) ?? {}, totals.get(node.id) ?? {}, 1));
  }
  return totals;
}

/** What may be shown of each node; see the head of this file. */
export function decide(tree: TreeNode[], direct: Map<string, Counts>, k: number): Map<string, CellState> {
  const totals = totalsOf(tree, direct);
  const state = new Map<string, CellState>(tree.map((node) => [node.id, firstState(node, totals.get(node.id) ?? {}, k)]));
  for (const node of deepestFirst(tree)) {
    if (state.get(node.id) !== "shown") continue;
    for (;;) {
      const below = shownBelow(tree, state, node.id);
      if (isSafe(atom(totals, node.id, below), k)) break;
      // Withholding a node that is fully split up below adds nobody, so one with people of its own goes first.
      const [next] = below
        .map((id) => ({ id, n: size(totals.get(id) ?? {}), own: size(atom(totals, id, shownBelow(tree, state, id))) }))
        .sort((a, b) => Number(a.own === 0) - Number(b.own === 0) || a.n - b.n || a.id.localeCompare(b.id));
      if (!next) break;
      state.set(next.id, "complement");
    }
  }
  return state;
}

function firstState(node: TreeNode, total: Counts, k: number): CellState {
  if (size(total) < k || node.asked < k) return "few";
  return isAlike(total) ? "mostly" : "shown";
}

function atom(totals: Map<string, Counts>, id: string, below: string[]): Counts {
  return below.reduce((rest, one) => add(rest, totals.get(one) ?? {}, -1), totals.get(id) ?? {});
}

/** The nearest shown nodes below a node. */
function shownBelow(tree: TreeNode[], state: Map<string, CellState>, id: string): string[] {
  return tree.filter((node) => node.parentId === id).flatMap((node) => (state.get(node.id) === "shown" ? [node.id] : shownBelow(tree, state, node.id)));
}

function deepestFirst(tree: TreeNode[]): TreeNode[] {
  const parents = new Map(tree.map((node) => [node.id, node.parentId]));
  const depth = (id: string | null): number => (id ? 1 + depth(parents.get(id) ?? null) : 0);
  return [...tree].sort((a, b) => depth(b.id) - depth(a.id));
}
