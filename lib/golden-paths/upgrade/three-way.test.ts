import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ensureBareRepository } from "@/lib/git/bare";
import { readBlobs, type TreeFiles, writeBlobs } from "@/lib/git/trees";
import { hasMarkers } from "@/lib/repositories/contract";
import { mergeThreeWay } from "./three-way";

const parent = mkdtempSync(path.join(tmpdir(), "three-way-"));
const dir = path.join(parent, "r.git");
beforeAll(() => ensureBareRepository(dir, "main"));
afterAll(() => rmSync(parent, { recursive: true, force: true }));

type Texts = Record<string, string | Buffer>;
const MODES: Record<string, string> = { "run.sh": "100755" };

async function tree(texts: Texts): Promise<TreeFiles> {
  const names = Object.keys(texts);
  const shas = await writeBlobs(
    dir,
    names.map((name) => Buffer.from(texts[name] as string)),
  );
  return new Map(names.map((name, index) => [name, { mode: MODES[name] ?? "100644", sha: shas[index] ?? "" }]));
}

async function texts(files: TreeFiles): Promise<Texts> {
  const names = [...files.keys()].sort();
  const contents = await readBlobs(
    dir,
    names.map((name) => files.get(name)?.sha ?? ""),
  );
  return Object.fromEntries(names.map((name, index) => [name, contents[index]?.toString("latin1") ?? ""]));
}

async function merge(base: Texts, ours: Texts, theirs: Texts, isKept: (path: string) => boolean = () => false) {
  const sides = { base: await tree(base), ours: await tree(ours), theirs: await tree(theirs) };
  const merged = await mergeThreeWay(dir, { ...sides, isKept, labels: { ours: "main", theirs: "path 2.0.0" } });
  return { ...merged, texts: await texts(merged.files) };
}

const lines = (...list: string[]) => `${list.join("\n")}\n`;
const LONG = lines("a", "b", "c", "d", "e", "f", "g", "h", "i", "j");

describe("an upgrade of a file", () => {
  it.each<[what: string, base: Texts, ours: Texts, theirs: Texts, result: Texts, conflicts: string[], notes: string[]]>([
    ["nobody touched", { a: "1\n" }, { a: "1\n" }, { a: "2\n" }, { a: "2\n" }, [], []],
    ["that only the team changed", { a: "1\n" }, { a: "mine\n" }, { a: "1\n" }, { a: "mine\n" }, [], []],
    ["changed far apart", { a: LONG }, { a: LONG.replace("a", "A") }, { a: LONG.replace("j", "J") }, { a: LONG.replace("a", "A").replace("j", "J") }, [], []],
    ["both changed alike", { a: "1\n" }, { a: "2\n" }, { a: "2\n" }, { a: "2\n" }, [], []],
    ["that is new", { a: "1\n" }, { a: "1\n" }, { a: "1\n", b: "2\n" }, { a: "1\n", b: "2\n" }, [], []],
    ["that the team deleted", { a: "1\n", b: "2\n" }, { a: "1\n" }, { a: "1\n", b: "2\n" }, { a: "1\n" }, [], []],
    ["that the team deleted and the path changed", { a: "1\n", b: "2\n" }, { a: "1\n" }, { a: "1\n", b: "3\n" }, { a: "1\n" }, [], ["b stays-deleted"]],
    ["that the path deleted", { a: "1\n", b: "2\n" }, { a: "1\n", b: "2\n" }, { a: "1\n" }, { a: "1\n" }, [], []],
    ["that the path deleted and the team changed", { a: "1\n", b: "2\n" }, { a: "1\n", b: "mine\n" }, { a: "1\n" }, { a: "1\n", b: "mine\n" }, [], ["b stays-yours"]],
    ["that only the team has", { a: "1\n" }, { a: "1\n", own: "mine\n" }, { a: "2\n" }, { a: "2\n", own: "mine\n" }, [], []],
    ["that the path renamed while the team edited it", { old: LONG }, { old: LONG.replace("c", "C") }, { new: LONG }, { new: LONG.replace("c", "C") }, [], []],
    ["that is binary on both sides", { a: Buffer.from([0, 1]) }, { a: Buffer.from([0, 2]) }, { a: Buffer.from([0, 3]) }, { a: "\0\u0002" }, [], ["a stays-yours"]],
    ["where the path wants a folder", { a: "1\n" }, { a: "1\n", d: "mine\n" }, { a: "1\n", "d/e": "2\n" }, { a: "1\n", d: "mine\n" }, [], ["d stays-yours"]],
    ["where the path wants a file", { a: "1\n" }, { a: "1\n", "d/e": "mine\n" }, { a: "1\n", d: "2\n" }, { a: "1\n", "d/e": "mine\n" }, [], ["d stays-deleted"]],
  ])("%s", async (_what, base, ours, theirs, result, conflicts, notes) => {
    const merged = await merge(base, ours, theirs);
    expect(merged.texts).toEqual(result);
    expect(merged.conflicts.map(({ path: file }) => file)).toEqual(conflicts);
    expect(merged.notes.map(({ path: file, kind }) => `${file} ${kind}`)).toEqual(notes);
  });

  it("both changed in the same line gets markers that name the sides", async () => {
    const { texts: result, conflicts } = await merge({ a: "1\n" }, { a: "mine\n" }, { a: "2\n" });
    expect(conflicts).toEqual([{ path: "a", kind: "contents" }]);
    expect(result.a).toBe(lines("<<<<<<< main", "mine", "=======", "2", ">>>>>>> path 2.0.0"));
  });

  it("both added differently gets markers as well", async () => {
    const { texts: result, conflicts } = await merge({ x: "1\n" }, { x: "1\n", a: "mine\n" }, { x: "1\n", a: "2\n" });
    expect([conflicts, result.a]).toEqual([[{ path: "a", kind: "contents" }], lines("<<<<<<< main", "mine", "=======", "2", ">>>>>>> path 2.0.0")]);
  });

  it("keeps the executable bit", async () => {
    const { files } = await merge({ "run.sh": "1\n" }, { "run.sh": "1\n" }, { "run.sh": "2\n" });
    expect(files.get("run.sh")?.mode).toBe("100755");
  });
});

// Laws, on trees of up to five files with lines that are changed, added and removed on either side.
const names = fc.constantFrom("a", "b", "c/d", "c/e", "f");
const text = fc.array(fc.constantFrom("one", "two", "three", "four", "five"), { minLength: 1, maxLength: 6 }).map((list) => lines(...list));
const texty = fc.dictionary(names, text, { maxKeys: 5 });
const own = fc.dictionary(fc.constantFrom("own-1", "own/2"), fc.uuid(), { maxKeys: 2 });
const RUNS = { numRuns: 15 };

describe("an upgrade, whatever the trees", () => {
  it("gives the new version where the team changed nothing", async () => {
    await fc.assert(
      fc.asyncProperty(texty, texty, async (base, theirs) => {
        const merged = await merge(base, base, theirs);
        expect([merged.texts, merged.conflicts]).toEqual([theirs, []]);
      }),
      RUNS,
    );
  });

  it("changes nothing where the path changed nothing", async () => {
    await fc.assert(
      fc.asyncProperty(texty, texty, async (base, ours) => {
        const merged = await merge(base, ours, base);
        expect([merged.texts, merged.conflicts, merged.notes]).toEqual([ours, [], []]);
      }),
      RUNS,
    );
  });

  it("keeps every file that only the team has, gives the same again, and has markers exactly where it says so", async () => {
    await fc.assert(
      fc.asyncProperty(texty, texty, texty, own, async (base, ours, theirs, mine) => {
        const merged = await merge(base, { ...ours, ...mine }, theirs);
        expect(merged.texts).toMatchObject(mine);
        expect(Object.keys(ours).filter((name) => !(name in base) && !(name in theirs) && !(name in merged.texts))).toEqual([]);
        const again = await merge(base, { ...ours, ...mine }, theirs);
        expect(again.files).toEqual(merged.files);
        const marked = Object.keys(merged.texts).filter((name) => hasMarkers(String(merged.texts[name])));
        expect(marked).toEqual(merged.conflicts.map(({ path: file }) => file));
      }),
      RUNS,
    );
  });

  it("leaves what is kept exactly as it is, there or not", async () => {
    await fc.assert(
      fc.asyncProperty(texty, texty, texty, async (base, ours, theirs) => {
        const merged = await merge(base, ours, theirs, (name) => name.startsWith("c/"));
        const kept = (all: Texts) => Object.fromEntries(Object.entries(all).filter(([name]) => name.startsWith("c/")));
        expect(kept(merged.texts)).toEqual(kept(ours));
      }),
      RUNS,
    );
  });
});
