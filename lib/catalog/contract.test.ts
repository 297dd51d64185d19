import { expect, test } from "vitest";
import { EntityListInput, entityHref, FacetInput, FindingListInput, GraphInput, INVERSE, kindWord, RELATION_TYPES, ReadingId, refName } from "./contract";
import { placeholderTargets } from "./import/placeholders";
import { wholeRef } from "./ref";

test("an entity has one page, whatever its name holds", () => {
  expect(entityHref("component:default/checkout-api")).toBe("/catalog/default/component/checkout-api");
  expect(entityHref("group:org/a b?c", "docs")).toBe("/catalog/org/group/a%20b%3Fc/docs");
  expect([refName("group:default/checkout"), kindWord("api"), kindWord("robot")]).toEqual(["checkout", "API", "robot"]);
});

test("every relation has a name from its other end", () => {
  expect(new Set(RELATION_TYPES.map((type) => INVERSE[type])).size).toBe(RELATION_TYPES.length);
});

test("what is asked for is limited", () => {
  expect(EntityListInput.safeParse({ limit: "201" }).success).toBe(false);
  expect(EntityListInput.safeParse({ colour: "red" }).success).toBe(false);
  expect(EntityListInput.parse({}).limit).toBe(50);
  expect(FacetInput.parse({}).facet).toBe("kind,type,owner,lifecycle");
  expect(GraphInput.safeParse({ kind: "a", namespace: "b", name: "c", depth: "11" }).success).toBe(false);
  expect(FindingListInput.safeParse({ cursor: "1; drop table" }).success).toBe(false);
  expect(ReadingId.safeParse({ run: "x".repeat(65) }).success).toBe(false);
});

test("a ref in an address is whole, and in lower case", () => {
  expect(wholeRef("Component:Default/Checkout-API")).toBe("component:default/checkout-api");
  expect(() => wholeRef("checkout-api")).toThrow("kind:namespace/name");
});

test("placeholders are found wherever they are", () => {
  expect(placeholderTargets({ spec: { definition: { $text: "./a.yaml" }, list: [{ $json: "b.json" }, { $text: 1 }, { $text: "x", other: 1 }] } })).toEqual(["a.yaml", "b.json"]);
});
