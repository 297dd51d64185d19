import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { eq } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { db } from "@/db/client";
import { goldenPathRuns, runLogLines, workers } from "@/db/schema";
import { databaseNow } from "@/lib/core/ctx";
import { env } from "@/lib/core/env";
import { connectGithub } from "@/lib/platform/mutations";
import type { Run } from "@/lib/runs/contract";
import { executeRun } from "@/lib/runs/engine/execute";
import type { RunKind } from "@/lib/runs/engine/types";
import { retryRun } from "@/lib/runs/mutations";
import { readRun } from "@/lib/runs/read";
import type { Fault } from "@/tests/github/faults";
import { aForeignRepo, aScene, aWorkflow, type Scene } from "@/tests/github/scene";
import type { Repo } from "@/tests/github/state";
import { useOwnDatabase } from "@/tests/setup/own-database";
import { aPerson, aTeam, outcome, type SignedIn, signedIn } from "@/tests/setup/people";
import { renderer } from "./engine/renderer";
import { publishFiles } from "./publish";
import { goldenPathRun } from "./run-path";
import { dryRunService } from "./service-dry-run";
import { runGoldenPath } from "./start-path";

useOwnDatabase();
const dataDir = mkdtempSync(path.join(tmpdir(), "path-runs-"));
const kinds = new Map([[goldenPathRun.kind, goldenPathRun as unknown as RunKind]]);
let scene: Scene;
let ada: SignedIn;
let repo: Repo;
let count = 0;

const gitThere = (...args: string[]) => execFileSync("git", ["--git-dir", repo.dir, ...args], { encoding: "utf8" }).trim();

beforeAll(async () => {
  env().dataDir = dataDir;
  scene = await aScene();
  await aTeam("checkout");
  ada = await signedIn(await aPerson("ada", { teams: { checkout: "member" } }));
  const pat = await signedIn(await aPerson("pat", { role: "platform-admin" }));
  if (scene.app.type === "app") await connectGithub(pat, { auth: "app", apiUrl: scene.fake.apiUrl, owner: "acme", appId: scene.app.appId, privateKey: scene.app.privateKey });
  await db().insert(workers).values({ id: "wrk_test", host: "test", pid: process.pid });
});
beforeEach(async () => {
  scene.fake.faults.clear();
  count += 1;
  repo = aForeignRepo(scene, `shop-${count}`);
  const blob = execFileSync("git", ["--git-dir", repo.dir, "hash-object", "-w", "--stdin"], { input: "# shop\n", encoding: "utf8" }).trim();
  const tree = execFileSync("git", ["--git-dir", repo.dir, "mktree"], { input: `100644 blob ${blob}\tREADME.md\n100644 blob ${blob}\told.txt\n`, encoding: "utf8" }).trim();
  const commit = gitThere("-c", "user.name=Bo", "-c", "user.email=bo@example.com", "commit-tree", tree, "-m", "Begin");
  gitThere("update-ref", "refs/heads/main", commit);
  ada = { ...ada, now: await databaseNow() };
});
afterAll(async () => {
  await renderer().close();
  await scene.fake.stop();
  rmSync(dataDir, { recursive: true, force: true });
  expect(scene.fake.violations).toEqual([]);
});

const HEAD = `apiVersion: scaffolder.backstage.io/v1beta3
kind: Template
metadata: { name: NAME, title: Add docs }
spec:
  type: change
  parameters:
    - required: [repoUrl]
      properties: { repoUrl: { type: string }, owner: { type: string }, token: { type: string, ui:field: Secret } }
  steps:
    - { id: write, action: "fetch:template", input: { url: ./skeleton, values: { repo: "\${{ (parameters.repoUrl | parseRepoUrl).repo }}" } } }
`;
const PULL = `    - id: pull
      action: publish:github:pull-request
      input: { repoUrl: "\${{ parameters.repoUrl }}", branchName: add-docs, title: Add docs, description: By Waymark, filesToDelete: [old.txt], reviewers: [octo] }
`;

/** Publishes a path of these further steps and runs it; returns the ended run. */
async function run(steps: string, values: Record<string, unknown> = {}, secrets: Record<string, string> = {}): Promise<Run> {
  const started = await runGoldenPath(ada, { name: await publish(steps), values: { repoUrl: url(), ...values }, secrets });
  return execute(started.run.id);
}

async function publish(steps: string): Promise<string> {
  const name = `path-${count}-${Math.random().toString(36).slice(2, 8)}`;
  const files = { "template.yaml": HEAD.replace("NAME", name) + steps, "skeleton/docs/index.md": "# Docs of \u0024{{ values.repo }}\n" };
  const now = await databaseNow();
  const map = new Map(Object.entries(files).map(([file, text]) => [file, { content: Buffer.from(text), mode: 0o644 }]));
  await db().transaction((tx) => publishFiles(tx, map, { note: "test", publishedBy: null, now }));
  return name;
}

const url = () => `github.com?owner=acme&repo=${repo.name}`;

async function execute(id: string): Promise<Run> {
  await executeRun(id, "wrk_test", kinds, new Map());
  return readRun(db(), id);
}

function expectOnePull(): void {
  expect(repo.pulls).toMatchObject([{ title: "Add docs", head: "add-docs", base: "main", reviewers: ["octo"] }]);
  expect(gitThere("ls-tree", "-r", "--name-only", "add-docs").split("\n")).toEqual(["README.md", "docs/index.md"]);
  expect(gitThere("show", "add-docs:docs/index.md")).toBe(`# Docs of ${repo.name}`);
  expect(gitThere("rev-list", "--count", "main..add-docs")).toBe("1");
  expect(gitThere("log", "-1", "--format=%an", "add-docs")).toBe("ada");
}

describe("a golden path that opens a pull request", () => {
  it("puts one commit on a branch and opens it, and offers the template's links", async () => {
    const ended = await run(`${PULL}  output: { links: [{ title: Pull request, url: "\${{ steps.pull.output.remoteUrl }}" }] }`);
    expect(ended).toMatchObject({
      status: "succeeded",
      outcome: { evidence: [{ title: "Pull request", url: `${scene.fake.url}/acme/${repo.name}/pull/${repo.pulls[0]?.number}` }] },
    });
    expectOnePull();
  });

  const FAULTS: [string, Fault][] = [
    ["opening fails", { operation: "pulls/create", when: "before", kind: { status: 422, message: "no" } }],
    ["the answer to opening is lost", { operation: "pulls/create", when: "after", kind: "cut" }],
    ["the push is lost", { operation: "git/receive-pack", when: "before", kind: "cut" }],
    ["the push happens and its answer is lost", { operation: "git/receive-pack", when: "after", kind: "cut" }],
    ["asking for a review fails", { operation: "pulls/request-reviewers", when: "before", kind: { status: 502 } }],
  ];
  it.each(FAULTS)("ends with one pull request after a retry when %s", async (_what, fault) => {
    scene.fake.faults.add(fault);
    let ended = await run(PULL);
    if (ended.status === "failed") {
      await retryRun({ ...ada, now: await databaseNow() }, { id: ended.id });
      ended = await execute(ended.id);
    }
    expect(ended.outcome?.cause).toBeUndefined();
    expect(ended.status).toBe("succeeded");
    expectOnePull();
  });

  it("leaves a branch of the same name with other people's commits alone", async () => {
    const main = gitThere("rev-parse", "main");
    gitThere("update-ref", "refs/heads/add-docs", main);
    const ended = await run(PULL);
    expect(ended).toMatchObject({ status: "failed", outcome: { cause: expect.stringContaining("has a branch add-docs already") } });
    expect(gitThere("rev-parse", "add-docs")).toBe(main);
    expect(repo.pulls).toEqual([]);
  });

  it("dry-runs without a single request to GitHub, and names the calls", async () => {
    const name = await publish(`${PULL}    - { action: "debug:log", input: { message: "number \${{ steps.pull.output.pullRequestNumber }}" } }\n`);
    const before = scene.fake.asked.length;
    const shown = await dryRunService(ada, { name, values: { repoUrl: url() } });
    expect(scene.fake.asked.length).toBe(before);
    expect(shown.made).toBeNull();
    expect(shown.calls.map(({ call }) => call)).toEqual([`git push acme/${repo.name} add-docs`, `POST /repos/acme/${repo.name}/pulls`]);
    expect(shown.log.map(({ text }) => text)).toContain("number 1");
    expect(repo.pulls).toEqual([]);
  });
});

describe("other actions on GitHub", () => {
  it("each leave the wanted state, once, however often they run", async () => {
    aWorkflow(scene, repo, { file: "deploy.yml", inputs: ["environment"] });
    const at = `repoUrl: "${url()}"`;
    const ended = await run(`    - { id: issue, action: "github:issues:create", input: { ${at}, title: Check it, labels: [docs] } }
    - { id: label, action: "github:issues:label", input: { ${at}, number: "\${{ steps.issue.output.issueNumber }}", labels: [later] } }
    - { id: start, action: "github:actions:dispatch", input: { ${at}, workflowId: deploy.yml, branchOrTagName: main, workflowInputs: { environment: staging } } }
    - { id: hook, action: "github:webhook", input: { ${at}, webhookUrl: "https://ci.example.com/hook", contentType: json } }
    - { id: again, action: "github:webhook", input: { ${at}, webhookUrl: "https://ci.example.com/hook" } }
    - { id: link, action: "github:autolinks:create", input: { ${at}, keyPrefix: TICKET-, urlTemplate: "https://t.example.com/<num>" } }
    - { id: place, action: "github:environment:create", input: { ${at}, name: staging, environmentVariables: { REGION: eu-1 } } }
    - { id: pages, action: "github:pages:enable", input: { ${at} } }
    - { id: protect, action: "github:branch-protection:create", input: { ${at}, requiredApprovingReviewCount: 2 } }
`);
    expect(ended).toMatchObject({ status: "succeeded" });
    expect(ended.steps.map(({ status }) => status)).toEqual(Array(9).fill("succeeded"));
    expect(repo.issues).toMatchObject([{ title: "Check it", labels: ["docs", "later"] }]);
    expect(scene.fake.state.runs.filter((one) => one.repo === repo)).toHaveLength(1);
    const { hooks, autolinks, environments, variables, pages, protections } = repo.extras;
    expect([hooks, autolinks, environments, variables, pages, protections].map((list) => list.length)).toEqual([1, 1, 1, 1, 1, 1]);
  });

  it("set who and what may deploy, who may push, and that commits are signed", async () => {
    scene.org.teams.push("sre");
    const at = `repoUrl: "${url()}"`;
    const ended =
      await run(`    - { id: place, action: "github:environment:create", input: { ${at}, name: production, waitTimer: 30, reviewers: ["user:octo", "group:default/sre"], deploymentBranchPolicy: { protected_branches: false, custom_branch_policies: true }, customBranchPolicyNames: [main], customTagPolicyNames: ["v*"] } }
    - { id: protect, action: "github:branch-protection:create", input: { ${at}, requiredCommitSigning: true, restrictions: { users: [octo], teams: [sre] }, bypassPullRequestAllowances: { apps: [waymark-acme] } } }
`);
    expect(ended).toMatchObject({ status: "succeeded" });
    const { environments, policies, protections } = repo.extras;
    expect(environments).toMatchObject([{ wait_timer: 30, reviewers: [{ type: "User" }, { type: "Team", id: expect.any(Number) }] }]);
    expect(policies.map(({ name, type }) => [name, type])).toEqual([
      ["main", "branch"],
      ["v*", "tag"],
    ]);
    expect(protections).toMatchObject([
      { signed: true, restrictions: { users: ["octo"], teams: ["sre"], apps: [] }, required_pull_request_reviews: { bypass_pull_request_allowances: { apps: ["waymark-acme"] } } },
    ]);
    const unknown = await run(`    - { id: place, action: "github:environment:create", input: { ${at}, name: production, reviewers: ["user:nobody-here"] } }\n`);
    expect(unknown).toMatchObject({ status: "failed", outcome: { cause: expect.stringContaining("nobody called user:nobody-here") } });
  });

  it("give a machine its key, and environments their secrets, once and readable for GitHub alone", async () => {
    const at = `repoUrl: "${url()}"`;
    const publicKey = `ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI${String(count).padStart(4, "0")}`;
    scene.fake.faults.add({ operation: "repos/create-deploy-key", when: "after", kind: "cut" });
    scene.fake.faults.add({ operation: "actions/create-or-update-environment-secret", when: "after", kind: "cut" });
    const name =
      await publish(`    - { id: key, action: "github:deployKey:create", input: { ${at}, publicKey: "${publicKey} ada@laptop", privateKey: "-----BEGIN s3cret-half-----", deployKeyName: deploy bot } }
    - { id: place, action: "github:environment:create", input: { ${at}, name: staging, preventSelfReview: true, environmentVariables: { REGION: eu-1 }, secrets: { TOKEN: t0p-s3cret } } }
    - { id: say, action: "debug:log", input: { message: "in \${{ steps.key.output.privateKeySecretName }}, and t0p-s3cret" } }
`);
    const { id } = (await runGoldenPath(ada, { name, values: { repoUrl: url() } })).run;
    expect(await execute(id)).toMatchObject({ status: "failed" });
    await retryRun({ ...ada, now: await databaseNow() }, { id });
    expect(await execute(id)).toMatchObject({ status: "succeeded" });
    expect(repo.extras.keys).toMatchObject([{ key: publicKey, title: "deploy bot", read_only: false }]);
    expect(repo.extras.secrets).toEqual([
      { name: "DEPLOY_BOT_PRIVATE_KEY", environment: null, value: "-----BEGIN s3cret-half-----" },
      { name: "TOKEN", environment: "staging", value: "t0p-s3cret" },
    ]);
    expect(repo.extras.environments.at(-1)).toMatchObject({ prevent_self_review: true });
    const lines = await db().select({ text: runLogLines.text }).from(runLogLines).where(eq(runLogLines.runId, id));
    const log = lines.map(({ text }) => text).join("\n");
    expect(log).toContain("in DEPLOY_BOT_PRIVATE_KEY");
    expect(log).not.toMatch(/s3cret/);
    const other = aForeignRepo(scene, `other-${count}`);
    const taken = await run(
      `    - { id: key, action: "github:deployKey:create", input: { repoUrl: "github.com?owner=acme&repo=${other.name}", publicKey: "${publicKey}", privateKey: x, deployKeyName: again } }\n`,
    );
    expect(taken).toMatchObject({ status: "failed", outcome: { cause: expect.stringContaining("another repository has it already"), whoCanFix: "you" } });
  });

  it.each([
    ["repos/create-in-org", "after"],
    ["git/receive-pack", "after"],
    ["actions/create-repo-variable", "after"],
    ["actions/create-repo-variable", "before"],
  ] as const)("make a repository and push the files to it, once, also when %s is lost %s its effect", async (operation, when) => {
    const name = `made-${count}`;
    const at = `repoUrl: "github.com?owner=acme&repo=${name}"`;
    scene.fake.faults.add({ operation, when, kind: "cut" });
    let ended = await run(`    - { id: make, action: "github:repo:create", input: { ${at}, description: Made, topics: [docs], repoVariables: { REGION: eu-1 } } }
    - { id: push, action: "github:repo:push", input: { ${at}, gitCommitMessage: Begin } }
    - { id: say, action: "debug:log", input: { message: "at \${{ steps.make.output.remoteUrl }} \${{ steps.push.output.commitHash }}" } }
`);
    if (ended.status === "failed") {
      await retryRun({ ...ada, now: await databaseNow() }, { id: ended.id });
      ended = await execute(ended.id);
    }
    expect(ended.outcome?.cause).toBeUndefined();
    const made = scene.fake.state.repo("acme", name);
    expect(made).toMatchObject({ isPrivate: true, topics: ["docs"], extras: { variables: [{ name: "REGION", value: "eu-1" }] } });
    const log = execFileSync("git", ["--git-dir", made?.dir ?? "", "log", "--format=%an %s", "main"], { encoding: "utf8" }).trim();
    expect(log).toBe("ada Begin");
  });

  it("leave a repository of somebody else alone", async () => {
    const at = `repoUrl: "${url()}"`;
    expect(await run(`    - { id: make, action: "github:repo:create", input: { ${at} } }\n`)).toMatchObject({
      status: "failed",
      outcome: { cause: expect.stringContaining("already") },
    });
    expect(await run(`    - { id: push, action: "github:repo:push", input: { ${at} } }\n`)).toMatchObject({
      status: "failed",
      outcome: { cause: expect.stringContaining("has commits already") },
    });
  });

  it("find an issue whose answer was lost instead of opening a second one", async () => {
    scene.fake.faults.add({ operation: "issues/create", when: "after", kind: "cut" });
    const ended = await run(`    - { id: issue, action: "github:issues:create", input: { repoUrl: "${url()}", title: Once } }\n`);
    expect(ended.status).toBe("succeeded");
    expect(repo.issues).toHaveLength(1);
  });
});

describe("secrets", () => {
  it("reach steps and nothing else: not the log, not the parameters, not the output, not the database", async () => {
    const steps = `    - { id: hook, action: "github:webhook", input: { repoUrl: "${url()}", webhookUrl: "https://ci.example.com/\${{ secrets.PATH_PART }}", webhookSecret: "\${{ secrets.token }}" } }
    - { id: say, action: "debug:log", input: { message: "token \${{ secrets.token }} parameters \${{ parameters | dump }}" } }
  output: { text: [{ title: Told, content: "\${{ secrets.token }} \${{ parameters.token }}" }] }
`;
    const ended = await run(steps, { token: "s3cret-t0ken" }, { PATH_PART: "hidden-part" });
    expect(ended.status).toBe("succeeded");
    expect(repo.extras.hooks).toMatchObject([{ config: { url: "https://ci.example.com/hidden-part", secret: "s3cret-t0ken" } }]);
    const everything = [await db().execute("select * from runs"), await db().execute("select * from run_log_lines"), await db().select().from(goldenPathRuns)];
    for (const secret of ["s3cret-t0ken", "hidden-part"]) expect(JSON.stringify(everything)).not.toContain(secret);
    expect(await db().select().from(goldenPathRuns)).toContainEqual(expect.objectContaining({ runId: ended.id, secretsSealed: null }));
  });
});

describe("who may run one", () => {
  it("is a member of the team, and a path that makes a service is refused", async () => {
    const name = await publish(PULL);
    const bo = await signedIn(await aPerson("bo", {}));
    expect(await outcome(runGoldenPath(bo, { name, values: { repoUrl: url() }, team: "checkout" }))).toBe("forbidden");
    const foreign = await publish(`${PULL}    - { id: far, action: "acme:launch" }\n`);
    const refused = await runGoldenPath(ada, { name: foreign, values: { repoUrl: url() } }).catch((error: Error) => error.message);
    expect(refused).toContain("needs the action acme:launch, which this Waymark does not have");
    const service = await publish("");
    expect(await outcome(runGoldenPath(ada, { name: service, values: { repoUrl: url() } }))).toBe("invalid");
  });
});
