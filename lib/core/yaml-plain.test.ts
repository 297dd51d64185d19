import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { stringify } from "yaml";
import { parseYaml } from "./yaml";
import { readPlainYaml } from "./yaml-plain";

// The library is the oracle: where a text is read as a plain one, it says the same, in the same lines.

type Path = (string | number)[];

function pathsIn(value: unknown, path: Path = []): Path[] {
  const inner = typeof value === "object" && value !== null ? Object.entries(value) : [];
  return [path, ...inner.flatMap(([key, one]) => pathsIn(one, [...path, Array.isArray(value) ? Number(key) : key]))];
}

/** True where it was read as plain; fails where the library reads something else. */
function agrees(text: string): boolean {
  const plain = readPlainYaml(text);
  if (!plain) return false;
  const source = parseYaml(text, "The document");
  expect(plain.data, text).toEqual(source.data);
  expect(JSON.stringify(plain.data), text).toBe(JSON.stringify(source.data));
  for (const path of pathsIn(source.data)) {
    for (const at of [path, [...path, "missing"]]) {
      expect([at, plain.lineOf(at)], text).toEqual([at, source.lineOf(at)]);
      expect([at, plain.keyLineOf(at)], text).toEqual([at, source.keyLineOf(at)]);
    }
  }
  return true;
}

const DOCUMENT = `---
# Who answers for it
apiVersion: backstage.io/v1alpha1
kind: Component
metadata:
  name: order-cart
  title: "Cart: \\"the\\" \\\\ basket\\n"
  description: 'Holds what people want to buy, until they do.'
  annotations:
    backstage.io/techdocs-ref: dir:.
    "github.com/project-slug": acme/order-cart
    'example.com/port': 8080
  tags: [java, tier1]
  links:
    - url: https://grafana.example.com/d/order-cart
      title: Dashboard

    -   title: Runbook
        url: https://wiki.example.com/#cart
  labels: {}
spec:
  type: service
  isPublic: true
  dependsOn:
  - resource:default/orders
  - component:ledger
  providesApis: []
  definition:
    $text: ./openapi.yaml
`;

it("reads a document as most are written", () => {
  expect(agrees(DOCUMENT)).toBe(true);
  expect(readPlainYaml(DOCUMENT, 100)?.keyLineOf(["spec", "dependsOn", 1])).toBe(100 + DOCUMENT.split("\n").indexOf("  - component:ledger"));
});

describe("leaves to the library", () => {
  it.each([
    ["", "nothing"],
    ["# only a comment", "nothing but a comment"],
    ["text", "a text"],
    ["- a", "a list"],
    ["a:", "no value"],
    ["a: ~", "nothing, as a sign"],
    ["a: Null", "nothing, as a word"],
    ["a: True", "yes and no in other letters"],
    ["true: a", "a key that is no text"],
    ["a: 1.10", "a number that is no whole one"],
    ["a: 0x1f", "a number of another base"],
    ["a: 0777", "a number that begins with 0"],
    ["a: |\n  b", "a text of several lines"],
    ["a: b\n  c", "a text that goes on"],
    ["a: 'b\n  c'", "a quote that goes on"],
    ["a: 'it''s'", "a quote in a quote"],
    ['a: "\\u0041"', "other escapes"],
    ["a: b: c", "a colon in a text"],
    ["a: b # c", "a comment behind a text"],
    ["a: [b, [c]]", "a list in a list"],
    ["a: {b: c}", "a map in one line"],
    ["a: &x b\nc: *x", "aliases"],
    ["a: !!str b", "tags"],
    ["a: b\na: c", "a key that is there twice"],
    ["__proto__: b", "a reserved key"],
    ["<<: b", "a merge key"],
    ["a:\tb", "tabs"],
    ["a: b\u00a0", "other blanks"],
    ["a: b\r\n", "other line ends"],
    ["a: b\n---\nc: d", "several documents"],
    ["a: b\n...\n", "the mark of an end"],
    ["%YAML 1.2\n---\na: b", "directives"],
    ["a:\n    b: c\n  d: e", "a step back to nowhere"],
    ["a: b\n- c", "a list where a key is due"],
    ["? a\n: b", "keys with a sign"],
  ])("%j: %s", (text) => {
    expect(readPlainYaml(text)).toBeNull();
  });
});

const word = fc.constantFrom(
  "a",
  "owner",
  "x-y",
  "a.b/c",
  "true",
  "null",
  "1",
  "1.5",
  "0x1",
  "2019-01-01",
  "http://x/y#z",
  "a: b",
  "a #b",
  "- a",
  "'",
  '"',
  "\\",
  "é ü",
  "",
  " ",
  "#",
  "[a]",
  "{",
  "@x",
  "team:default/x",
  "ends:",
);
const text = fc.array(word, { minLength: 1, maxLength: 3 }).map((words) => words.join(" "));
const key = fc.oneof({ weight: 6, arbitrary: fc.constantFrom("name", "spec", "tags", "$text", "backstage.io/ref", "x_y", "A") }, { weight: 1, arbitrary: text });
const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 4, depthSize: "small" },
    text,
    fc.constantFrom(true, false, null, 0, 7, -1, 1.5, 123_456),
    fc.array(tie("tree"), { maxLength: 3 }),
    fc.dictionary(key, tie("tree"), { maxKeys: 4 }),
  ),
}));

it("says what the library says of everything that it writes", () => {
  let plain = 0;
  const options = fc.record({
    indentSeq: fc.boolean(),
    singleQuote: fc.boolean(),
    lineWidth: fc.constantFrom(0, 20, 80),
    collectionStyle: fc.constantFrom("any" as const, "block" as const),
  });
  fc.assert(
    fc.property(fc.dictionary(key, tree, { minKeys: 1, maxKeys: 4 }), options, (data, how) => {
      if (agrees(stringify(data, how))) plain += 1;
    }),
    { numRuns: 1_000 },
  );
  expect(plain).toBeGreaterThan(100);
});

it("says what the library says of a document with anything changed in it", () => {
  const pieces = fc.constantFrom(..."\n,  ,: ,:,- ,#, #,',\",\\,[,],{,},&a,*a,!,|,>,?,%,@,\t,~,null,1,---,a,é".split(","));
  const edit = fc.record({ at: fc.nat(DOCUMENT.length), cut: fc.constantFrom(0, 0, 1, 2, 9), piece: pieces });
  let plain = 0;
  fc.assert(
    fc.property(fc.array(edit, { minLength: 1, maxLength: 3 }), (edits) => {
      const changed = edits.reduce((now, { at, cut, piece }) => now.slice(0, at) + piece + now.slice(at + cut), DOCUMENT);
      if (agrees(changed)) plain += 1;
    }),
    { numRuns: 1_000 },
  );
  expect(plain).toBeGreaterThan(100);
});
