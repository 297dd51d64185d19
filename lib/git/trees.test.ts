import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import { ensureBareRepository } from "./bare";
import { git, gitText } from "./run";
import { commitTree, readBlobs, readTreeFiles, type TreeFiles, writeBlobs, writeTree } from "./trees";

// Git itself is the oracle: what is written here has the ids that git gives it, and git reads it back.

const root = mkdtempSync(path.join(tmpdir(), "wm-trees-"));
const [ours, gits] = [path.join(root, "ours.git"), path.join(root, "gits.git")];

beforeAll(async () => {
  await ensureBareRepository(ours, "main");
  await ensureBareRepository(gits, "main");
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

const RUNS = { numRuns: 25 };
const part = fc.constantFrom("a", "a-b", "a.b", "a0", "ab", "B", "é", "x y", "lib", "lib.ts", "-rf", "a\\b");
const name = fc.array(part, { minLength: 1, maxLength: 3 }).map((parts) => parts.join("/"));
const mode = fc.constantFrom("100644", "100755", "120000");

async function gitTree(files: TreeFiles): Promise<string> {
  const env = { GIT_INDEX_FILE: path.join(root, `index-${Math.random()}`) };
  await git(["update-index", "-z", "--index-info"], { dir: gits, env, input: [...files].map(([file, { mode: bits, sha }]) => `${bits} ${sha}\t${file}\0`).join("") });
  return (await gitText(["write-tree", "--missing-ok"], { dir: gits, env })).trim();
}

it("contents have git's ids and come back byte for byte", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.uint8Array({ maxLength: 5_000 }).map(Buffer.from), { minLength: 1, maxLength: 20 }), async (contents) => {
      const ids = await writeBlobs(ours, contents);
      expect((await gitText(["hash-object", "--stdin"], { input: contents[0] ?? "" })).trim()).toBe(ids[0]);
      expect(await readBlobs(ours, ids)).toEqual(contents);
    }),
    RUNS,
  );
});

it("trees have git's ids, whatever the names, also where a file and a folder want the same one", async () => {
  await fc.assert(
    fc.asyncProperty(fc.uniqueArray(fc.tuple(name, mode), { selector: ([one]) => one, maxLength: 12 }), async (entries) => {
      const [sha = ""] = await writeBlobs(ours, [Buffer.from("x")]);
      const files: TreeFiles = new Map(entries.map(([file, bits]) => [file, { mode: bits, sha }]));
      const tree = await writeTree(ours, files);
      expect(tree).toBe(await gitTree(files));
      expect(await writeTree(ours, await readTreeFiles(ours, tree))).toBe(tree);
    }),
    RUNS,
  );
});

it("commits have git's ids, whatever people are called", async () => {
  const tree = await writeTree(ours, new Map());
  await gitTree(new Map());
  const person = fc.constantFrom("Ada", " Ada Lind. ", "<Ada>", "Ada\nbcc", "", "…", "Ö 'x'", "a, b;");
  await fc.assert(
    fc.asyncProperty(person, person, fc.string({ maxLength: 200 }), fc.integer({ min: 0, max: 4_000_000_000 }), async (author, email, text, seconds) => {
      const message = `${text.replaceAll("\0", "")}.`;
      const at = new Date(seconds * 1_000);
      const id = await commitTree(ours, { tree, parents: [], author: { name: author, email }, message, at });
      const date = `@${seconds} +0000`;
      const committer = { GIT_COMMITTER_NAME: "Waymark", GIT_COMMITTER_EMAIL: "waymark@localhost", GIT_COMMITTER_DATE: date };
      const clean = author.replace(/[\n<>\s.,:;"\\']/g, "") ? author : "Unknown";
      const theirs = await gitText(["commit-tree", tree], {
        dir: gits,
        input: message,
        env: { ...committer, GIT_AUTHOR_NAME: clean, GIT_AUTHOR_EMAIL: email, GIT_AUTHOR_DATE: date },
      });
      expect(id).toBe(theirs.trim());
    }),
    RUNS,
  );
});

it("a repository of them passes git's own check, and names that git refuses are refused", async () => {
  const [sha = ""] = await writeBlobs(ours, [Buffer.from("x")]);
  const tree = await writeTree(ours, new Map([["src/app.js", { mode: "100644", sha }]]));
  const commit = await commitTree(ours, { tree, parents: [], author: { name: "Ada", email: "ada@example.com" }, message: "One", at: new Date(0) });
  await git(["update-ref", "refs/heads/main", commit], { dir: ours });
  await git(["fsck", "--strict", "--no-dangling"], { dir: ours });
  for (const bad of ["", ".", "..", ".git/hooks/x", "a/.GIT/config", "a//b", "/a"])
    await expect(writeTree(ours, new Map([[bad, { mode: "100644", sha }]]))).rejects.toThrow(/no name/);
});
