import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { db } from "@/db/client";
import { repositories } from "@/db/schema";
import { databaseNow } from "@/lib/core/ctx";
import { env } from "@/lib/core/env";
import { bareRepositoryDir, ensureBareRepository } from "@/lib/git/bare";
import { commitFolder } from "@/lib/git/commit-folder";
import { exportTree } from "@/lib/git/export";
import { findCommit } from "@/lib/git/read";
import { createToken } from "@/lib/identity/mutations";
import { useOwnDatabase } from "@/tests/setup/own-database";
import { aPerson, aTeam, signedIn } from "@/tests/setup/people";
import { until } from "@/tests/setup/until";
import { settlePushes } from "./settle";
import { serveGit } from "./stream";

// What an authenticated but hostile person may try on the git server.

useOwnDatabase();
const parent = mkdtempSync(path.join(tmpdir(), "git-hostile-"));
const ID = "rep_0000000000000000bb";
const never = new AbortController().signal;
const tokens: Record<string, string> = {};
let dir = "";
let first = "";

const git = (cwd: string, args: string[], input = "") =>
  execFileSync("git", ["-c", "user.name=Eve", "-c", "user.email=eve@example.com", ...args], { cwd, encoding: "utf8", input, stdio: ["pipe", "pipe", "ignore"] }).trim();

beforeAll(async () => {
  env().dataDir = path.join(parent, "data");
  await aTeam("checkout");
  for (const handle of ["eve", "bo"]) {
    const ctx = await signedIn(await aPerson(handle, { teams: { checkout: "member" } }));
    tokens[handle] = (await createToken(ctx, { name: "git", scopes: ["read", "repo:create"], ttl: "1d" })).token;
  }
  const now = await databaseNow();
  await db()
    .insert(repositories)
    .values({ id: ID, owner: "checkout", name: "shop", provider: "waymark", status: "ready", cloneUrl: "x", webUrl: "y", teamId: "tea_checkout", createdAt: now });
  dir = bareRepositoryDir(ID);
  mkdirSync(path.join(parent, "first"));
  writeFileSync(path.join(parent, "first", "README.md"), "# shop\n");
  await ensureBareRepository(dir, "main");
  first = await commitFolder(dir, path.join(parent, "first"), { branch: "main", author: { name: "A", email: "a@x" }, message: "First", at: now });
  await settlePushes(ID);
});

afterAll(() => rmSync(parent, { recursive: true, force: true }));

const pkt = (text: string) => `${(Buffer.byteLength(text) + 4).toString(16).padStart(4, "0")}${text}`;

/** One request to the git server as Next hands it to the route. */
function ask(handle: string, action: string, body?: BodyInit, signal: AbortSignal = never): Promise<Response> {
  const headers: Record<string, string> = { authorization: `Basic ${Buffer.from(`x:${tokens[handle]}`).toString("base64")}` };
  const isPost = body !== undefined;
  if (isPost) headers["content-type"] = `application/x-${action}-request`;
  const request = new Request(`http://localhost/git/checkout/shop.git/${action}`, {
    method: isPost ? "POST" : "GET",
    headers,
    signal,
    ...(isPost ? { body, duplex: "half" as const } : {}),
  });
  return serveGit(request, `checkout/shop.git/${action.split("?")[0]}`);
}

/** A pack of the objects, pushed as the branch: what no honest client sends. */
async function push(ref: string, commit: string, work: string): Promise<string> {
  const pack = execFileSync("git", ["pack-objects", "--stdout", "--revs", "-q"], { cwd: work, input: `${commit}\n` });
  const wish = `${"0".repeat(40)} ${commit} ${ref}\0report-status agent=evil`;
  const answer = await ask("eve", "git-receive-pack", new Uint8Array(Buffer.concat([Buffer.from(`${pkt(wish)}0000`), pack])));
  return answer.text();
}

/** A commit whose tree has an entry of this name, as `git mktree` lets one write it. */
function commitWith(work: string, mode: string, name: string): string {
  const blob = git(work, ["hash-object", "-w", "--stdin"], "[core]\n\tfsmonitor = touch /tmp/owned\n");
  const object = mode === "040000" ? git(work, ["mktree"], `100644 blob ${blob}\tconfig\n`) : blob;
  const tree = git(work, ["mktree"], `${mode} ${mode === "040000" ? "tree" : "blob"} ${object}\t${name}\n`);
  return git(work, ["commit-tree", tree, "-m", "evil"]);
}

describe("trees that lead out of the folder", () => {
  const EVIL: [string, string][] = [
    ["040000", ".git"],
    ["040000", ".GIT"],
    ["040000", ".."],
    ["100644", ".git"],
    ["040000", "git~1"],
  ];

  it.each(EVIL)("an entry %s %s is refused when it is pushed", async (mode, name) => {
    const work = path.join(parent, `push-${mode}-${Buffer.from(name).toString("hex")}`);
    mkdirSync(work);
    git(work, ["init", "-q"]);
    const answer = await push("refs/heads/evil", commitWith(work, mode, name), work);
    expect(answer).toMatch(/unpack|ng refs\/heads\/evil/);
    expect(answer).not.toContain("ok refs/heads/evil");
    expect(await findCommit(dir, "evil")).toBeNull();
  });

  it.each(EVIL)("an entry %s %s that came another way, as from a mirror, is never written", async (mode, name) => {
    const work = path.join(parent, `mirror-${mode}-${Buffer.from(name).toString("hex")}`);
    mkdirSync(work);
    git(work, ["init", "-q", "--bare"]);
    const commit = commitWith(work, mode, name);
    const out = path.join(work, "out", "inner");
    mkdirSync(out, { recursive: true });
    await expect(exportTree(work, commit, out, never)).rejects.toThrow();
    expect([readdirSync(out), readdirSync(path.dirname(out))]).toEqual([[], ["inner"]]);
  });
});

describe("requests that are no git client's", () => {
  it.each([
    ["an option as branch", `${"0".repeat(40)} ${"1".repeat(40)} --upload-pack=id`],
    ["a path as branch", `${"0".repeat(40)} ${"1".repeat(40)} refs/heads/../../config`],
    ["HEAD itself", `${"0".repeat(40)} ${"1".repeat(40)} HEAD`],
    ["a line break in the name", `${"0".repeat(40)} ${"1".repeat(40)} refs/heads/a\nb`],
  ])("%s is refused and makes nothing", async (_name, wish) => {
    const answer = await ask("eve", "git-receive-pack", `${pkt(`${wish}\0report-status`)}0000`);
    expect(await answer.text()).toContain("ng ");
    expect(await findCommit(dir, "main")).toBe(first);
    expect(readdirSync(dir).sort()).toEqual(["HEAD", "config", "objects", "refs"].filter((name) => existsSync(path.join(dir, name))).sort());
  });

  it("a list of wishes without end, a bad length and a truncated pack are refused", async () => {
    const endless = pkt(`${"0".repeat(40)} ${"1".repeat(40)} refs/heads/${"x".repeat(60)}\n`).repeat(3_000);
    expect((await ask("eve", "git-receive-pack", endless)).status).toBe(400);
    expect((await ask("eve", "git-receive-pack", "0003")).status).toBe(400);
    const cut = await ask("eve", "git-receive-pack", `${pkt(`${"0".repeat(40)} ${"1".repeat(40)} refs/heads/cut\0report-status`)}0000PACK`);
    expect(await cut.text()).not.toContain("ok refs/heads/cut");
    expect(await findCommit(dir, "cut")).toBeNull();
  });

  it("one person's stalled pushes leave room for the others", async () => {
    const abort = new AbortController();
    const stalled = Array.from({ length: 4 }, () => ask("eve", "git-receive-pack", new ReadableStream({ start: (control) => control.enqueue(Buffer.from("00")) }), abort.signal));
    const ended = Promise.allSettled(stalled);
    await until("eve's fifth request is refused", async () => (await ask("eve", "info/refs?service=git-upload-pack")).status === 429, 10_000);
    const others = await Promise.all(Array.from({ length: 4 }, () => ask("bo", "info/refs?service=git-upload-pack")));
    expect(others.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    for (const one of others) expect(await one.text()).toContain("refs/heads/main");
    abort.abort();
    await ended;
    await until(
      "eve is served again",
      async () => {
        const again = await ask("eve", "info/refs?service=git-upload-pack");
        await again.text();
        return again.status === 200;
      },
      10_000,
    );
  });
});
