import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import fc from "fast-check";
import { afterAll, expect, it } from "vitest";
import { ensureBareRepository } from "./bare";
import { draftPack } from "./pack";
import { createBranch } from "./refs";
import { git, gitText } from "./run";
import { keepCommit, keepTree, readBlobs, type TreeFiles } from "./trees";

// Git itself is the oracle: it makes the same index of our pack, finds nothing wrong with it and reads the objects back.

const root = mkdtempSync(path.join(tmpdir(), "wm-pack-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const small = fc.uint8Array({ maxLength: 300 }).map(Buffer.from);
/** Sizes around the borders of the size's groups of bits, and what is compressed elsewhere. */
const sized = fc.constantFrom(0, 1, 15, 16, 2_047, 2_048, 16_383, 16_385, 300_000).map((size) => Buffer.alloc(size, `${size}.`));
const contents = fc.array(fc.oneof(small, sized), { minLength: 1, maxLength: 40 });
const author = { name: "Ada", email: "ada@example.com" };

let round = 0;
const packsOf = (dir: string) => readdirSync(path.join(dir, "objects", "pack")).sort();

it("git makes the same index of a pack, finds nothing wrong with it and reads everything back", async () => {
  await fc.assert(
    fc.asyncProperty(contents, async (files) => {
      const dir = path.join(root, `${round++}.git`);
      await ensureBareRepository(dir, "main");
      const pack = draftPack();
      const ids = await Promise.all(files.map((content) => pack.keep("blob", content)));
      const named: TreeFiles = new Map(ids.map((sha, index) => [`folder-${index % 3}/${index}`, { mode: "100644", sha }]));
      const commit = await keepCommit({ tree: await keepTree(named, pack.keep), parents: [], author, message: "First", at: new Date(0) }, pack.keep);
      expect(packsOf(dir)).toEqual([]);
      await pack.write(dir);
      await createBranch(dir, "main", commit);
      const [index = "", packed = ""] = packsOf(dir);
      const again = path.join(root, `${round}.idx`);
      await git(["index-pack", "-o", again, path.join(dir, "objects", "pack", packed)]);
      expect(readFileSync(again).equals(readFileSync(path.join(dir, "objects", "pack", index)))).toBe(true);
      await git(["fsck", "--strict", "--full"], { dir });
      expect(await readBlobs(dir, ids)).toEqual(files);
      expect((await gitText(["rev-parse", "main^{tree}"], { dir })).trim()).toMatch(/^[0-9a-f]{40}$/);
    }),
    { numRuns: 6 },
  );
});

it("the same objects give the same files again, whatever was left behind before, and none give none", async () => {
  const dir = path.join(root, "again.git");
  await ensureBareRepository(dir, "main");
  await draftPack().write(dir);
  expect(packsOf(dir)).toEqual([]);
  const once = async () => {
    const pack = draftPack();
    for (const text of ["a", "b", "a"]) await pack.keep("blob", Buffer.from(text));
    await pack.write(dir);
    return packsOf(dir);
  };
  const first = await once();
  expect(first).toHaveLength(2);
  rmSync(path.join(dir, "objects", "pack", first[0] ?? ""));
  expect(await once()).toEqual(first);
  await git(["fsck", "--strict"], { dir });
});
