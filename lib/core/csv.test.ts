import fc from "fast-check";
import { expect, test } from "vitest";
import { parseCsv } from "./csv";

const quoted = (cell: string) => `"${cell.replaceAll('"', '""')}"`;
const cell = fc.string({ unit: fc.constantFrom("a", ",", '"', "\n", " ", "ü", "="), maxLength: 6 }).map((text) => `x${text}`);

test("what was written by the rules is read back, whatever is in a cell", () => {
  fc.assert(
    fc.property(fc.array(fc.array(cell, { minLength: 1, maxLength: 4 }), { maxLength: 6 }), fc.constantFrom("\n", "\r\n"), (rows, end) => {
      const text = rows.map((cells) => cells.map(quoted).join(",") + end).join("");
      expect(parseCsv(text).map(({ cells }) => cells)).toEqual(rows);
    }),
  );
});

test("lines keep their numbers over empty lines and cells of several lines; a mark of the byte order is no text", () => {
  expect(parseCsv('\ufeffa,b\r\n\r\n"1\n2",3\n,\n4,')).toEqual([
    { line: 1, cells: ["a", "b"] },
    { line: 3, cells: ["1\n2", "3"] },
    { line: 6, cells: ["4", ""] },
  ]);
});
