import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ensureBareRepository, isBareRepository } from "./bare";
import { commitFolder } from "./commit-folder";
import { readDiff } from "./diff";
import { exportTree } from "./export";
import { readLog } from "./log";
import { isPushableRef, isRepositoryName } from "./names";
import { findCommit, listTree, readBlob } from "./read";
import { createBranch, findRef, listRefs } from "./refs";

const parent = mkdtempSync(path.join(tmpdir(), "git-test-"));
afterAll(() => rmSync(parent, { recursive: true, force: true }));
const never = new AbortController().signal;
const spec = { branch: "main", author: { name: "Ada <Lovelace>\n", email: "ada@example.com" }, message: 'First "commit"\n\nwith a body', at: new Date("2026-03-01T10:00:00Z") };

/** Plain git of the machine, as a person would use it. */
const plain = (cwd: string, ...args: string[]) =>
  execFileSync("git", ["-c", "user.name=Bo", "-c", "user.email=bo@example.com", ...args], { cwd, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });

function folder(name: string, files: Record<string, string | Buffer>): string {
  const dir = path.join(parent, name);
  for (const [file, content] of Object.entries(files)) {
    mkdirSync(path.join(dir, path.dirname(file)), { recursive: true });
    writeFileSync(path.join(dir, file), content);
  }
  return dir;
}

const FILES = {
  "README.md": "# hello\r\n",
  ".gitignore": "ignored.txt\n",
  "ignored.txt": "still there\n",
  'odd "name" ü.txt': "x",
  "src/run.sh": "#!/bin/sh\n",
  "src/data.bin": Buffer.from([0, 255, 10, 13]),
};

describe("a repository", () => {
  const dir = path.join(parent, "r.git");
  let first = "";
  beforeAll(async () => {
    await ensureBareRepository(dir, "main");
    const source = folder("source", FILES);
    chmodSync(path.join(source, "src/run.sh"), 0o755);
    first = await commitFolder(dir, source, spec);
  });

  it("is made again without harm, and holds no hooks", async () => {
    await ensureBareRepository(dir, "main");
    expect(await isBareRepository(dir)).toBe(true);
    expect(await findCommit(dir, "main")).toBe(first);
    expect(readdirSync(dir)).not.toContain("hooks");
  });

  it("gives the same commit for the same files, and leaves a branch alone that is there", async () => {
    const twin = path.join(parent, "twin.git");
    await ensureBareRepository(twin, "main");
    expect(await commitFolder(twin, path.join(parent, "source"), spec)).toBe(first);
    expect(await commitFolder(twin, folder("other", { a: "b" }), { ...spec, message: "another" })).toBe(first);
  });

  it("makes a branch once, also where refs are packed, and reads what git made", async () => {
    const refs = path.join(parent, "refs.git");
    await ensureBareRepository(refs, "main");
    const commit = await commitFolder(refs, path.join(parent, "source"), spec);
    await expect(createBranch(refs, "main", commit)).rejects.toThrow(/there already/);
    for (const name of ["next", "feature/a.b", "feature/c"]) await createBranch(refs, name, commit);
    const all = "feature/a.b feature/c main next";
    expect(plain(refs, "for-each-ref", "--format=%(refname:short)").split("\n").filter(Boolean).join(" ")).toBe(all);
    plain(refs, "pack-refs", "--all");
    for (const name of all.split(" ")) expect(await findRef(refs, `refs/heads/${name}`)).toBe(commit);
    await expect(createBranch(refs, "next", commit)).rejects.toThrow();
    await createBranch(refs, "late", commit);
    expect([await findRef(refs, "refs/heads/late"), await findRef(refs, "refs/heads/none")]).toEqual([commit, null]);
    expect(readdirSync(refs).filter((name) => name.startsWith("new-ref"))).toEqual([]);
    expect(plain(refs, "fsck", "--strict")).toBe("");
  });

  it("keeps every file byte for byte, ignored ones too, with the executable bit", async () => {
    const out = path.join(parent, "out");
    mkdirSync(out);
    await exportTree(dir, first, out, never);
    expect(Object.fromEntries(Object.keys(FILES).map((name) => [name, readFileSync(path.join(out, name))]))).toEqual(
      Object.fromEntries(Object.entries(FILES).map(([name, content]) => [name, Buffer.from(content)])),
    );
    expect(statSync(path.join(out, "src/run.sh")).mode & 0o111).not.toBe(0);
    expect(statSync(path.join(out, "README.md")).mode & 0o111).toBe(0);
    expect(plain(dir, "fsck", "--strict")).toBe("");
  });

  it("goes onto a commit: below a folder, in the place of what has its names, without what is taken out", async () => {
    const onto = path.join(parent, "onto.git");
    await ensureBareRepository(onto, "main");
    const base = await commitFolder(onto, folder("base", { "a/one": "1", "a/two": "2", b: "file", "gone/deep/x": "x", goner: "stays", keep: "k" }), spec);
    const change = folder("change", { a: "now a file", "b/inner": "now a folder", keep: "changed" });
    const made = await commitFolder(onto, change, { ...spec, branch: "next", onto: { commit: base, below: "", without: ["gone"] } });
    expect(plain(onto, "ls-tree", "-r", "--name-only", made).split("\n").filter(Boolean)).toEqual(["a", "b/inner", "goner", "keep"]);
    expect(plain(onto, "rev-parse", `${made}^`).trim()).toBe(base);
    const below = await commitFolder(onto, change, { ...spec, branch: "below", onto: { commit: base, below: "gone/deep", without: [] } });
    expect(plain(onto, "ls-tree", "-r", "--name-only", below, "gone/").split("\n").filter(Boolean)).toEqual(["gone/deep/a", "gone/deep/b/inner", "gone/deep/keep", "gone/deep/x"]);
    expect(plain(onto, "fsck", "--strict")).toBe("");
  });

  it("names author, dates and message as given", async () => {
    expect(await readLog(dir, { head: first, limit: 5 })).toEqual([
      {
        sha: first,
        parents: [],
        author: "Ada Lovelace",
        authorEmail: "ada@example.com",
        authoredAt: expect.stringMatching(/^2026-03-01T10:00:00/),
        committedAt: expect.stringMatching(/^2026-03-01T10:00:00/),
        message: spec.message,
        paths: Object.keys(FILES).sort(),
      },
    ]);
  });

  it("lists folders first and reads files by path", async () => {
    expect((await listTree(dir, first, ""))?.map((entry) => `${entry.type} ${entry.name} ${entry.size ?? ""}`)).toEqual([
      "folder src ",
      "file .gitignore 12",
      "file README.md 9",
      "file ignored.txt 12",
      'file odd "name" ü.txt 1',
    ]);
    expect((await readBlob(dir, first, "src/data.bin", 100))?.toString("hex")).toBe("00ff0a0d");
    expect(await readBlob(dir, first, "src/data.bin", 3)).toBeNull();
    expect(await readBlob(dir, first, "src", 100)).toBeNull();
    expect(await listTree(dir, first, "nowhere")).toBeNull();
  });

  it.each(["--upload-pack=id", "-h", "main^{/x}", "HEAD~1", "$(id)", "@{-1}", "../main", "main..main", "deadbee", "\n", ""])("finds no commit for %j", async (ref) => {
    expect(await findCommit(dir, ref)).toBeNull();
  });

  it("finds commits by branch, tag with slashes, and short id", async () => {
    const work = path.join(parent, "work");
    plain(parent, "clone", "-q", dir, work);
    writeFileSync(path.join(work, "a b.txt"), "one\ntwo\n");
    plain(work, "add", "-A");
    plain(work, "commit", "-q", "-m", "Second");
    plain(work, "checkout", "-q", "-b", "side", first);
    writeFileSync(path.join(work, "README.md"), "# side\n");
    plain(work, "commit", "-q", "-a", "-m", "Side\u0001\u0002 odd");
    plain(work, "checkout", "-q", "main");
    plain(work, "merge", "-q", "--no-ff", "-m", "Merge", "side");
    plain(work, "tag", "-a", "release/v1", "-m", "annotated");
    plain(work, "push", "-q", "origin", "main", "side", "--tags");
    const head = plain(work, "rev-parse", "HEAD").trim();
    expect([await findCommit(dir, "main"), await findCommit(dir, "release/v1"), await findCommit(dir, head.slice(0, 9)), await findCommit(dir, "refs/heads/main")]).toEqual([
      head,
      head,
      head,
      head,
    ]);
    const log = await readLog(dir, { head, limit: 10 });
    const found = new Map(log.map((commit) => [commit.message, [commit.parents.length, commit.paths]]));
    expect([log[0]?.message, log[3]?.message]).toEqual(["Merge", spec.message]);
    expect([found.get("Merge"), found.get("Side\u0001\u0002 odd"), found.get("Second")]).toEqual([
      [2, []],
      [1, ["README.md"]],
      [1, ["a b.txt"]],
    ]);
    expect((await readLog(dir, { head, base: first, limit: 10 })).length).toBe(3);
    expect((await readLog(dir, { head, limit: 10, path: "a b.txt" })).map((commit) => commit.message)).toEqual(["Second"]);
    const [second] = (await readLog(dir, { head, limit: 10, path: "a b.txt" })) ?? [];
    expect(await readDiff(dir, second?.sha ?? "")).toEqual([{ path: "a b.txt", status: "added", added: 2, removed: 0, isBinary: false, text: "@@ -0,0 +1,2 @@\n+one\n+two\n" }]);
    expect((await readDiff(dir, first))?.find((file) => file.path === "src/data.bin")).toMatchObject({ isBinary: true, status: "added" });
    expect((await readDiff(dir, head))?.map((file) => file.path)).toEqual(["README.md"]);
    expect((await listRefs(dir)).map((ref) => ref.name)).toEqual(["refs/heads/main", "refs/heads/side", "refs/tags/release/v1"]);
  });

  it("writes links of a commit as small files, so that nothing leads out of the folder", async () => {
    const work = path.join(parent, "work");
    symlinkSync("/etc/passwd", path.join(work, "link"));
    plain(work, "add", "-A");
    plain(work, "commit", "-q", "-m", "Link");
    plain(work, "push", "-q", "origin", "main");
    const out = path.join(parent, "out-link");
    mkdirSync(out);
    await exportTree(dir, (await findCommit(dir, "main")) ?? "", out, never);
    expect(readFileSync(path.join(out, "link"), "utf8")).toBe("/etc/passwd");
  });

  it("runs no hook and no command that a repository's own configuration names", async () => {
    const evil = path.join(parent, "evil.git");
    const mark = path.join(parent, "was-run");
    await ensureBareRepository(evil, "main");
    plain(evil, "config", "core.fsmonitor", `touch ${mark}`);
    plain(evil, "config", "core.hooksPath", path.join(evil, "h"));
    mkdirSync(path.join(evil, "h"));
    writeFileSync(path.join(evil, "h/reference-transaction"), `#!/bin/sh\ntouch ${mark}\n`, { mode: 0o755 });
    const commit = await commitFolder(evil, path.join(parent, "source"), spec);
    mkdirSync(path.join(parent, "out-evil"));
    await exportTree(evil, commit, path.join(parent, "out-evil"), never);
    expect(readdirSync(parent)).not.toContain("was-run");
  });
});

describe("names", () => {
  it.each(["shop", "a", "node-express", "A.b_c"])("takes the repository %s", (name) => expect(isRepositoryName(name)).toBe(true));
  it.each(["", ".", "..", "-rf", ".git", "a/b", "x.git", "a..b", "x".repeat(101), "a b", "ü", "a\n", "%2e"])("refuses the repository %j", (name) =>
    expect(isRepositoryName(name)).toBe(false),
  );
  it.each(["refs/heads/main", "refs/tags/v1.0", "refs/heads/feature/ü-1"])("takes the ref %s", (ref) => expect(isPushableRef(ref)).toBe(true));
  it.each([
    "HEAD",
    "refs/notes/x",
    "refs/heads/",
    "refs/heads/a..b",
    "refs/heads/a b",
    "refs/heads/.x",
    "refs/heads/a/.x",
    "refs/heads/x.lock",
    "refs/heads/x@{1}",
    "refs/heads/a\u0000",
    "refs/heads//a",
  ])("refuses the ref %j", (ref) => expect(isPushableRef(ref)).toBe(false));
  it("never takes a name that could be an option or leave its folder", () => {
    fc.assert(fc.property(fc.string({ maxLength: 120 }), (text) => !isRepositoryName(text) || (!text.startsWith("-") && !text.includes("/") && !text.includes(".."))));
  });
});
