import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { Readable } from "node:stream";
import { promisify } from "node:util";
import { asc, eq } from "drizzle-orm";
import postgres from "postgres";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { db } from "@/db/client";
import { auditEvents, repositories, repositoryPushes } from "@/db/schema";
import { databaseNow } from "@/lib/core/ctx";
import { env } from "@/lib/core/env";
import { bareRepositoryDir, ensureBareRepository } from "@/lib/git/bare";
import { commitFolder } from "@/lib/git/commit-folder";
import { createToken } from "@/lib/identity/mutations";
import { useOwnDatabase } from "@/tests/setup/own-database";
import { aPerson, aTeam, signedIn } from "@/tests/setup/people";
import { settlePushes, settleRepositories } from "./settle";
import { serveGit } from "./stream";

const database = useOwnDatabase();
const run = promisify(execFile);
const parent = mkdtempSync(path.join(tmpdir(), "git-server-"));
const people: Record<string, string> = {};
let server: Server;
let port = 0;
const ID = "rep_0000000000000000aa";

beforeAll(async () => {
  env().dataDir = path.join(parent, "data");
  await aTeam("checkout");
  await aTeam("search");
  for (const [handle, team] of [
    ["ada", "checkout"],
    ["bo", "search"],
  ] as const) {
    people[`${handle}-id`] = await aPerson(handle, { teams: { [team]: "member" } });
    const ctx = await signedIn(people[`${handle}-id`] ?? "");
    for (const [name, scopes] of [
      ["full", ["read", "repo:create"]],
      ["read", ["read"]],
      ["other", ["env:write"]],
    ] as const)
      people[`${handle}-${name}`] = (await createToken(ctx, { name, scopes: [...scopes], ttl: "1d" })).token;
  }
  const now = await databaseNow();
  await db()
    .insert(repositories)
    .values({ id: ID, owner: "checkout", name: "shop", provider: "waymark", status: "ready", cloneUrl: "x", webUrl: "y", teamId: "tea_checkout", createdAt: now });
  mkdirSync(path.join(parent, "first"));
  writeFileSync(path.join(parent, "first", "README.md"), "# shop\n");
  await ensureBareRepository(bareRepositoryDir(ID), "main");
  await commitFolder(bareRepositoryDir(ID), path.join(parent, "first"), { branch: "main", author: { name: "A", email: "a@x" }, message: "First", at: now });
  await settlePushes(ID);
  server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  port = (server.address() as AddressInfo).port;
});

afterAll(() => {
  server.close();
  rmSync(parent, { recursive: true, force: true });
});

/** The queue belongs to the owner of the database: the portal's role may add to it and not read it. */
async function queuedPushes(): Promise<number> {
  const owner = postgres(database.current().url, { max: 1, onnotice: () => {} });
  const [row] = await owner`select count(*)::int as n from graphile_worker.jobs where task_identifier = 'repository.pushed'`;
  await owner.end();
  return row?.n;
}

/** Node's request as the web's, as Next hands it to a route. */
async function answer(request: import("node:http").IncomingMessage, response: import("node:http").ServerResponse) {
  const abort = new AbortController();
  response.on("close", () => abort.abort());
  const url = new URL(request.url ?? "/", `http://127.0.0.1:${port}`);
  const hasBody = request.method === "POST";
  const given = new Request(url, {
    method: request.method ?? "GET",
    headers: request.headers as Record<string, string>,
    signal: abort.signal,
    ...(hasBody ? { body: Readable.toWeb(request) as ReadableStream, duplex: "half" as const } : {}),
  });
  const answered = await serveGit(given, decodeURIComponent(url.pathname.replace(/^\/git\//, "")));
  response.writeHead(answered.status, Object.fromEntries(answered.headers));
  if (!answered.body) return response.end();
  for await (const chunk of answered.body as unknown as AsyncIterable<Uint8Array>) response.write(chunk);
  return response.end();
}

const address = (secret: string, name = "checkout/shop") => `http://any:${secret}@127.0.0.1:${port}/git/${name}.git`;

async function git(cwd: string, ...args: string[]): Promise<{ code: number; text: string }> {
  const options = { cwd, env: { PATH: process.env.PATH ?? "", HOME: parent, GIT_TERMINAL_PROMPT: "0", GIT_CONFIG_NOSYSTEM: "1", NODE_ENV: "test" as const }, maxBuffer: 1e8 };
  return run("git", ["-c", "user.name=Ada", "-c", "user.email=ada@example.com", "-c", "http.postBuffer=100000", ...args], options).then(
    ({ stdout, stderr }) => ({ code: 0, text: stdout + stderr }),
    (error: { code: number; stdout: string; stderr: string }) => ({ code: error.code, text: error.stdout + error.stderr }),
  );
}

async function clone(secret: string, name: string): Promise<string> {
  const dir = path.join(parent, name);
  expect(await git(parent, "clone", "-q", address(secret), dir)).toEqual({ code: 0, text: "" });
  return dir;
}

async function commit(dir: string, file: string, content: string | Buffer): Promise<string> {
  mkdirSync(path.dirname(path.join(dir, file)), { recursive: true });
  writeFileSync(path.join(dir, file), content);
  await git(dir, "add", "-A");
  await git(dir, "commit", "-q", "-m", `Change ${file}`);
  return (await git(dir, "rev-parse", "HEAD")).text.trim();
}

const pushes = () => db().select().from(repositoryPushes).where(eq(repositoryPushes.repositoryId, ID)).orderBy(asc(repositoryPushes.createdAt), asc(repositoryPushes.id));

describe("the git server", () => {
  it("asks for a token, and says where to get one", async () => {
    const answered = await fetch(`http://127.0.0.1:${port}/git/checkout/shop.git/info/refs?service=git-upload-pack`);
    expect([answered.status, answered.headers.get("www-authenticate"), await answered.text()]).toEqual([
      401,
      expect.stringContaining("Basic"),
      expect.stringContaining("under Account"),
    ]);
    expect((await git(parent, "clone", address("wrong"), "nope")).text).toContain("Authentication failed");
  });

  it("clones with both protocols for anybody who may read", async () => {
    const dir = await clone(people["bo-read"] ?? "", "by-bo");
    expect(readFileSync(path.join(dir, "README.md"), "utf8")).toBe("# shop\n");
    expect(await git(parent, "-c", "protocol.version=0", "clone", "-q", address(people["ada-full"] ?? ""), "v0")).toMatchObject({ code: 0 });
    expect(await git(parent, "clone", "-q", "--depth", "1", "--filter=blob:none", address(people["ada-full"] ?? ""), "shallow")).toMatchObject({ code: 0 });
    const refused = await git(parent, "clone", address(people["ada-other"] ?? ""), "nope");
    expect(refused).toMatchObject({ code: 128, text: expect.stringContaining("lacks the scope read") });
  });

  it("records a push once, with who pushed, and tells those who follow", async () => {
    const dir = await clone(people["ada-full"] ?? "", "by-ada");
    const [before] = await pushes();
    const head = await commit(dir, "src/a.js", "1\n");
    expect((await git(dir, "push", "-q", "origin", "main")).text).toBe("");
    const all = await pushes();
    expect(all).toHaveLength(2);
    expect(all[1]).toMatchObject({ ref: "refs/heads/main", before: before?.after, after: head, pushedBy: people["ada-id"], status: "recorded" });
    await settlePushes(ID);
    await settleRepositories();
    expect(await pushes()).toHaveLength(2);
    expect(await queuedPushes()).toBe(2);
    const audit = await db().select().from(auditEvents).where(eq(auditEvents.name, "repository.push")).orderBy(asc(auditEvents.at), asc(auditEvents.id));
    expect(audit.at(-1)).toMatchObject({ result: "done", actorLabel: "ada", targetLabel: "checkout/shop", detail: { ref: "main", after: head } });
  });

  it("takes large, compressed and branching pushes, tags and deletions", async () => {
    const dir = path.join(parent, "by-ada");
    await git(dir, "checkout", "-q", "-b", "feature/big");
    await commit(dir, "big.bin", randomBytes(14 * 1024 * 1024));
    await git(dir, "tag", "-a", "v1", "-m", "one");
    expect(await git(dir, "push", "-q", "origin", "feature/big", "v1")).toMatchObject({ code: 0 });
    expect(await git(dir, "push", "-q", "origin", ":feature/big")).toMatchObject({ code: 0 });
    const refs = (await pushes()).map((push) => [push.ref, push.after === null, push.status]);
    expect(refs).toEqual(
      expect.arrayContaining([
        ["refs/heads/feature/big", false, "recorded"],
        ["refs/heads/feature/big", true, "recorded"],
        ["refs/tags/v1", false, "recorded"],
      ]),
    );
    await git(dir, "checkout", "-q", "main");
  });

  it("keeps the history of the default branch, and lets other branches be rewritten", async () => {
    const dir = path.join(parent, "by-ada");
    await git(dir, "checkout", "-q", "-b", "side");
    await commit(dir, "side.txt", "1");
    expect(await git(dir, "push", "-q", "origin", "side")).toMatchObject({ code: 0 });
    await git(dir, "commit", "-q", "--amend", "-m", "other");
    expect(await git(dir, "push", "-q", "--force", "origin", "side")).toMatchObject({ code: 0 });
    const count = (await pushes()).length;
    expect(await git(dir, "push", "-q", "--force", "origin", "HEAD~1:main", "HEAD:refs/heads/main2")).toMatchObject({ code: 0 });
    await git(dir, "checkout", "-q", "main");
    await git(dir, "commit", "-q", "--amend", "-m", "rewritten");
    expect((await git(dir, "push", "--force", "origin", "main")).text).toContain("remote rejected");
    expect((await git(dir, "push", "origin", ":main")).text).toContain("remote rejected");
    const after = await pushes();
    expect(
      after
        .filter((push) => push.status === "recorded")
        .slice(count)
        .map((push) => push.ref),
    ).toEqual(["refs/heads/main2"]);
    await git(dir, "reset", "-q", "--hard", "origin/main");
  });

  it.each(["refs/notes/x", "refs/heads/a..b", "refs/waymark/x"])("refuses to make %s in git's own words", async (ref) => {
    const dir = path.join(parent, "by-ada");
    const answered = await git(dir, "push", "origin", `HEAD:${ref}`);
    expect(answered.code).not.toBe(0);
  });

  it("refuses people of other teams, tokens without the scope, and archived repositories", async () => {
    const dir = path.join(parent, "by-ada");
    await commit(dir, "b.txt", "1");
    expect((await git(dir, "push", address(people["bo-full"] ?? ""), "main")).text).toContain("Your role does not allow repository.push here");
    expect((await git(dir, "push", address(people["ada-read"] ?? ""), "main")).text).toContain("lacks the scope repo:create");
    await db().update(repositories).set({ status: "archived" }).where(eq(repositories.id, ID));
    expect((await git(dir, "push", address(people["ada-full"] ?? ""), "main")).text).toContain("is archived");
    expect(await git(parent, "ls-remote", address(people["ada-full"] ?? ""))).toMatchObject({ code: 0 });
    await db().update(repositories).set({ status: "ready" }).where(eq(repositories.id, ID));
  });

  it("finds after a crash what git took, and knows who pushed it", async () => {
    const dir = path.join(parent, "by-ada");
    const head = await commit(dir, "c.txt", "1");
    const bare = bareRepositoryDir(ID);
    const known = (await git(bare, "rev-parse", "main")).text.trim();
    const base = { repositoryId: ID, ref: "refs/heads/main", pushedBy: people["ada-id"] ?? "", status: "announced" as const };
    // Announced and taken, then the portal died; and one that git refused.
    await db()
      .insert(repositoryPushes)
      .values([
        { ...base, id: "psh_crashed01", before: known, after: head },
        { ...base, id: "psh_refused01", before: known, after: "f".repeat(40), pushedBy: people["bo-id"] ?? "" },
      ]);
    expect(await git(dir, "push", "-q", bare, "main")).toMatchObject({ code: 0 });
    await settleRepositories();
    const all = await pushes();
    expect(all.find((push) => push.id === "psh_crashed01")).toMatchObject({ status: "recorded", after: head });
    expect(all.find((push) => push.id === "psh_refused01")?.status).toBe("announced");
  });

  it.each(["../../etc", "-rf/x", "checkout/nothing", "checkout/shop/x", "%00/%00"])("knows no repository %s", async (name) => {
    const answered = await fetch(`http://127.0.0.1:${port}/git/${name}.git/info/refs?service=git-upload-pack`, {
      headers: { authorization: `Basic ${Buffer.from(`x:${people["ada-full"]}`).toString("base64")}` },
    });
    expect([404, 422, 400]).toContain(answered.status);
    expect(answered.headers.get("content-type")).toContain("text/plain");
  });

  it.each([
    ["GET", "/HEAD", "", 404],
    ["GET", "/info/refs", "", 403],
    ["POST", "/git-upload-pack", "text/plain", 415],
    ["POST", "/git-receive-pack", "application/x-git-receive-pack-request", 400],
    ["GET", "/git-upload-pack", "", 405],
  ])("answers %s %s without harm", async (method, action, type, status) => {
    const headers: Record<string, string> = { authorization: `Basic ${Buffer.from(`x:${people["ada-full"]}`).toString("base64")}`, ...(type ? { "content-type": type } : {}) };
    const answered = await fetch(`http://127.0.0.1:${port}/git/checkout/shop.git${action}`, { method, headers, ...(method === "POST" ? { body: "zzzz not git" } : {}) });
    expect(answered.status).toBe(status);
  });
});
