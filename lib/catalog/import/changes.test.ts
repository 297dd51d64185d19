import fc from "fast-check";
import { expect, it } from "vitest";
import { changesBetween } from "./changes";

const service = { kind: "Component", metadata: { name: "cart", tags: ["go"] }, spec: { owner: "checkout", lifecycle: "production" } };

it("tells each value that is new, other or gone, by its path", () => {
  const now = { kind: "Component", metadata: { name: "cart", tags: ["go", "pci"], annotations: { "example.com/tier": "1" } }, spec: { owner: "payments" } };
  expect(changesBetween(service, now)).toEqual([
    { path: "metadata.tags", from: '["go"]', to: '["go","pci"]' },
    { path: "metadata.annotations", from: null, to: '{"example.com/tier":"1"}' },
    { path: "spec.owner", from: "checkout", to: "payments" },
    { path: "spec.lifecycle", from: "production", to: null },
  ]);
});

it("writes keys that are no plain words in brackets, and is not misled by names of prototypes", () => {
  const [before, after] = [{ annotations: { "a.b/c": "1" } }, { annotations: { "a.b/c": "2", constructor: "x" } }];
  expect(changesBetween(before, after).map(({ path }) => path)).toEqual(['annotations["a.b/c"]', "annotations.constructor"]);
});

it("finds nothing in the same document, whatever the order of its keys", () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (document) => {
      const turned = Object.fromEntries(Object.entries(document).reverse());
      expect(changesBetween(document, turned)).toEqual([]);
    }),
  );
});

it("finds something exactly where two documents differ", () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.jsonValue(), (a, b) => {
      const plain = (value: unknown) => JSON.parse(JSON.stringify(value));
      const isEqual = changesBetween(plain(a), plain(b)).length === 0;
      expect(isEqual).toBe(sorted(plain(a)) === sorted(plain(b)));
    }),
  );
});

const sorted = (value: unknown): string =>
  JSON.stringify(value, (_key, inner) => (inner && typeof inner === "object" && !Array.isArray(inner) ? Object.fromEntries(Object.entries(inner).sort()) : inner));
