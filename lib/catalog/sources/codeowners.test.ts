import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { owningTeam, parseCodeowners } from "./codeowners";
import { resolveInRepository } from "./reader";

const team = (text: string, file: string) => owningTeam(parseCodeowners(text), file);

describe("CODEOWNERS", () => {
  test.each([
    ["* @acme/a", "catalog-info.yaml", "acme/a"],
    ["* @acme/a", "x/y/catalog-info.yaml", "acme/a"],
    ["* @acme/a\n/svc/ @acme/b", "svc/pay/catalog-info.yaml", "acme/b"],
    ["/svc/ @acme/b\n* @acme/a", "svc/pay/catalog-info.yaml", "acme/a"],
    ["* @acme/a\nsvc @acme/b", "deep/svc/catalog-info.yaml", "acme/b"],
    ["* @acme/a\n/svc/* @acme/b", "svc/pay/catalog-info.yaml", "acme/a"],
    ["* @acme/a\n*.yaml @acme/platform", "catalog-info.yaml", "acme/a"],
    ["* @octo x@example.com @acme/a", "catalog-info.yaml", "acme/a"],
    ["* @acme/a\n/svc/", "svc/catalog-info.yaml", null],
    ["* @octo", "catalog-info.yaml", null],
    ["# * @acme/a\n\n* @acme/b # why", "catalog-info.yaml", "acme/b"],
    ["\uFEFF* @acme/a\r\n", "catalog-info.yaml", "acme/a"],
    ["!* @acme/a\n[ab] @acme/b\n\\#x @acme/c", "catalog-info.yaml", null],
    ["", "catalog-info.yaml", null],
  ])("%j gives %s to %s", (text, file, expected) => {
    expect(team(text, file)).toBe(expected);
  });

  test("of any text is read in little time, and names only what it holds", () => {
    fc.assert(
      fc.property(
        fc.string({ maxLength: 400, unit: fc.constantFrom(..."*/ @abc.#!\n[]{}()\\?+") }),
        fc.string({ maxLength: 60, unit: fc.constantFrom(..."ab/.*") }),
        (text, file) => {
          const begun = performance.now();
          const found = team(text, file);
          expect(performance.now() - begun).toBeLessThan(4_000);
          if (found !== null) expect(text).toContain(`@${found}`);
        },
      ),
    );
  });
});

describe("a target in a repository", () => {
  const page = "https://github.com/acme/shop";

  test("never leads out of it, whatever is written", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 80, unit: fc.constantFrom(..."./ab\\:%2e~-") }), fc.constantFrom("catalog-info.yaml", "a/b/c.yaml"), (target, from) => {
        const to = resolveInRepository(page, from, target);
        if (!("path" in to)) return;
        expect(to.path.startsWith("/")).toBe(false);
        expect(to.path.split("/")).not.toContain("..");
      }),
    );
  });

  test.each([
    ["./x.yaml", { path: "a/b/x.yaml" }],
    ["../x.yaml", { path: "a/x.yaml" }],
    ["/x.yaml", { path: "x.yaml" }],
    ["https://github.com/acme/shop/blob/main/docs/x.yaml", { path: "docs/x.yaml" }],
    ["https://github.com/ACME/shop/tree/main/x.yaml", { path: "x.yaml" }],
    ["https://github.com/acme/shop-two/blob/main/x.yaml", { url: "https://github.com/acme/shop-two/blob/main/x.yaml" }],
    ["https://github.com/acme/shop/blob/main/%2e%2e/%2e%2e/x", { refused: "it leads out of the repository" }],
    ["../../../x", { refused: "it leads out of the repository" }],
    ["file:///etc/passwd", { refused: "only https addresses are read" }],
    ["javascript:alert(1)", { refused: "only https addresses are read" }],
    ["c:\\windows", { refused: "only https addresses are read" }],
  ])("%s is %j", (target, expected) => {
    const to = resolveInRepository(page, "a/b/c.yaml", target);
    if ("refused" in expected) expect(Object.keys(to)[0] === "refused" || "url" in to).toBe(true);
    else expect(to).toEqual(expected);
  });
});
