import { execFileSync } from "node:child_process";
import { createHmac } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { eq } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { POST as webhookRoute } from "@/app/api/webhooks/[type]/route";
import { db } from "@/db/client";
import { pullRequests, runLogLines, runs, webhookDeliveries, workers } from "@/db/schema";
import { findEntity } from "@/lib/catalog/queries";
import { databaseNow } from "@/lib/core/ctx";
import { env } from "@/lib/core/env";
import { createWebhookSource } from "@/lib/metrics/mutations";
import { connectGithub } from "@/lib/platform/mutations";
import { executeRun } from "@/lib/runs/engine/execute";
import type { RunKind } from "@/lib/runs/engine/types";
import { readRun } from "@/lib/runs/read";
import { tasks } from "@/lib/worker/tasks";
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

it("a merge at GitHub is noticed by its signed webhook: version, pull request and catalog follow at once", async () => {
  await publish("1.2.0", "three\n\n\ntail\n");
  const made = await createService({ ...ada, now: await databaseNow() }, { goldenPath: "web", version: "1.1.0", values: { name: "pay" }, provider: "github" });
  expect(await execute(made.run.id)).toMatchObject({ status: "succeeded" });
  expect(await upgrade("pay")).toMatchObject({ status: "succeeded" });
  const [pull] = there("pay").pulls;
  expect(await stateOf("pay")).toMatchObject({ version: "1.1.0", behind: 1, pullRequest: { number: pull?.number } });
  // Somebody edits the entry in the same branch, and merges it there.
  const text = gitThere("pay", "show", `${BRANCH}:catalog-info.yaml`).replace(/^ {2}name: pay$/m, "  name: pay\n  description: Takes money");
  const blob = execFileSync("git", ["--git-dir", there("pay").dir, "hash-object", "-w", "--stdin"], { input: text, encoding: "utf8" }).trim();
  const lines = gitThere("pay", "ls-tree", BRANCH)
    .split("\n")
    .filter((line) => !line.endsWith("\tcatalog-info.yaml"));
  const tree = execFileSync("git", ["--git-dir", there("pay").dir, "mktree"], { input: `${lines.join("\n")}\n100644 blob ${blob}\tcatalog-info.yaml\n`, encoding: "utf8" }).trim();
  const merge = gitThere("pay", "commit-tree", tree, "-p", "main", "-p", BRANCH, "-m", "Merge pull request");
  gitThere("pay", "update-ref", "refs/heads/main", merge);
  const source = await createWebhookSource({ ...pat, now: await databaseNow() }, { name: "acme" });
  const told = (merged: boolean, secret = source.secret) => {
    const body = JSON.stringify({
      action: "closed",
      number: pull?.number,
      pull_request: { number: pull?.number, merged, merge_commit_sha: merge, base: { ref: "main" } },
      repository: { html_url: `${scene.fake.url}/acme/pay`, full_name: "acme/pay", default_branch: "main" },
    });
    const signature = `sha256=${createHmac("sha256", secret).update(body).digest("hex")}`;
    const headers = {
      "x-github-event": "pull_request",
      "x-github-delivery": `merge-${merged}-${secret.length}`,
      "x-hub-signature-256": signature,
      "content-type": "application/json",
    };
    return webhookRoute(new Request("http://localhost:3000/api/webhooks/github", { method: "POST", headers, body }), { params: Promise.resolve({ type: "github" }) });
  };
  expect((await told(true, "not-the-secret")).status).toBe(401);
  expect(await stateOf("pay")).toMatchObject({ version: "1.1.0", behind: 1 });
  expect((await told(true)).status).toBeLessThan(300);
  const [delivery] = await db()
    .select()
    .from(webhookDeliveries)
    .where(eq(webhookDeliveries.deliveryKey, `merge-true-${source.secret.length}`));
  await tasks(async () => {})["webhook.received"]?.({ deliveryId: delivery?.id }, {} as never);
  expect(await stateOf("pay")).toMatchObject({ version: "1.2.0", behind: 0, pullRequest: null });
  const [row] = await db().select().from(pullRequests).where(eq(pullRequests.mergeCommit, merge));
  expect(row).toMatchObject({ status: "merged", number: pull?.number, endedAt: expect.any(Date) });
  expect(await findEntity(db(), "component:default/pay")).toMatchObject({ definition: { metadata: { description: "Takes money" } } });
});
