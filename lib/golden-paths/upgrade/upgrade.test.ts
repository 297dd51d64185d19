import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { desc, eq } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { db } from "@/db/client";
import { pullRequests, repositories, repositoryPushes, workers } from "@/db/schema";
import { databaseNow } from "@/lib/core/ctx";
import { env } from "@/lib/core/env";
import { bareRepositoryDir } from "@/lib/git/bare";
import { findRef } from "@/lib/git/refs";
import { followPullRequests, loadPush, mergeRun, settleRepositories } from "@/lib/repositories/jobs";
import { editPullRequest, mergePullRequest } from "@/lib/repositories/mutations";
import { readPullRequest } from "@/lib/repositories/queries";
import { executeRun } from "@/lib/runs/engine/execute";
import type { RunKind } from "@/lib/runs/engine/types";
import { readRun } from "@/lib/runs/read";
import { useOwnDatabase } from "@/tests/setup/own-database";
import { aPerson, aTeam, outcome, type SignedIn, signedIn } from "@/tests/setup/people";
import { createService } from "../create-service";
import { renderer } from "../engine/renderer";
import { publishFiles } from "../publish";
import { serviceCreateRun } from "../run-service-create";
import { followProvenance } from "./follow-push";
import { ejectConcern, rejoinConcern, upgradeService, upgradeServices } from "./mutations";
import { listPathServices, readServicePath } from "./queries";
import { upgradeRun } from "./run-upgrade";

useOwnDatabase();
const parent = mkdtempSync(path.join(tmpdir(), "upgrades-"));
const kinds = new Map([serviceCreateRun, upgradeRun, mergeRun].map((kind) => [kind.kind, kind as unknown as RunKind]));
let ada: SignedIn;
let bo: SignedIn;
let pat: SignedIn;
const BRANCH = "waymark/upgrade-web";

// biome-ignore-start lint/suspicious/noTemplateCurlyInString: the code of templates
const template = (version: string, question = "") => `apiVersion: scaffolder.backstage.io/v1beta3
kind: Template
metadata: { name: web, title: Web, annotations: { waymark.dev/version: "${version}" } }
spec:
  type: service
  parameters:
    - required: [name, token]
      properties:
        name: { type: string }
        owner: { type: string, ui:field: OwnerPicker }
        token: { type: string, ui:field: Secret }
${question}
  steps:
    - { id: write, action: "fetch:template", input: { url: ./skeleton, values: { name: "\${{ parameters.name }}", port: "\${{ parameters.port or 3000 }}" } } }
`;
const V1 = {
  "app.js": "// ${{ values.name }}\nconst a = 1;\nconst b = 2;\nconst c = 3;\n",
  Dockerfile: "FROM node:20\nRUN npm ci\n",
  ".github/workflows/ci.yml": "on: push\njobs: one\n",
  "old.txt": "old\n",
};
const V2 = { ...V1, "app.js": "// ${{ values.name }}\nconst a = 1;\nconst b = 2;\nconst c = 33;\n", ".github/workflows/ci.yml": "on: push\njobs: two\n" };
const { "old.txt": _old, ...REST } = V2;
const V3 = { ...REST, Dockerfile: "FROM node:24\nRUN npm ci\n", "port.txt": "${{ values.port }}\n", ".github/workflows/ci.yml": "on: push\njobs: three\n" };
// biome-ignore-end lint/suspicious/noTemplateCurlyInString: the code of templates

async function publish(version: string, skeleton: Record<string, string>, question?: string) {
  const files = Object.entries({ "template.yaml": template(version, question), ...Object.fromEntries(Object.entries(skeleton).map(([file, text]) => [`skeleton/${file}`, text])) });
  const now = await databaseNow();
  await db().transaction((tx) =>
    publishFiles(tx, new Map(files.map(([file, text]) => [file, { content: Buffer.from(text), mode: 0o644 }])), { note: `What ${version} brings`, publishedBy: null, now }),
  );
}

async function run(id: string) {
  await executeRun(id, "wrk_test", kinds, new Map());
  return readRun(db(), id);
}

const idOf = async (name: string) => (await db().select().from(repositories).where(eq(repositories.name, name)))[0]?.id ?? "";

/** A service of version 1.0.0 and a clone of it. */
async function aService(name: string): Promise<string> {
  const made = await createService(ada, { goldenPath: "web", version: "1.0.0", values: { name, token: "s3cret" }, team: "checkout" });
  expect((await run(made.run.id)).status).toBe("succeeded");
  const work = path.join(parent, name);
  execFileSync("git", ["clone", "-q", bareRepositoryDir(await idOf(name)), work]);
  return work;
}

const git = (work: string, ...args: string[]) =>
  execFileSync("git", ["-c", "user.name=Ada", "-c", "user.email=ada@example.com", ...args], { cwd: work, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim();

function change(work: string, files: Record<string, string | null>): void {
  for (const [file, text] of Object.entries(files)) {
    if (text === null) rmSync(path.join(work, file));
    else {
      mkdirSync(path.dirname(path.join(work, file)), { recursive: true });
      writeFileSync(path.join(work, file), text);
    }
  }
  git(work, "add", "-A");
  git(work, "commit", "-q", "-m", "Our change");
  git(work, "push", "-q", "origin", "HEAD");
}

async function upgrade(service: string, more: { version?: string; values?: Record<string, unknown> } = {}) {
  return run((await upgradeService(ada, { service, ...more })).run.id);
}

/** What the worker does after pushes. */
async function follow(name: string) {
  await settleRepositories();
  const rows = await db()
    .select({ id: repositoryPushes.id })
    .from(repositoryPushes)
    .where(eq(repositoryPushes.repositoryId, await idOf(name)))
    .orderBy(desc(repositoryPushes.createdAt))
    .limit(5);
  for (const { id } of rows.reverse()) {
    const push = await loadPush(db(), id);
    if (!push) continue;
    await followPullRequests(push);
    await followProvenance(push);
  }
}

async function merge(name: string, number: number) {
  const { run: started } = await mergePullRequest(ada, { owner: "checkout", name, number });
  expect((await run(started.id)).outcome?.summary).toContain("is merged");
  await follow(name);
}

const pulls = async (name: string) =>
  db()
    .select()
    .from(pullRequests)
    .where(eq(pullRequests.repositoryId, await idOf(name)))
    .orderBy(pullRequests.number);
const fileOf = (work: string, ref: string, file: string) => git(work, "show", `origin/${ref}:${file}`);

beforeAll(async () => {
  env().dataDir = path.join(parent, "data");
  await aTeam("checkout");
  await aTeam("search");
  ada = await signedIn(await aPerson("ada", { teams: { checkout: "member" } }));
  bo = await signedIn(await aPerson("bo", { teams: { search: "member" } }));
  pat = await signedIn(await aPerson("pat", { role: "platform-admin" }));
  await db().insert(workers).values({ id: "wrk_test", host: "test", pid: process.pid });
  await publish("1.0.0", V1);
  await publish("2.0.0", V2);
  await publish("3.0.0", V3, '        port: { type: string, default: "8080" }');
});
afterAll(async () => {
  await renderer().close?.();
  rmSync(parent, { recursive: true, force: true });
});

describe("an upgrade", () => {
  it("brings a service over two versions in one pull request, keeps what the team changed, and counts when it is merged", async () => {
    const work = await aService("clean");
    expect(await readServicePath(ada, { service: "clean" })).toMatchObject({ version: "1.0.0", current: "3.0.0", behind: 2, pullRequest: null });
    change(work, { "app.js": "// clean, ours\nconst a = 1;\nconst b = 2;\nconst c = 3;\n", "own.txt": "mine\n" });
    const first = await upgrade("clean");
    expect(first.outcome?.summary).toBe("Pull request 1 brings clean to web 3.0.0: ready to be merged");
    git(work, "fetch", "-q");
    expect(fileOf(work, BRANCH, "app.js")).toBe("// clean, ours\nconst a = 1;\nconst b = 2;\nconst c = 33;");
    expect([fileOf(work, BRANCH, "Dockerfile"), fileOf(work, BRANCH, "own.txt"), fileOf(work, BRANCH, "port.txt")]).toEqual(["FROM node:24\nRUN npm ci", "mine", "8080"]);
    expect(() => fileOf(work, BRANCH, "old.txt")).toThrow();
    expect(JSON.parse(fileOf(work, BRANCH, ".waymark/provenance.json"))).toMatchObject({
      goldenPath: { name: "web", version: "3.0.0" },
      answers: { name: "clean", port: "8080" },
      createdBy: "user:default/ada",
    });
    const tip = git(work, "rev-parse", `origin/${BRANCH}`);
    const again = await upgrade("clean");
    expect(again.outcome?.summary).toContain("Pull request 1 now brings");
    expect(await findRef(bareRepositoryDir(await idOf("clean")), `refs/heads/${BRANCH}`)).toBe(tip);
    expect((await pulls("clean")).map(({ number, status, isDraft }) => [number, status, isDraft])).toEqual([[1, "open", false]]);
    expect((await readPullRequest(ada, { owner: "checkout", name: "clean", number: 1 })).pullRequest.body).toContain("| 2.0.0 | What 2.0.0 brings |");
    await merge("clean", 1);
    expect(await readServicePath(ada, { service: "clean" })).toMatchObject({ version: "3.0.0", behind: 0, pullRequest: null });
    expect(await findRef(bareRepositoryDir(await idOf("clean")), `refs/heads/${BRANCH}`)).toBeNull();
    expect((await upgrade("clean")).outcome?.summary).toBe("clean is at web 3.0.0 already");
  });

  it("is a draft with markers while lines are in conflict, and becomes ready only when they are settled", async () => {
    const work = await aService("torn");
    change(work, { Dockerfile: "FROM node:22\nRUN npm ci\n", "old.txt": "ours now\n", ".github/workflows/ci.yml": null });
    expect((await upgrade("torn")).outcome?.summary).toBe("Pull request 1 brings torn to web 3.0.0: a draft with 1 conflict to settle");
    git(work, "fetch", "-q");
    expect(fileOf(work, BRANCH, "Dockerfile")).toBe("<<<<<<< main\nFROM node:22\n=======\nFROM node:24\n>>>>>>> web 3.0.0\nRUN npm ci");
    expect(fileOf(work, BRANCH, "old.txt")).toBe("ours now");
    expect(() => fileOf(work, BRANCH, ".github/workflows/ci.yml")).toThrow();
    const key = { owner: "checkout", name: "torn", number: 1 };
    const { pullRequest, checks } = await readPullRequest(ada, key);
    expect([pullRequest.isDraft, checks.map(({ name, state }) => `${name} ${state}`)]).toEqual([true, ["Merge passed", "Conflict markers failed"]]);
    expect(pullRequest.body).toContain("## Deleted by the team, changed by the path: stays deleted\n\n- `.github/workflows/ci.yml`");
    await expect(editPullRequest(ada, { ...key, isDraft: false })).rejects.toThrow("Still to be settled: Dockerfile");
    await expect(mergePullRequest(ada, key)).rejects.toThrow("It is a draft");
    git(work, "checkout", "-q", "-b", BRANCH, `origin/${BRANCH}`);
    change(work, { Dockerfile: "FROM node:24-ours\nRUN npm ci\n" });
    await follow("torn");
    const theirs = git(work, "rev-parse", "HEAD");
    const refused = await upgrade("torn");
    expect([refused.status, refused.outcome?.causeCode]).toEqual(["failed", "branch-changed"]);
    expect(await findRef(bareRepositoryDir(await idOf("torn")), `refs/heads/${BRANCH}`)).toBe(theirs);
    expect((await editPullRequest(ada, { ...key, isDraft: false })).isDraft).toBe(false);
    await merge("torn", 1);
    expect(await readServicePath(ada, { service: "torn" })).toMatchObject({ version: "3.0.0", behind: 0 });
  });

  it("leaves kept and ejected files alone, and a way back brings them again", async () => {
    const work = await aService("own");
    const provenance = JSON.parse(readFileSync(path.join(work, ".waymark/provenance.json"), "utf8"));
    change(work, { Dockerfile: "FROM scratch\n", ".waymark/provenance.json": JSON.stringify({ ...provenance, keep: ["Dockerfile"], note: "ours" }) });
    const left = await ejectConcern(ada, { service: "own", concern: "pipeline", reason: "We build with Bazel" });
    expect(await outcome(ejectConcern(ada, { service: "own", concern: "pipeline", reason: "Again, please" }))).toBe("conflict");
    expect(await outcome(ejectConcern(ada, { service: "own", concern: "kitchen", reason: "No such thing" }))).toBe("invalid");
    expect(await outcome(ejectConcern(bo, { service: "own", concern: "image", reason: "Not our service" }))).toBe("forbidden");
    change(work, { ".github/workflows/ci.yml": null });
    expect((await upgrade("own")).outcome?.summary).toContain("ready to be merged");
    git(work, "fetch", "-q");
    expect(fileOf(work, BRANCH, "Dockerfile")).toBe("FROM scratch");
    expect(() => fileOf(work, BRANCH, ".github/workflows/ci.yml")).toThrow();
    const after = JSON.parse(fileOf(work, BRANCH, ".waymark/provenance.json"));
    expect(after).toMatchObject({ keep: ["Dockerfile"], note: "ours", ejected: [{ concern: "pipeline", reason: "We build with Bazel" }] });
    await merge("own", 1);
    const board = await listPathServices(pat, { name: "web" });
    expect(board.items.find(({ name }) => name === "own")).toMatchObject({ version: "3.0.0", ejected: ["pipeline"] });
    expect(board.ejections).toMatchObject([{ concern: "pipeline", reason: "We build with Bazel", service: "own", isOver: false }]);
    const { run: back } = await rejoinConcern(ada, { service: "own", ejection: left.id });
    expect((await run(back.id)).outcome?.summary).toContain("Pull request 2 brings");
    git(work, "fetch", "-q");
    expect(fileOf(work, BRANCH, ".github/workflows/ci.yml")).toBe("on: push\njobs: three");
    expect((await readServicePath(ada, { service: "own" })).ejections).toHaveLength(1);
    await merge("own", 2);
    expect((await readServicePath(ada, { service: "own" })).ejections).toEqual([]);
    git(work, "pull", "-q", "origin", "main");
    expect(existsSync(path.join(work, ".github/workflows/ci.yml"))).toBe(true);
    expect(JSON.parse(readFileSync(path.join(work, ".waymark/provenance.json"), "utf8")).ejected).toBeUndefined();
    await db().update(repositories).set({ status: "archived", archivedAt: new Date() }).where(eq(repositories.name, "own"));
    expect(await outcome(ejectConcern(ada, { service: "own", concern: "image", reason: "It has ended" }))).toBe("conflict");
  });

  it("is offered to the whole fleet by the platform team alone", async () => {
    await aService("fleet-a");
    await aService("fleet-b");
    await ejectConcern(ada, { service: "fleet-b", concern: null, reason: "We go our own way" });
    expect(await outcome(upgradeServices(ada, { name: "web" }))).toBe("forbidden");
    const { started, skipped } = await upgradeServices(pat, { name: "web" });
    expect(started.map(({ entityRef }) => entityRef)).toEqual(["component:default/fleet-a"]);
    expect(skipped).toContain("component:default/fleet-b");
    expect((await listPathServices(pat, { name: "web" })).items.find(({ name }) => name === "fleet-a")?.isBusy).toBe(true);
    for (const one of started) expect((await run(one.run)).status).toBe("succeeded");
    expect((await listPathServices(pat, { name: "web" })).items.find(({ name }) => name === "fleet-a")).toMatchObject({
      isBusy: false,
      behind: 2,
      pullRequest: { number: 1, to: "3.0.0", isDraft: false, conflicts: 0 },
    });
  });
});
