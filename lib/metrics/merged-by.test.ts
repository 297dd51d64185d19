import { expect, it } from "vitest";
import type { GraphCommit } from "./attribute";
import { mergedBy } from "./merged-by";

/** `a: b c` is commit a with parents b and c. */
const graphOf = (text: string) =>
  new Map(
    text.split("\n").map((line): [string, GraphCommit] => {
      const [sha = "", rest = ""] = line.trim().split(":");
      return [sha, { sha, parents: rest.split(" ").filter(Boolean), known: true, authoredAt: null, paths: null, isBot: false }];
    }),
  );

it.each([
  ["a squashed change is of the line itself", "b: a\na:", "b", "a b", {}],
  ["commits of a branch came by its merge", "m: a y\ny: x\nx: a\na:", "m", "a x y m", { x: "m", y: "m" }],
  ["what a later merge reaches too is the earlier one's", "n: m z\nz: x\nm: a x\nx: a\na:", "n", "a x m z n", { x: "m", z: "n" }],
  ["the line merged into a branch stays the line's", "m: b y\ny: x b\nx: a\nb: a\na:", "m", "a b x y m", { x: "m", y: "m" }],
  ["a merge of three brings the commits of both", "m: a x y\nx: a\ny: a\na:", "m", "a x y m", { x: "m", y: "m" }],
  ["what was deployed before is nobody's", "m: a y\ny: x\nx: a\na:", "m", "y m", { y: "m" }],
  ["an unknown head brings nothing", "a:", "m", "m", {}],
])("%s", (_name, graph, head, fresh, expected) => {
  expect(Object.fromEntries(mergedBy(head, fresh.split(" "), graphOf(graph)))).toEqual(expected);
});
