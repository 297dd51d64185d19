import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { TemplateFiles } from "../archive";
import { mergeFiles } from "./merge-files";

const LABELS = { ours: "node-express 1.1.0", theirs: "proposal: more" };
const of = (texts: Record<string, string | Buffer>): TemplateFiles =>
  new Map(Object.entries(texts).map(([name, text]) => [name, { content: Buffer.from(text as string), mode: 0o644 }]));
const texts = (files: TemplateFiles) => Object.fromEntries([...files].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, { content }]) => [name, content.toString()]));

describe("mergeFiles", () => {
  it("takes what only one side changed, adds what either added, and merges lines apart from each other", async () => {
    const base = of({ "a.txt": "1\n2\n3\n4\n5\n", "b.txt": "b\n", "gone.txt": "x\n" });
    const ours = of({ "a.txt": "one\n2\n3\n4\n5\n", "b.txt": "b\n", "gone.txt": "x\n", "ours.txt": "o\n" });
    const theirs = of({ "a.txt": "1\n2\n3\n4\nfive\n", "b.txt": "other\n", "theirs.txt": "t\n" });
    const { files, conflicts } = await mergeFiles({ base, ours, theirs }, LABELS);
    expect(conflicts).toEqual([]);
    expect(texts(files)).toEqual({ "a.txt": "one\n2\n3\n4\nfive\n", "b.txt": "other\n", "ours.txt": "o\n", "theirs.txt": "t\n" });
  });

  it("tells every file that both changed, with markers that name the sides, and loses neither text", async () => {
    const { files, conflicts } = await mergeFiles(
      {
        base: of({ a: "1\n", b: "1\n", c: Buffer.from([0, 1]) }),
        ours: of({ a: "ours\n", c: Buffer.from([0, 2]) }),
        theirs: of({ a: "theirs\n", b: "2\n", c: Buffer.from([0, 3]) }),
      },
      LABELS,
    );
    expect(conflicts.map(({ path }) => path).sort()).toEqual(["a", "b", "c"]);
    expect(texts(files).a).toBe("<<<<<<< node-express 1.1.0\nours\n=======\ntheirs\n>>>>>>> proposal: more\n");
  });

  it("keeps whether a file can be executed", async () => {
    const script = (mode: number): TemplateFiles => new Map([["run.sh", { content: Buffer.from("1\n2\n3\n4\n5\n"), mode }]]);
    const theirs: TemplateFiles = new Map([["run.sh", { content: Buffer.from("1\n2\n3\n4\nfive\n"), mode: 0o755 }]]);
    const ours: TemplateFiles = new Map([["run.sh", { content: Buffer.from("one\n2\n3\n4\n5\n"), mode: 0o644 }]]);
    const { files } = await mergeFiles({ base: script(0o644), ours, theirs }, LABELS);
    expect(files.get("run.sh")).toEqual({ content: Buffer.from("one\n2\n3\n4\nfive\n"), mode: 0o755 });
  });

  it("is the other side where one left everything alone, and the same both ways without a conflict", async () => {
    const tree = fc.dictionary(
      fc.constantFrom("a", "b", "c/d"),
      fc.array(fc.constantFrom("x", "y", "z"), { maxLength: 6 }).map((lines) => lines.map((line) => `${line}\n`).join("")),
    );
    await fc.assert(
      fc.asyncProperty(tree, tree, tree, async (base, one, two) => {
        expect(texts((await mergeFiles({ base: of(base), ours: of(base), theirs: of(one) }, LABELS)).files)).toEqual(texts(of(one)));
        expect(texts((await mergeFiles({ base: of(base), ours: of(one), theirs: of(base) }, LABELS)).files)).toEqual(texts(of(one)));
        const [left, right] = [
          await mergeFiles({ base: of(base), ours: of(one), theirs: of(two) }, LABELS),
          await mergeFiles({ base: of(base), ours: of(two), theirs: of(one) }, LABELS),
        ];
        expect(left.conflicts.map(({ path }) => path).sort()).toEqual(right.conflicts.map(({ path }) => path).sort());
        if (left.conflicts.length === 0) expect(texts(left.files)).toEqual(texts(right.files));
      }),
      // Git calls this one clean and leaves markers in c/d.
      { numRuns: 25, examples: [[{ b: "x\n" }, { "c/d": "x\nx\n" }, { "c/d": "", b: "" }]] },
    );
  });
});
