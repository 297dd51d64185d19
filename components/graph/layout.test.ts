import fc from "fast-check";
import { expect, test } from "vitest";
import { type GraphLink, type GraphNode, layOut, NODE_HEIGHT, NODE_WIDTH, nearest } from "./layout";

const node = (id: string, level: number): GraphNode => ({ id, title: id, caption: "", href: "/", level, look: level === 0 ? "root" : "plain" });
const graphs = fc.array(fc.integer({ min: -5, max: 5 }), { maxLength: 120 }).chain((levels) => {
  const nodes = [node("root", 0), ...levels.filter((level) => level !== 0).map((level, index) => node(`n${index}`, level))];
  const end = fc.nat(nodes.length - 1).map((index) => nodes[index]?.id ?? "root");
  return fc.record({
    nodes: fc.constant(nodes),
    links: fc.array(fc.record({ from: end, to: end, look: fc.constant("solid" as const), label: fc.constant("") }), { maxLength: 300 }),
  });
});

test("every node has a place, no two overlap, and what is needed lies to the right of what needs it", () => {
  fc.assert(
    fc.property(graphs, ({ nodes, links }) => {
      const places = layOut(nodes, links as GraphLink[]);
      expect(places.size).toBe(nodes.length);
      const all = [...places.values()];
      for (const [index, a] of all.entries()) for (const b of all.slice(index + 1)) expect(Math.abs(a.x - b.x) >= NODE_WIDTH || Math.abs(a.y - b.y) >= NODE_HEIGHT).toBe(true);
      for (const a of nodes) for (const b of nodes) if (a.level < b.level) expect(places.get(a.id)?.x).toBeLessThan(places.get(b.id)?.x ?? 0);
    }),
    { numRuns: 100 },
  );
});

test("the arrow keys reach every node from the root", () => {
  fc.assert(
    fc.property(graphs, ({ nodes, links }) => {
      const places = layOut(nodes, links as GraphLink[]);
      const reached = new Set(["root"]);
      const open = ["root"];
      for (let at = open.pop(); at; at = open.pop())
        for (const key of ["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown"]) {
          const next = nearest(places, at, key);
          if (next && !reached.has(next)) {
            reached.add(next);
            open.push(next);
          }
        }
      expect(reached.size).toBe(nodes.length);
    }),
    { numRuns: 50 },
  );
});
