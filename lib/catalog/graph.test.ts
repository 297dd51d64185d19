import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { db } from "@/db/client";
import { entityRelations } from "@/db/schema";
import { databaseNow } from "@/lib/core/ctx";
import { useOwnDatabase } from "@/tests/setup/own-database";
import { type GraphEdge, needsOf } from "./contract";
import { readGraph, withoutHidden } from "./graph";
import { registerEntities } from "./mutations";

useOwnDatabase();

const doc = (kind: string, name: string, spec = "") =>
  `apiVersion: backstage.io/v1alpha1\nkind: ${kind}\nmetadata: {name: ${name}}\nspec: {type: service, lifecycle: production, owner: x, system: shop${spec}${kind === "API" ? ", definition: x" : ""}}\n`;
const around = async (ref: string, options: Partial<Parameters<typeof readGraph>[2]> = {}) => {
  const graph = await readGraph(db(), ref, { depth: 10, direction: "both", parts: false, kinds: [], ...options });
  return { ...graph, seen: graph.nodes.map(({ ref: one, side, steps }) => `${side} ${steps} ${one.slice(one.indexOf("/") + 1)}`) };
};

beforeAll(async () => {
  const now = await databaseNow();
  const text = [
    doc("Component", "shop-ui", ", consumesApis: [orders-api], dependsOn: [component:flags]"),
    doc("API", "orders-api"),
    doc("Component", "orders", ", providesApis: [orders-api], dependsOn: [resource:orders-db, component:mail]"),
    doc("Component", "mail", ", dependsOn: [component:orders]"),
    doc("Component", "flags"),
    doc("Resource", "orders-db"),
    "apiVersion: backstage.io/v1alpha1\nkind: System\nmetadata: {name: shop}\nspec: {owner: x}\n",
  ].join("---\n");
  await db().transaction((tx) => registerEntities(tx, { text, file: "catalog-info.yaml", source: { type: "upload", label: "test" }, registeredBy: null, by: null, now }));
});

describe("the graph around an entity", () => {
  test("what breaks if it goes: over the API that it provides, through cycles, and nothing else", async () => {
    expect((await around("resource:default/orders-db", { direction: "needed-by" })).seen.sort(byStep)).toEqual([
      "root 0 orders-db",
      "needed-by 1 orders",
      "needed-by 2 mail",
      "needed-by 2 orders-api",
      "needed-by 3 shop-ui",
    ]);
  });

  test("both sides; what is on both is said to be", async () => {
    expect((await around("component:default/orders", { depth: 1 })).seen.sort(byStep)).toEqual(["root 0 orders", "both 1 mail", "needed-by 1 orders-api", "needs 1 orders-db"]);
  });

  test("a system needs its parts only where parts are asked for", async () => {
    expect((await around("system:default/shop", { direction: "needs", depth: 1 })).seen).toEqual(["root 0 shop"]);
    expect((await around("system:default/shop", { direction: "needs", depth: 1, parts: true })).nodes.length).toBe(7);
  });

  test("other kinds are passed through", async () => {
    const { seen, edges, hidden } = await around("component:default/orders", { direction: "needed-by", kinds: ["component"] });
    expect(seen.sort(byStep)).toEqual(["root 0 orders", "needed-by 1 mail", "needed-by 2 shop-ui"]);
    expect(hidden).toBe(1);
    expect(edges).toContainEqual({ from: "component:default/shop-ui", type: "through", to: "component:default/orders" });
  });

  test("at most 500, the nearest first, and says so", async () => {
    const rows = Array.from({ length: 700 }, (_, index) => ({
      originRef: "component:default/flags",
      fromRef: `component:default/user-${index}`,
      type: "dependsOn" as const,
      toRef: "component:default/flags",
    }));
    await db().insert(entityRelations).values(rows);
    const { nodes, isCut } = await around("component:default/flags");
    expect([nodes.length, isCut, nodes.filter(({ exists }) => exists).length > 0]).toEqual([500, true, true]);
  });
});

const byStep = (a: string, b: string) => Number(a.split(" ")[1]) - Number(b.split(" ")[1]) || (a < b ? -1 : 1);

test("hiding nodes keeps who needs whom, directly or through what is hidden, and invents nothing", () => {
  const node = fc.constantFrom("a", "b", "c", "d", "e", "f");
  const edge = fc.record({ from: node, type: fc.constantFrom<GraphEdge["type"]>("dependsOn", "providesApi", "partOf"), to: node });
  const reach = (edges: GraphEdge[], from: string, over: (at: string) => boolean) => {
    const found = new Set<string>();
    const open = [from];
    for (let at = open.pop(); at; at = open.pop())
      for (const [dependent, dependency] of edges.map(needsOf)) {
        if (dependent !== at || found.has(dependency)) continue;
        found.add(dependency);
        if (over(dependency)) open.push(dependency);
      }
    return found;
  };
  fc.assert(
    fc.property(fc.array(edge, { maxLength: 14 }), fc.uniqueArray(node), (edges, list) => {
      const hidden = new Set<string>(list);
      const kept = withoutHidden(edges, hidden);
      for (const { from, to } of kept) expect(hidden.has(from) || hidden.has(to)).toBe(false);
      for (const from of ["a", "b", "c", "d", "e", "f"].filter((one) => !hidden.has(one))) {
        const before = [...reach(edges, from, (at) => hidden.has(at))].filter((to) => !hidden.has(to) && to !== from).sort();
        const after = kept.map(needsOf).flatMap(([dependent, dependency]) => (dependent === from && dependency !== from ? [dependency] : []));
        expect([...new Set(after)].sort()).toEqual(before);
      }
    }),
  );
});
