import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { safeReturnPath } from "./return-path";

const ORIGIN = "https://portal.example";

describe("the way back after a sign-in", () => {
  test.each([
    ["/", "/"],
    ["/runs?status=failed#x", "/runs?status=failed#x"],
    ["https://portal.example/runs", "/runs"],
    ["/a/../b", "/b"],
    ["/%2f%2fevil.example", "/%2f%2fevil.example"],
    ["/.//evil.example", "/"],
    ["https://portal.example/a/..//evil.example", "/"],
  ])("%j leads to %j", (wanted, expected) => expect(safeReturnPath(wanted, ORIGIN)).toBe(expected));

  const part = fc.constantFrom(
    "/",
    "\\",
    "//",
    "@",
    ":",
    "evil.example",
    "portal.example",
    "https",
    "javascript:",
    "%2f",
    "%5c",
    "\t",
    "\r\n",
    "\u0000",
    "?",
    "#",
    ".",
    "..",
    "[",
    "é",
    "／",
    " ",
  );
  test("whatever is asked for stays on our origin and begins with one slash", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(part, { maxLength: 8 }).map((parts) => parts.join("")),
          fc.array(part, { maxLength: 8 }).map((parts) => `${ORIGIN}${parts.join("")}`),
          fc.webUrl(),
        ),
        (wanted) => {
          const path = safeReturnPath(wanted, ORIGIN);
          expect(path.startsWith("/")).toBe(true);
          expect(path.startsWith("//")).toBe(false);
          expect(new URL(path, ORIGIN).origin).toBe(ORIGIN);
          expect(path).not.toMatch(/[\u0000-\u001f\\]/);
        },
      ),
      { numRuns: 2_000 },
    );
  });

  test.each([[undefined], [null], [5], [{}], [["/a"]], ["x".repeat(3_000)]])("%j is no path", (wanted) => expect(safeReturnPath(wanted, ORIGIN)).toBe("/"));
});
