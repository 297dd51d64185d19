import fc from "fast-check";
import { expect, it } from "vitest";
import { TypedCopy } from "./typed-copy";

/** A browser's storage; `room` characters fit. */
function storage(room = Number.POSITIVE_INFINITY) {
  const items = new Map<string, string>();
  return {
    items,
    getItem: (key: string) => items.get(key) ?? null,
    removeItem: (key: string) => void items.delete(key),
    setItem: (key: string, value: string) => {
      if (value.length > room) throw new DOMException("full", "QuotaExceededError");
      items.set(key, value);
    },
  };
}

const left = { at: "2026-03-02T10:00:00.000Z", revision: 4, texts: [{ path: "template.yaml", text: "half a wo" }] };

it("gives back what was kept, whatever the texts are, and nothing once nothing is left", () => {
  const text = fc.record({ path: fc.string(), text: fc.string({ unit: "binary" }) });
  fc.assert(
    fc.property(fc.array(text, { minLength: 1 }), (texts) => {
      const copy = new TypedCopy("k", storage());
      copy.keep({ ...left, texts });
      expect(copy.read()).toEqual({ ...left, texts });
      copy.keep({ ...left, texts: [] });
      expect(copy.read()).toBeNull();
    }),
  );
});

it("takes what it did not write for nothing", () => {
  for (const found of ["", "{", "null", "7", "[]", '{"at":1}', '{"at":"x","revision":1,"texts":[{"path":1}]}', '{"at":"x","revision":"1","texts":[{"path":"a","text":"b"}]}']) {
    const full = storage();
    full.items.set("k", found);
    expect(new TypedCopy("k", full).read()).toBeNull();
  }
});

it("a browser that is full keeps none, and not what was typed before", () => {
  const small = storage(200);
  const copy = new TypedCopy("k", small);
  copy.keep(left);
  copy.keep({ ...left, texts: [{ path: "template.yaml", text: "x".repeat(300) }] });
  expect(copy.read()).toBeNull();
});
