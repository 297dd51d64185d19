import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { planDocs, techdocsFolder } from "./docs-plan";

const page = (path: string, text = `# ${path}`) => ({ path, text });
const titles = (files: { path: string; text: string }[], ref?: string) =>
  planDocs(files, ref).map(({ path, title, section }) => `${section ? `${section}: ` : ""}${title} (${path})`);

describe("documents of a repository", () => {
  const files = [
    page("docs/ops/run-book.md", "no heading"),
    page("docs/index.md", "# Welcome"),
    page("docs/zebra.md", "# Zebra"),
    page("README.md"),
    page("CHANGELOG.md"),
    page("lib/notes.md"),
  ];

  test("README, then index, then the pages of docs/ under their folders; nothing else", () => {
    expect(titles(files)).toEqual(["README (README.md)", "Welcome (docs/index.md)", "Zebra (docs/zebra.md)", "Ops: Run book (docs/ops/run-book.md)"]);
  });

  test("mkdocs.yml decides the order, titles and headings; what it forgets comes last", () => {
    const nav =
      "site_name: x\nmarkdown_extensions:\n  - emoji: {index: !!python/name:material.emoji.twemoji }\nnav:\n  - Home: index.md\n  - Guides:\n      - ops/run-book.md\n      - Missing: gone.md\n      - Out: ../../secret.md\n";
    expect(titles([...files, page("mkdocs.yml", nav)])).toEqual([
      "README (README.md)",
      "Home (docs/index.md)",
      "Guides: Run book (docs/ops/run-book.md)",
      "Other pages: Zebra (docs/zebra.md)",
    ]);
  });

  test("an annotation names another folder of the same repository", () => {
    const more = [...files, page("pkg/a/README.md"), page("pkg/a/mkdocs.yml", "docs_dir: pages\nnav: [intro.md]"), page("pkg/a/pages/intro.md", "# Intro")];
    expect(titles(more, "dir:./pkg/a")).toEqual(["README (pkg/a/README.md)", "Intro (pkg/a/pages/intro.md)"]);
    expect([techdocsFolder("dir:../.."), techdocsFolder("dir:/etc"), techdocsFolder("url:https://x.example"), techdocsFolder("dir:.")]).toEqual([null, "etc", null, "."]);
  });

  test("whatever the files are, each is taken once, and none from outside of the folder", () => {
    const names = fc.constantFrom("docs/a.md", "docs/b/c.md", "docs/../x.md", "README.md", "mkdocs.yml", "other/d.md", "docs/index.md");
    fc.assert(
      fc.property(fc.uniqueArray(names), fc.string({ maxLength: 60 }), fc.option(fc.string({ maxLength: 20 }), { nil: undefined }), (paths, text, ref) => {
        const planned = planDocs(
          paths.map((path) => page(path, text)),
          ref,
        ).map(({ path }) => path);
        expect(new Set(planned).size).toBe(planned.length);
        for (const path of planned) expect(paths).toContain(path);
      }),
    );
  });
});
