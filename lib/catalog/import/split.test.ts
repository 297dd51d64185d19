import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseYamlDocuments } from "@/lib/core/yaml";
import { readDocument } from "./read";
import { splitDocuments } from "./split";

const entity = (name: string) => `kind: Component\nmetadata:\n  name: ${name}\n`;
const linesOf = (text: string) => splitDocuments(text).map(({ firstLine, line }) => [firstLine, line]);

describe("the documents of a file", () => {
  test.each([
    ["nothing", "", []],
    ["comments and markers alone", "# a\n---\n# b\n--- # c\n...\n", []],
    ["one without a marker", "\n# a\nkind: X\n", [[1, 3]]],
    ["one on the line of its marker", "--- {kind: X}\n", [[1, 1]]],
    [
      "two with Windows line ends",
      "kind: X\r\n---\r\nkind: Y\r\n",
      [
        [1, 1],
        [2, 3],
      ],
    ],
    [
      "one after an end marker",
      "kind: X\n...\nkind: Y\n",
      [
        [1, 1],
        [3, 3],
      ],
    ],
    ["dashes inside of a text block", "a: |\n  ---\n  b\nc: ----\n", [[1, 1]]],
  ])("%s", (_name, text, lines) => {
    expect(linesOf(text)).toEqual(lines);
  });

  test("read apart they say what they say read together, at the same lines", () => {
    const value = fc.oneof(fc.string(), fc.constantFrom("---", "...", "a\n---\nb", "# x", "%YAML 1.2", "[", "{", "- x"), fc.integer(), fc.boolean());
    const document = fc.record({ kind: fc.constant("Component"), description: value, list: fc.array(value, { maxLength: 3 }) });
    fc.assert(
      fc.property(fc.array(document, { minLength: 1, maxLength: 5 }), (documents) => {
        const text = documents
          .map(
            (one) =>
              `${Object.entries(one)
                .map(([key, inner]) => `${key}: ${JSON.stringify(inner)}`)
                .join("\n")}\n`,
          )
          .join("---\n");
        const data = (one: ReturnType<typeof parseYamlDocuments>[number]) => ("source" in one ? [one.line, one.source.data] : [one.line, one.problem]);
        const apart = splitDocuments(text).flatMap((one) => parseYamlDocuments(one.text, "x", one.firstLine));
        expect(apart.map(data)).toEqual(parseYamlDocuments(text, "x").map(data));
      }),
    );
  });

  test("keep a broken one to itself", () => {
    const text = `${entity("first")}---\nkind: [\n---\n${entity("second")}---\n"open\n---\n${entity("third")}`;
    const read = splitDocuments(text).flatMap((one) => readDocument("f.yaml", one));
    expect(read.map((one) => ("draft" in one ? one.draft.ref : `${one.refusal.rule} ${one.refusal.line}`))).toEqual([
      "component:default/first",
      "unreadable 5",
      "component:default/second",
      "unreadable 11",
      "component:default/third",
    ]);
  });
});
