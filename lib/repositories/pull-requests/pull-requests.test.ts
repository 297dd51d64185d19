import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { and, desc, eq } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { db } from "@/db/client";
import { auditEvents, pullRequests, repositories, repositoryPushes, workers } from "@/db/schema";
import { databaseNow } from "@/lib/core/ctx";
import { env } from "@/lib/core/env";
import { newId } from "@/lib/core/id";
import { bareRepositoryDir, ensureBareRepository } from "@/lib/git/bare";
import { findRef } from "@/lib/git/refs";
import { executeRun } from "@/lib/runs/engine/execute";
import type { RunKind } from "@/lib/runs/engine/types";
import { readRun } from "@/lib/runs/read";
import { useOwnDatabase } from "@/tests/setup/own-database";
import { aPerson, aTeam, outcome, type SignedIn, signedIn } from "@/tests/setup/people";
import { hasMarkers } from "../contract";
import { loadPush } from "../pushes";
import { settlePushes } from "../settle";
import { followPullRequests } from "./follow-push";
import { editPullRequest, mergePullRequest, openPullRequest } from "./mutations";
import { listPullRequests, readPullRequest } from "./queries";
import { mergeRun } from "./run-merge";

useOwnDatabase();
const parent = mkdtempSync(path.join(tmpdir(), "pulls-"));
const kinds = new Map([[mergeRun.kind, mergeRun as unknown as RunKind]]);
let ada: SignedIn;
let bo: SignedIn;
let adaId = "";
let key = { owner: "checkout", name: "" };
let id = "";
let dir = "";
let work = "";
let count = 0;

beforeAll(async () => {
  env().dataDir = path.join(parent, "data");
  await aTeam("checkout");
  await aTeam("search");
  adaId = await aPerson("ada", { teams: { checkout: "member" } });
  ada = await signedIn(adaId);
  bo = await signedIn(await aPerson("bo", { teams: { search: "member" } }));
  await db().insert(workers).values({ id: "wrk_test", host: "test", pid: process.pid });
});
afterAll(() => rmSync(parent, { recursive: true, force: true }));

const git = (...args: string[]) =>
  execFileSync("git", ["-c", "user.name=Ada", "-c", "user.email=ada@example.com", ...args], { cwd: work, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim();

function write(files: Record<string, string>, message: string): string {
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(work, file)), { recursive: true });
    writeFileSync(path.join(work, file), text);
  }
  git("add", "-A");
  git("commit", "-q", "-m", message);
  return git("rev-parse", "HEAD");
}

/** Pushes and lets follow what a push is followed by, as the worker does. */
async function push(...args: string[]): Promise<void> {
  git("push", "-q", "origin", ...args);
  await settlePushes(id, ada);
  const rows = await db()
    .select({ id: repositoryPushes.id })
    .from(repositoryPushes)
    .where(eq(repositoryPushes.repositoryId, id))
    .orderBy(desc(repositoryPushes.createdAt))
    .limit(3);
  for (const row of rows) {
    const loaded = await loadPush(db(), row.id);
    if (loaded) await followPullRequests(loaded);
  }
}

beforeEach(async () => {
  count += 1;
  key = { owner: "checkout", name: `shop-${count}` };
  id = newId("repository");
  dir = bareRepositoryDir(id);
  work = path.join(parent, `work-${count}`);
  await db()
    .insert(repositories)
    .values({ id, ...key, provider: "waymark", status: "ready", cloneUrl: "x", webUrl: "y", teamId: "tea_checkout", createdAt: await databaseNow() });
  await ensureBareRepository(dir, "main");
  mkdirSync(work);
  git("init", "-q", "-b", "main");
  git("remote", "add", "origin", dir);
  write({ "a.txt": "one\ntwo\nthree\n" }, "First");
  await push("main");
});

async function branch(name: string, files: Record<string, string>, from = "main"): Promise<string> {
  git("checkout", "-q", "-b", name, from);
  const sha = write(files, `Change on ${name}`);
  await push(name);
  git("checkout", "-q", "main");
  return sha;
}

async function merged(number: number, more: { head?: string; deleteBranch?: boolean } = {}, by = ada) {
  const { run } = await mergePullRequest(by, { ...key, number, ...more });
  await executeRun(run.id, "wrk_test", kinds, new Map());
  return readRun(db(), run.id);
}

describe("a pull request", () => {
  it("is opened, shows what it changes, and is merged with a merge commit that is recorded as a push of the person", async () => {
    const head = await branch("side", { "b.txt": "new\n" });
    const base = git("rev-parse", "main");
    const opened = await openPullRequest(ada, { ...key, title: "Add b", body: "Because.", sourceBranch: "side" });
    expect(opened).toMatchObject({ number: 1, status: "open", targetBranch: "main", author: { handle: "ada" }, head, conflicts: [] });
    const read = await readPullRequest(bo, { ...key, number: 1 });
    expect([read.mergeState, read.commits.map(({ sha }) => sha), read.files?.map(({ path: file, added }) => [file, added]), read.checks.map(({ state }) => state)]).toEqual([
      "clean",
      [head],
      [["b.txt", 1]],
      ["passed"],
    ]);
    const run = await merged(1, { head });
    expect([run.status, run.outcome?.summary]).toEqual(["succeeded", expect.stringContaining("#1 is merged into main")]);
    const tip = (await findRef(dir, "refs/heads/main")) ?? "";
    git("fetch", "-q");
    expect(git("log", "-1", "--format=%P|%an|%s", tip)).toBe(`${base} ${head}|ada|Merge pull request #1: Add b`);
    expect(await findRef(dir, "refs/heads/side")).toBe(head);
    const [recorded] = await db()
      .select()
      .from(repositoryPushes)
      .where(and(eq(repositoryPushes.repositoryId, id), eq(repositoryPushes.after, tip)));
    expect(recorded).toMatchObject({ ref: "refs/heads/main", before: base, status: "recorded", pushedBy: adaId });
    const after = await readPullRequest(ada, { ...key, number: 1 });
    expect(after.pullRequest).toMatchObject({ status: "merged", mergeCommit: tip, endedBy: "ada" });
    expect(after.files?.map(({ path: file }) => file)).toEqual(["b.txt"]);
    const audited = await db().select({ name: auditEvents.name }).from(auditEvents).where(eq(auditEvents.targetId, opened.id));
    expect(audited.map(({ name }) => name).sort()).toEqual(["pull-request.merge", "pull-request.open"]);
  });

  it("changes with its branch, finds conflicts, and is merged once they are settled", async () => {
    await branch("side", { "a.txt": "one\nTWO\nthree\n" });
    await openPullRequest(ada, { ...key, title: "Louder", sourceBranch: "side" });
    write({ "a.txt": "one\n2\nthree\n" }, "Shorter");
    await push("main");
    const [row] = await db().select().from(pullRequests).where(eq(pullRequests.repositoryId, id));
    expect(row?.conflicts).toEqual(["a.txt"]);
    const read = await readPullRequest(ada, { ...key, number: 1 });
    expect([read.mergeState, read.checks[0]?.detail]).toEqual(["conflicts", "In conflict with main: a.txt. Merge main into side and push."]);
    await expect(mergePullRequest(ada, { ...key, number: 1 })).rejects.toThrow("In conflict with main: a.txt");
    git("checkout", "-q", "side");
    expect(() => git("merge", "-q", "main")).toThrow();
    const settled = write({ "a.txt": "one\nTWO 2\nthree\n" }, "Settle");
    await push("side");
    expect((await listPullRequests(ada, { ...key })).items[0]).toMatchObject({ head: settled, conflicts: [] });
    expect((await merged(1, { deleteBranch: true })).status).toBe("succeeded");
    expect(await findRef(dir, "refs/heads/side")).toBeNull();
  });

  it("never overwrites: what moved since is refused, and the branch that the merge lost to stays", async () => {
    const head = await branch("side", { "b.txt": "new\n" });
    await openPullRequest(ada, { ...key, title: "Add b", sourceBranch: "side" });
    git("checkout", "-q", "side");
    write({ "c.txt": "more\n" }, "More");
    await push("side");
    await expect(mergePullRequest(ada, { ...key, number: 1, head })).rejects.toThrow("moved to");
    const { run } = await mergePullRequest(ada, { ...key, number: 1 });
    write({ "d.txt": "late\n" }, "Late");
    await push("side");
    await executeRun(run.id, "wrk_test", kinds, new Map());
    expect((await readRun(db(), run.id)).outcome?.causeCode).toBe("moved");
    expect(await findRef(dir, "refs/heads/main")).toBe(git("rev-parse", "main"));
  });

  it("is merged by a push that holds its commits, and closed when its branch goes", async () => {
    await branch("side", { "b.txt": "new\n" });
    await branch("other", { "c.txt": "new\n" });
    await openPullRequest(ada, { ...key, title: "Add b", sourceBranch: "side" });
    await openPullRequest(ada, { ...key, title: "Add c", sourceBranch: "other" });
    git("merge", "-q", "--no-ff", "-m", "By hand", "side");
    await push("main", ":other");
    expect((await listPullRequests(ada, { ...key })).items.map(({ number, status }) => [number, status])).toEqual([
      [2, "closed"],
      [1, "merged"],
    ]);
    await push("main");
    await expect(editPullRequest(ada, { ...key, number: 2, status: "open" })).rejects.toThrow("There is no branch other");
  });

  it("waits as a draft, is closed and opened again, and refuses what cannot be", async () => {
    await branch("side", { "b.txt": "new\n" });
    await openPullRequest(ada, { ...key, title: "Add b", sourceBranch: "side", isDraft: true });
    await expect(mergePullRequest(ada, { ...key, number: 1 })).rejects.toThrow("It is a draft");
    expect((await editPullRequest(ada, { ...key, number: 1, isDraft: false })).isDraft).toBe(false);
    expect((await editPullRequest(ada, { ...key, number: 1, status: "closed" })).status).toBe("closed");
    await expect(mergePullRequest(ada, { ...key, number: 1 })).rejects.toThrow("It is closed");
    expect((await editPullRequest(ada, { ...key, number: 1, status: "open" })).status).toBe("open");
    const same = { ...key, title: "Again", sourceBranch: "side" };
    expect(await outcome(openPullRequest(ada, same))).toBe("conflict");
    expect(await outcome(openPullRequest(ada, { ...same, sourceBranch: "main" }))).toBe("invalid");
    expect(await outcome(openPullRequest(ada, { ...same, sourceBranch: "nowhere" }))).toBe("invalid");
    expect(await outcome(openPullRequest(ada, { ...same, sourceBranch: "--upload-pack=id" }))).toBe("invalid");
    expect(await outcome(openPullRequest(bo, same))).toBe("forbidden");
    expect(await outcome(mergePullRequest(bo, { ...key, number: 1 }))).toBe("forbidden");
    expect(await outcome(readPullRequest(bo, { ...key, number: 9 }))).toBe("not_found");
  });
});

describe("conflict markers", () => {
  it.each([
    ["a\n<<<<<<< yours\nb\n=======\nc\n>>>>>>> theirs\n", true],
    ["a\r\n<<<<<<< yours\r\nb\r\n=======\r\nc\r\n>>>>>>> theirs\r\n", true],
    ["Heading\n=======\ntext\n", false],
    [" <<<<<<< x\n=======\n>>>>>>> y\n", false],
  ])("of %j are seen: %s", (text, expected) => {
    expect(hasMarkers(text)).toBe(expected);
  });
});
