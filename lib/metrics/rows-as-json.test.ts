import { expect, test } from "vitest";
import { rowsAsJson } from "./rows-as-json";

test.each([
  ["a cut emoji", `${"a".repeat(3)}😀`.slice(0, 4), "aaa"],
  ["its second half", "😀b".slice(1), "b"],
  ["NUL", "a\u0000b", "ab"],
  ["a whole emoji beside NUL", "😀\u0000", "😀"],
  ["a text about an escape", "write \\ud83d or \\u0000", "write \\ud83d or \\u0000"],
])("%s comes out as Postgres can keep it", (_what, subject, kept) => {
  expect(JSON.parse(rowsAsJson([{ subject, n: 1, none: null }]))).toEqual([{ subject: kept, n: 1, none: null }]);
});
