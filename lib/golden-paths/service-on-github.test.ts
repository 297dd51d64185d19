import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { db } from "@/db/client";
import { workers } from "@/db/schema";
import { findEntity } from "@/lib/catalog/queries";
import { databaseNow } from "@/lib/core/ctx";
import { env } from "@/lib/core/env";
import { decommissionRun } from "@/lib/decommission/jobs";
import { decommissionService } from "@/lib/decommission/mutations";
import { planDecommission } from "@/lib/decommission/queries";
import { connectGithub } from "@/lib/platform/mutations";
import { findRepository } from "@/lib/repositories/queries";
import { resolveCommit } from "@/lib/repositories/source";
import type { Run } from "@/lib/runs/contract";
import { executeRun } from "@/lib/runs/engine/execute";
import type { RunKind } from "@/lib/runs/engine/types";
import { retryRun } from "@/lib/runs/mutations";
import { readRun } from "@/lib/runs/read";
import { type Fault, SECONDARY_LIMIT } from "@/tests/github/faults";
import { aForeignRepo, aScene, type Scene } from "@/tests/github/scene";
import { useOwnDatabase } from "@/tests/setup/own-database";
import { aPerson, aTeam, outcome, type SignedIn, signedIn } from "@/tests/setup/people";
import { createService } from "./create-service";
import { renderer } from "./engine/renderer";
import { readPathFolder } from "./engine/template-folder";
import { publishFiles } from "./publish";
import { serviceCreateRun } from "./run-service-create";

useOwnDatabase();
const dataDir = mkdtempSync(path.join(tmpdir(), "services-github-"));
const kinds = new Map([serviceCreateRun, decommissionRun].map((kind) => [kind.kind, kind as unknown as RunKind]));
let scene: Scene;
let ada: SignedIn;

beforeAll(async () => {
  env().dataDir = dataDir;
  scene = await aScene();
  scene.org.teams.push("checkout");
  await aTeam("checkout");
  ada = await signedIn(await aPerson("ada", { teams: { checkout: "owner" } }));
  const pat = await signedIn(await aPerson("pat", { role: "platform-admin" }));
  if (scene.app.type === "app") {
    await connectGithub(pat, { auth: "app", apiUrl: scene.fake.apiUrl, owner: "acme", appId: scene.app.appId, privateKey: scene.app.privateKey });
  }
  await db().insert(workers).values({ id: "wrk_test", host: "test", pid: process.pid });
  const now = await databaseNow();
  const shipped = await readPathFolder("golden-paths/node-express");
  await db().transaction((tx) => publishFiles(tx, shipped, { note: "test", publishedBy: null, now }));
});
beforeEach(async () => {
  scene.fake.faults.clear();
  ada = { ...ada, now: await databaseNow() };
});
afterAll(async () => {
  await renderer().close();
  await scene.fake.stop();
  rmSync(dataDir, { recursive: true, force: true });
  expect(scene.fake.violations).toEqual([]);
});

async function execute(id: string): Promise<Run> {
  await executeRun(id, "wrk_test", kinds, new Map());
  return readRun(db(), id);
}

async function make(name: string): Promise<Run> {
  const made = await createService(ada, { goldenPath: "node-express", values: { name, description: "Sells things" } });
  return execute(made.run.id);
}

async function retry(run: Run): Promise<Run> {
  await retryRun({ ...ada, now: await databaseNow() }, { id: run.id });
  return execute(run.id);
}

const there = (name: string) => scene.fake.state.repo("acme", name);

async function expectDone(run: Run, name: string): Promise<void> {
  expect(run).toMatchObject({ status: "succeeded", outcome: { summary: `${name} is ready to be cloned` } });
  expect(run.outcome?.evidence).toContainEqual({ title: "Clone address", url: `${scene.fake.url}/acme/${name}.git` });
  const log = execFileSync("git", ["--git-dir", there(name)?.dir ?? "", "log", "--format=%H %an %s", "main"], { encoding: "utf8" }).trim();
  expect(log).toMatch(new RegExp(`^[0-9a-f]{40} ada Create ${name} from node-express`));
  const repository = await findRepository(db(), { entityRef: `component:default/${name}` });
  if (!repository) throw new Error("the repository is not registered");
  expect(repository).toMatchObject({ provider: "github", owner: "acme", name, cloneUrl: `${scene.fake.url}/acme/${name}.git`, webUrl: `${scene.fake.url}/acme/${name}` });
  expect(await resolveCommit(repository, "main")).toBe(log.slice(0, 40));
  expect(await findEntity(db(), `component:default/${name}`)).toMatchObject({
    ownerRef: "group:default/checkout",
    goldenPath: { name: "node-express" },
    repositoryId: repository.id,
  });
}

describe("a service whose repository is on GitHub", () => {
  it("is made there with its first commit, its settings and its catalog entry, and archived when it is decommissioned", async () => {
    const run = await make("shop");
    await expectDone(run, "shop");
    expect(run.steps.map(({ name, status }) => `${name} ${status}`)).toEqual(
      ["check", "render", "repository", "commit", "settings", "register"].map((name) => `${name} succeeded`),
    );
    expect(there("shop")).toMatchObject({ isPrivate: true, homepage: `${env().url}/runs/${run.id}`, topics: ["node", "express", "postgres"], access: { checkout: "push" } });
    expect(there("shop")?.rulesets).toHaveLength(1);
    const repo = there("shop");
    repo?.pulls.push({ number: 7, title: "Try", body: null, head: "try", base: "main", isDraft: false, state: "open", reviewers: [], assignees: [] });
    repo?.extras.hooks.push({ id: 1, config: { url: `${env().url}/api/webhooks/github` } }, { id: 2, config: { url: "https://ci.example.com/" } });
    const plan = await planDecommission(ada, { service: "shop" });
    expect(plan.items.map(({ kind, name, choices }) => [kind, name, choices.map(({ value }) => value)])).toEqual([
      ["pull-request", "acme/shop#7", []],
      ["webhook", `${env().url}/api/webhooks/github`, []],
      ["repository", "acme/shop", ["archive", "keep"]],
      ["entity", "component:default/shop", ["remove", "keep"]],
      ["entity", "api:default/shop-api", ["remove", "keep"]],
      ["entity", "resource:default/shop-database", ["remove", "keep"]],
    ]);
    const repository = plan.items.find(({ kind }) => kind === "repository")?.key ?? "";
    expect(await outcome(decommissionService(ada, { service: "shop", confirm: "shop", choices: { [repository]: "delete" } }))).toBe("invalid");
    scene.fake.faults.add({ operation: "repos/update", when: "after", kind: "cut" });
    const { run: begun } = await decommissionService(ada, { service: "shop", confirm: "shop", digest: plan.digest });
    let ended = await execute(begun.id);
    if (ended.status === "failed") ended = await retry(ended);
    expect(ended).toMatchObject({ status: "succeeded" });
    expect(repo).toMatchObject({ isArchived: true, pulls: [{ state: "closed" }], extras: { hooks: [{ id: 2 }] } });
  });

  it("whose name is taken there ends with that, and touches nothing", async () => {
    const foreign = aForeignRepo(scene, "taken");
    const before = JSON.stringify(foreign);
    const run = await make("taken");
    expect(run).toMatchObject({
      status: "failed",
      outcome: { causeCode: "name-taken", failingStep: "repository", whoCanFix: "you", nextAction: expect.stringContaining("Choose another name") },
    });
    expect(JSON.stringify(foreign)).toBe(before);
    expect(await findEntity(db(), "component:default/taken")).toBeNull();
  });

  it("names the missing permission, makes nothing, and succeeds on a retry once it is granted", async () => {
    const { permissions } = scene.installation;
    const { workflows: _, ...less } = permissions;
    scene.installation.permissions = less;
    const run = await make("pay");
    expect(run).toMatchObject({
      status: "failed",
      outcome: { causeCode: "github-missing-permission", whoCanFix: "platform-team", cause: "The App lacks Workflows (read and write)." },
    });
    expect(there("pay")).toBeUndefined();
    scene.installation.permissions = permissions;
    await expectDone(await retry(run), "pay");
  });

  it.each<[string, string, Fault["when"], Fault["kind"], string]>([
    ["a rate limit", "repos/create-in-org", "before", SECONDARY_LIMIT, "github-rate-limited"],
    ["a push that GitHub fails", "git/receive-pack", "before", { status: 500 }, "github-unavailable"],
    ["settings whose answer is lost", "repos/replace-all-topics", "after", "cut", "github-lost-answer"],
  ])("ends with %s in words, and succeeds on a retry", async (_title, operation, when, kind, causeCode) => {
    const name = `svc-${causeCode.replace("github-", "")}`;
    scene.fake.faults.add({ operation, when, kind });
    const run = await make(name);
    expect(run).toMatchObject({ status: "failed", outcome: { causeCode, whoCanFix: expect.any(String), nextAction: expect.stringMatching(/\.$/) } });
    expect(await findEntity(db(), `component:default/${name}`)).toBeNull();
    await expectDone(await retry(run), name);
  });

  it("needs no retry when only the answer to the creation was lost", async () => {
    scene.fake.faults.add({ operation: "repos/create-in-org", when: "after", kind: "cut" });
    await expectDone(await make("lost"), "lost");
    expect(scene.fake.state.repos.filter((repo) => repo.name === "lost")).toHaveLength(1);
  });

  it("gets the variables and secrets that the path declares, for the repository and for an environment of it", async () => {
    const template = `apiVersion: scaffolder.backstage.io/v1beta3
kind: Template
metadata: { name: with-secrets, title: Web }
spec:
  type: service
  parameters: [{ required: [name], properties: { name: { type: string }, key: { type: string, ui:field: Secret } } }]
  steps:
    - { id: write, action: "fetch:plain", input: { url: ./skeleton } }
    - { id: publish, action: "publish:github", input: { repoUrl: "github.com?owner=acme&repo=\${{ parameters.name }}", repoVariables: { REGION: eu-1 }, secrets: { KEY: "\${{ secrets.key }}" } } }
    - { id: place, action: "github:environment:create", input: { repoUrl: "github.com?owner=acme&repo=\${{ parameters.name }}", name: staging, environmentVariables: { TIER: two }, secrets: { KEY: "\${{ secrets.key }}" } } }
`;
    const files = new Map(Object.entries({ "template.yaml": template, "skeleton/app.js": "one" }).map(([name, text]) => [name, { content: Buffer.from(text), mode: 0o644 }]));
    const now = await databaseNow();
    await db().transaction((tx) => publishFiles(tx, files, { note: "test", publishedBy: null, now }));
    scene.fake.faults.add({ operation: "actions/create-or-update-repo-secret", when: "after", kind: "cut" });
    const made = await createService(ada, { goldenPath: "with-secrets", values: { name: "vault", key: "t0p-s3cret" } });
    const first = await execute(made.run.id);
    expect(first).toMatchObject({ status: "failed" });
    expect(await retry(first)).toMatchObject({ status: "succeeded" });
    // Steps at GitHub go side by side: what they made has no order.
    const { variables, secrets } = there("vault")?.extras ?? { variables: [], secrets: [] };
    const told = [...variables.map(({ name, value }) => `${name}=${value}`), ...secrets.map(({ name, environment, value }) => `${environment ?? "repository"} ${name}=${value}`)];
    expect(told.sort()).toEqual(["REGION=eu-1", "TIER=two", "repository KEY=t0p-s3cret", "staging KEY=t0p-s3cret"]);
  });
});
