import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { K } from "./contract";
import { type Counts, decide, isSafe, size, type TreeNode, totalsOf } from "./suppression";

const org = (...asked: number[]): TreeNode[] => [
  { id: "org", parentId: null, asked: asked.reduce((a, b) => a + b, 0) },
  ...asked.map((n, i) => ({ id: `team${i}`, parentId: "org", asked: n })),
];
const mixed = (n: number): Counts => ({ promoters: Math.ceil(n / 3), passives: Math.floor(n / 3), detractors: n - Math.ceil(n / 3) - Math.floor(n / 3) });
const states = (tree: TreeNode[], answers: Record<string, Counts>, k = K) => Object.fromEntries(decide(tree, new Map(Object.entries(answers)), k));

describe("what is shown", () => {
  it("a group under five is hidden, and the next smallest with it, so that subtraction finds no group under five", () => {
    const tree = org(20, 20, 9, 9);
    expect(states(tree, { team0: mixed(15), team1: mixed(12), team2: mixed(8), team3: mixed(3) })).toEqual({
      org: "shown",
      team0: "shown",
      team1: "shown",
      team2: "complement",
      team3: "few",
    });
  });

  it("two small groups that are five together hide each other", () => {
    expect(states(org(20, 9, 9), { team0: mixed(15), team1: mixed(3), team2: mixed(3) })).toMatchObject({ org: "shown", team0: "shown", team1: "few", team2: "few" });
  });

  it("fewer than five people asked are never shown, however many answers are claimed", () => {
    expect(states(org(4, 20), { team0: mixed(5), team1: mixed(12) })).toMatchObject({ team0: "few" });
  });

  it("a group that answered alike is not counted, and its siblings do not give it away", () => {
    expect(states(org(9, 9, 9), { team0: { promoters: 6 }, team1: mixed(7), team2: mixed(9) })).toEqual({ org: "shown", team0: "mostly", team1: "complement", team2: "shown" });
  });

  it("four of five alike are withheld like five of five: being withheld tells nothing", () => {
    expect(states(org(9), { team0: { promoters: 4, passives: 1 } })).toMatchObject({ team0: "mostly" });
  });

  it("a raised k hides what five would have shown, and what could be worked out of it", () => {
    const answers = { team0: mixed(15), team1: mixed(12), team2: mixed(8), team3: mixed(6) };
    expect(states(org(20, 20, 9, 9), answers, 7)).toMatchObject({ org: "shown", team2: "complement", team3: "few" });
    expect(states(org(20, 20, 9, 6), answers)).toMatchObject({ team2: "shown", team3: "shown" });
    expect(states(org(20, 20, 9, 9), answers, 42)).toEqual({ org: "few", team0: "few", team1: "few", team2: "few", team3: "few" });
  });

  it("nothing is shown without answers", () => {
    expect(states(org(9, 9), {})).toEqual({ org: "few", team0: "few", team1: "few" });
  });

  it("people who sit at the division itself count as a group of their own", () => {
    expect(states(org(9), { org: mixed(2), team0: mixed(8) })).toEqual({ org: "shown", team0: "complement" });
  });
});

interface Sample {
  tree: TreeNode[];
  direct: Map<string, Counts>;
}

/** Trees of up to nine nodes in any shape, with any answers at any node. */
const samples: fc.Arbitrary<Sample> = fc
  .array(fc.record({ parent: fc.nat(), counts: fc.tuple(fc.nat(9), fc.nat(9), fc.nat(9)), alike: fc.boolean(), silent: fc.nat(4) }), { minLength: 1, maxLength: 9 })
  .map((nodes) => {
    const tree: TreeNode[] = nodes.map((node, i) => ({ id: `n${i}`, parentId: i === 0 ? null : `n${node.parent % i}`, asked: 0 }));
    const direct = new Map(nodes.map(({ counts: [a, b, c], alike }, i): [string, Counts] => [`n${i}`, alike ? { promoters: a } : { promoters: a, passives: b, detractors: c }]));
    const answered = totalsOf(tree, direct);
    return { tree: tree.map((node, i) => ({ ...node, asked: size(answered.get(node.id) ?? {}) + (nodes[i]?.silent ?? 0) })), direct };
  });

/** Every vector over the nodes' own people that adding, subtracting or leaving out shown cells can give. */
function combinations(tree: TreeNode[], shown: string[]): Map<string, number>[] {
  const parents = new Map(tree.map((node) => [node.id, node.parentId]));
  const isWithin = (id: string | null, top: string): boolean => id !== null && (id === top || isWithin(parents.get(id) ?? null, top));
  let found: Map<string, number>[] = [new Map(tree.map((node) => [node.id, 0]))];
  for (const top of shown) {
    found = found.flatMap((vector) => [-1, 0, 1].map((factor) => new Map([...vector].map(([id, n]) => [id, n + (isWithin(id, top) ? factor : 0)]))));
  }
  return found;
}

describe("no sum of shown cells", () => {
  it("isolates fewer than k people, or people who answered alike", () => {
    fc.assert(
      fc.property(samples, fc.integer({ min: K, max: 12 }), ({ tree, direct }, k) => {
        const state = decide(tree, direct, k);
        const shown = tree.filter((node) => state.get(node.id) === "shown").map((node) => node.id);
        for (const vector of combinations(tree, shown.slice(0, 8))) {
          const isolated = tree.filter((node) => vector.get(node.id) !== 0).map((node) => direct.get(node.id) ?? {});
          const people = isolated.reduce((sum, counts) => sum + size(counts), 0);
          if (people > 0 && people < k) return false;
          const together = totalsOf([{ id: "all", parentId: null, asked: 0 }], new Map([["all", isolated.reduce(merge, {})]])).get("all") ?? {};
          if (!isSafe(together, k)) return false;
        }
        return true;
      }),
      { numRuns: 400 },
    );
  });

  it("is protected by hiding everything: where it can be shown, most is", () => {
    const tree = org(20, 20, 20, 20);
    const state = decide(tree, new Map([0, 1, 2, 3].map((i) => [`team${i}`, mixed(12 + i)])), K);
    expect([...state.values()].every((one) => one === "shown")).toBe(true);
  });
});

function merge(a: Counts, b: Counts): Counts {
  const sum = { ...a };
  for (const [answer, n] of Object.entries(b)) sum[answer] = (sum[answer] ?? 0) + n;
  return sum;
}
