import fc from "fast-check";
import { expect, test } from "vitest";
import { documentOf, withDocument } from "./document-text";

const doc = (name: string, more = "") => `kind: Component # why\nmetadata: {name: ${name}}\nspec: {type: service, lifecycle: production, owner: x}\n${more}`;

test("one document is replaced; comments, order and the other documents stay byte for byte", () => {
  const file = `# head\n---\n${doc("one")}---\n# about two\n${doc("two", "# tail\n")}--- # three\n${doc("three")}`;
  expect(documentOf(file, "component:default/two")).toBe(`# about two\n${doc("two", "# tail\n")}`);
  expect(withDocument(file, "component:default/two", "kind: Component\nmetadata: {name: two}\n")).toBe(
    `# head\n---\n${doc("one")}---\nkind: Component\nmetadata: {name: two}\n--- # three\n${doc("three")}`,
  );
  expect(withDocument(doc("one"), "component:default/one", `${doc("one")}# new`)).toBe(`${doc("one")}# new\n`);
  expect([withDocument(file, "component:default/four", "x"), withDocument(`${doc("one")}---\n${doc("one")}`, "component:default/one", "x")]).toEqual([null, null]);
});

test("a broken document is the one that is looked for, while it is the only one that cannot be read", () => {
  const broken = "kind: Component\nmetadata: {name: two\nspec: [\n";
  const file = `# head\n---\n${doc("one")}---\n${broken}`;
  expect(documentOf(file, "component:default/two")).toBe(broken);
  expect(withDocument(file, "component:default/two", doc("two"))).toBe(`# head\n---\n${doc("one")}---\n${doc("two")}`);
  expect(documentOf(`${file}---\n${broken}`, "component:default/two")).toBeNull();
  expect(documentOf(doc("one"), "component:default/two")).toBeNull();
});

test("replacing a document by itself changes nothing", () => {
  const names = fc.uniqueArray(fc.constantFrom("a", "b", "c", "d"), { minLength: 1 });
  fc.assert(
    fc.property(names, fc.boolean(), (list, hasHead) => {
      const file = `${hasHead ? "---\n" : ""}${list.map((name) => doc(name)).join("---\n")}`;
      for (const name of list) expect(withDocument(file, `component:default/${name}`, documentOf(file, `component:default/${name}`) ?? "")).toBe(file);
    }),
  );
});
