import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { countChanges, type DiffLine, diffLines, hunks } from "./line-diff";

const side = (lines: DiffLine[], without: DiffLine["kind"]) =>
  lines
    .filter(({ kind }) => kind !== without)
    .map(({ text }) => `${text}\n`)
    .join("");
const text = fc.array(fc.constantFrom("a", "b", "c", "", "  d"), { maxLength: 30 }).map((lines) => lines.map((line) => `${line}\n`).join(""));

describe("diffLines", () => {
  it("holds both texts, whatever they are", () => {
    fc.assert(
      fc.property(text, text, (before, after) => {
        const lines = diffLines(before, after);
        expect(side(lines, "added")).toBe(before);
        expect(side(lines, "removed")).toBe(after);
        expect(lines.flatMap((line) => line.before ?? [])).toEqual(lines.flatMap((line) => line.before ?? []).map((_, index) => index + 1));
      }),
    );
  });

  it("changes nothing in equal texts, and no more than the longest common part demands", () => {
    fc.assert(
      fc.property(text, (same) => {
        expect(countChanges(diffLines(same, same))).toEqual({ added: 0, removed: 0 });
      }),
    );
    fc.assert(
      fc.property(text, text, (before, after) => {
        const [a, b] = [before.split("\n").slice(0, -1), after.split("\n").slice(0, -1)];
        const { added, removed } = countChanges(diffLines(before, after));
        expect(added + removed).toBe(a.length + b.length - 2 * commonLength(a, b));
      }),
    );
  });

  it("keeps three lines around a change", () => {
    const before = Array.from({ length: 30 }, (_, index) => `line ${index}`).join("\n");
    const found = hunks(diffLines(before, before.replace("line 10", "line ten").replace("line 28", "line 28 and more")));
    expect(found.map(({ lines }) => lines.length)).toEqual([8, 6]);
  });

  it("is quick for two long texts with nothing in common", () => {
    const long = (word: string) => Array.from({ length: 20_000 }, (_, index) => `${word} ${index}`).join("\n");
    expect(countChanges(diffLines(long("a"), long("b")))).toEqual({ added: 20_000, removed: 20_000 });
  });
});

/** The textbook table, as an oracle. */
function commonLength(a: string[], b: string[]): number {
  const table = Array.from({ length: a.length + 1 }, () => new Array<number>(b.length + 1).fill(0));
  for (let i = 1; i <= a.length; i += 1)
    for (let j = 1; j <= b.length; j += 1) {
      const row = table[i] ?? [];
      row[j] = a[i - 1] === b[j - 1] ? (table[i - 1]?.[j - 1] ?? 0) + 1 : Math.max(table[i - 1]?.[j] ?? 0, row[j - 1] ?? 0);
    }
  return table[a.length]?.[b.length] ?? 0;
}
