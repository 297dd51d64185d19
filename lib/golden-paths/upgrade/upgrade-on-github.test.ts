import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { eq } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { db } from "@/db/client";
import { runLogLines, runs, workers } from "@/db/schema";
import { databaseNow } from "@/lib/core/ctx";
import { env } from "@/lib/core/env";
import { connectGithub } from "@/lib/platform/mutations";
import { executeRun } from "@/lib/runs/engine/execute";
import type { RunKind } from "@/lib/runs/engine/types";
import { readRun } from "@/lib/runs/read";
import { aScene, type Scene } from "@/tests/github/scene";
import { useOwnDatabase } from "@/tests/setup/own-database";
import { aPerson, aTeam, type SignedIn, signedIn } from "@/tests/setup/people";
import { createService } from "../create-service";
import { renderer } from "../engine/renderer";
import { publishFiles } from "../publish";
import { serviceCreateRun } from "../run-service-create";
import { upgradeService, upgradeServices } from "./mutations";
import { listPathServices } from "./queries";
import { upgradeRun } from "./run-upgrade";

useOwnDatabase();
const dataDir = mkdtempSync(path.join(tmpdir(), "upgrades-github-"));
const kinds = new Map([serviceCreateRun, upgradeRun].map((kind) => [kind.kind, kind as unknown as RunKind]));
const BRANCH = "waymark/upgrade-web";
let scene: Scene;
let ada: SignedIn;
let pat: SignedIn;

const template = (version: string) => `apiVersion: scaffolder.backstage.io/v1beta3
kind: Template
metadata: { name: web, title: Web, annotations: { waymark.dev/version: "${version}" } }
spec:
  type: service
  parameters: [{ required: [name], properties: { name: { type: string }, owner: { type: string, ui:field: OwnerPicker } } }]
  steps:
    - { id: write, action: "fetch:plain", input: { url: ./skeleton } }
    - { id: publish, action: "publish:github", input: { repoUrl: "github.com?owner=acme&repo=\${{ parameters.name }}" } }
`;

async function publish(version: string, app: string): Promise<void> {
  const files = new Map(Object.entries({ "template.yaml": template(version), "skeleton/app.js": app }).map(([name, text]) => [name, { content: Buffer.from(text), mode: 0o644 }]));
  const now = await databaseNow();
  await db().transaction((tx) => publishFiles(tx, files, { note: version, publishedBy: null, now }));
}

beforeAll(async () => {
  env().dataDir = dataDir;
  scene = await aScene();
  await aTeam("checkout");
  ada = await signedIn(await aPerson("ada", { teams: { checkout: "owner" } }));
  pat = await signedIn(await aPerson("pat", { role: "platform-admin" }));
  if (scene.app.type === "app") await connectGithub(pat, { auth: "app", apiUrl: scene.fake.apiUrl, owner: "acme", appId: scene.app.appId, privateKey: scene.app.privateKey });
  await db().insert(workers).values({ id: "wrk_test", host: "test", pid: process.pid });
  await publish("1.0.0", "one\n\n\ntail\n");
  for (const name of ["shop", "cart", "mail"]) {
    const made = await createService({ ...ada, now: await databaseNow() }, { goldenPath: "web", values: { name }, provider: "github" });
    expect(await execute(made.run.id)).toMatchObject({ status: "succeeded" });
  }
  await publish("1.1.0", "two\n\n\ntail\n");
});
beforeEach(async () => {
  scene.fake.faults.clear();
  scene.fake.state.rate.remaining = scene.fake.state.rate.limit;
  [ada, pat] = [
    { ...ada, now: await databaseNow() },
    { ...pat, now: await databaseNow() },
  ];
});
afterAll(async () => {
  await renderer().close();
  await scene.fake.stop();
  rmSync(dataDir, { recursive: true, force: true });
  expect(scene.fake.violations).toEqual([]);
});

async function execute(id: string) {
  await executeRun(id, "wrk_test", kinds, new Map());
  return readRun(db(), id);
}
const there = (name: string) => {
  const repo = scene.fake.state.repo("acme", name);
  if (!repo) throw new Error(`no ${name}`);
  return repo;
};
const gitThere = (name: string, ...args: string[]) =>
  execFileSync("git", ["--git-dir", there(name).dir, "-c", "user.name=Bo", "-c", "user.email=bo@example.com", ...args], { encoding: "utf8" }).trim();
const upgrade = async (service: string) => execute((await upgradeService({ ...ada, now: await databaseNow() }, { service })).run.id);
const stateOf = async (name: string) => (await listPathServices(pat, { name: "web" })).items.find((one) => one.name === name);

/** A commit on a branch as somebody with access makes it. */
function commitThere(name: string, branch: string, text: string): string {
  const blob = execFileSync("git", ["--git-dir", there(name).dir, "hash-object", "-w", "--stdin"], { input: text, encoding: "utf8" }).trim();
  const listing = `${gitThere(name, "ls-tree", branch)
    .split("\n")
    .filter((line) => !line.endsWith("\tapp.js"))
    .join("\n")}\n100644 blob ${blob}\tapp.js\n`;
  const tree = execFileSync("git", ["--git-dir", there(name).dir, "mktree"], { input: listing, encoding: "utf8" }).trim();
  const commit = gitThere(name, "commit-tree", tree, "-p", branch, "-m", "By a person");
  gitThere(name, "update-ref", `refs/heads/${branch}`, commit);
  return commit;
}

it("an upgrade is one pull request at GitHub, the same when it is asked for again, also when an answer is lost", async () => {
  scene.fake.faults.add({ operation: "pulls/create", when: "after", kind: "cut" });
  const run = await upgrade("shop");
  const [pull] = there("shop").pulls;
  expect(run).toMatchObject({ status: "succeeded", outcome: { evidence: [{ url: `${scene.fake.url}/acme/shop/pull/${pull?.number}` }] } });
  expect(pull).toMatchObject({ head: BRANCH, base: "main", state: "open", isDraft: false });
  expect(gitThere("shop", "show", `${BRANCH}:app.js`)).toBe("two\n\n\ntail");
  const tip = gitThere("shop", "rev-parse", BRANCH);
  expect(await stateOf("shop")).toMatchObject({
    behind: 1,
    provider: "github",
    pullRequest: { number: pull?.number, url: `${scene.fake.url}/acme/shop/pull/${pull?.number}`, to: "1.1.0" },
  });
  expect(await upgrade("shop")).toMatchObject({ status: "succeeded" });
  expect([there("shop").pulls.length, gitThere("shop", "rev-parse", BRANCH)]).toEqual([1, tip]);
  // The default branch moved: the branch of Waymark follows, in the same pull request.
  commitThere("shop", "main", "one\n\n\ntail of ours\n");
  expect(await upgrade("shop")).toMatchObject({ status: "succeeded" });
  expect(there("shop").pulls).toHaveLength(1);
  expect(gitThere("shop", "show", `${BRANCH}:app.js`)).toBe("two\n\n\ntail of ours");
});

it("what people committed to the branch is never replaced", async () => {
  const own = commitThere("shop", BRANCH, "mine\n");
  commitThere("shop", "main", "one\n\n\nelsewhere\n");
  expect(await upgrade("shop")).toMatchObject({ status: "failed", outcome: { causeCode: "branch-changed", whoCanFix: "you" } });
  expect(gitThere("shop", "rev-parse", BRANCH)).toBe(own);
});

it("a fleet leaves the reserve of the rate budget to people: its runs wait, and go on when there is more", async () => {
  const { started } = await upgradeServices(pat, { name: "web", services: ["component:default/cart", "component:default/mail"] });
  expect(started.map(({ entityRef }) => entityRef).sort()).toEqual(["component:default/cart", "component:default/mail"]);
  const [cart, mail] = ["cart", "mail"].map((name) => started.find(({ entityRef }) => entityRef.endsWith(name))?.run ?? "") as [string, string];
  expect(await execute(cart)).toMatchObject({ status: "succeeded" });
  scene.fake.state.rate.counts = true;
  const reserve = scene.fake.state.rate.limit * 0.2;
  scene.fake.state.rate.remaining = reserve;
  expect(await execute(mail)).toMatchObject({ status: "running", finishedAt: null });
  expect(there("mail").pulls).toEqual([]);
  expect(() => gitThere("mail", "rev-parse", "--verify", "--quiet", BRANCH)).toThrow();
  expect((await db().select({ text: runLogLines.text }).from(runLogLines).where(eq(runLogLines.runId, mail))).map(({ text }) => text).join("\n")).toContain("kept for people");
  expect((await db().select({ workerId: runs.workerId }).from(runs).where(eq(runs.id, mail)))[0]?.workerId).toBeNull();
  expect(await stateOf("mail")).toMatchObject({ isBusy: true });
  scene.fake.state.rate.remaining = reserve + 100;
  expect(await execute(mail)).toMatchObject({ status: "succeeded" });
  expect(scene.fake.state.rate.remaining).toBeGreaterThan(reserve);
  expect(there("mail").pulls).toMatchObject([{ head: BRANCH, state: "open" }]);
  scene.fake.state.rate.counts = false;
});

it("once it is merged at GitHub, the next look notes the version and ends the record of the pull request", async () => {
  gitThere("cart", "update-ref", "refs/heads/main", gitThere("cart", "rev-parse", BRANCH));
  for (const pull of there("cart").pulls) pull.state = "closed";
  expect(await upgrade("cart")).toMatchObject({ status: "succeeded", outcome: { summary: expect.stringContaining("already") } });
  expect(await stateOf("cart")).toMatchObject({ version: "1.1.0", behind: 0, pullRequest: null });
});
