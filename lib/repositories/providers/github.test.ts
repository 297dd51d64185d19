import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { env } from "@/lib/core/env";
import { newId } from "@/lib/core/id";
import { commitFile } from "@/lib/git/commit-file";
import { connectGithub } from "@/lib/platform/mutations";
import { type Fault, SECONDARY_LIMIT } from "@/tests/github/faults";
import { anEngineRun } from "@/tests/github/memory-run";
import { aForeignRepo, aScene, type Scene } from "@/tests/github/scene";
import { useOwnDatabase } from "@/tests/setup/own-database";
import { aPerson, signedIn } from "@/tests/setup/people";
import type { Repository } from "../contract";
import { NO_WISHES, type RepositorySpec } from "../provider";
import { commitInfo, commitsBetween, exportCommit, repositoryDir, resolveCommit } from "../source";
import { githubProvider } from "./github";

const dataDir = mkdtempSync(path.join(os.tmpdir(), "github-provider-"));
process.env["WAYMARK_DATA_DIR"] = dataDir;
useOwnDatabase();

const files = path.join(dataDir, "files");
const never = new AbortController().signal;
let scene: Scene;
let pat: Awaited<ReturnType<typeof signedIn>>;

const connect = (auth: Scene["app"]) =>
  connectGithub(pat, {
    apiUrl: scene.fake.apiUrl,
    owner: "acme",
    ...(auth.type === "app" ? { auth: "app" as const, appId: auth.appId, privateKey: auth.privateKey } : { auth: "token" as const, token: auth.token }),
  });

beforeAll(async () => {
  mkdirSync(path.join(files, ".github/workflows"), { recursive: true });
  writeFileSync(path.join(files, "README.md"), "# shop\n");
  writeFileSync(path.join(files, ".github/workflows/ci.yml"), "on: push\n");
  scene = await aScene();
  scene.org.teams.push("checkout");
  pat = await signedIn(await aPerson("pat", { role: "platform-admin" }));
  await connect(scene.app);
});
beforeEach(() => scene.fake.faults.clear());
afterAll(async () => {
  await scene.fake.stop();
  rmSync(dataDir, { recursive: true, force: true });
  expect(scene.fake.violations).toEqual([]);
});

let count = 0;
function aSpec(named?: string): RepositorySpec {
  count += 1;
  const name = named ?? `svc-${count}`;
  return {
    repositoryId: newId("repository"),
    owner: "acme",
    name,
    description: "Takes orders\nand pays",
    defaultBranch: "main",
    mark: `http://localhost:3000/runs/run_${name}`,
    visibility: "private",
    topics: ["Waymark", "node-express"],
    cloneUrl: "",
    wishes: NO_WISHES,
    team: "checkout",
    commit: { author: { name: "Ada", email: "ada@example.com" }, message: "First commit\n\nGolden-Path: node-express 1.0.0", at: new Date("2026-03-01T10:00:00Z") },
  };
}

async function flow(spec: RepositorySpec): Promise<{ cloneUrl: string; commit: string; lines: string[] }> {
  const run = anEngineRun();
  const { cloneUrl } = await githubProvider.ensureRepository(run, spec);
  const { commit } = await githubProvider.pushInitial(run, spec, files);
  await githubProvider.settings?.(run, spec);
  return { cloneUrl, commit, lines: run.lines };
}

const gitThere = (name: string, ...args: string[]) => execFileSync("git", ["--git-dir", scene.fake.state.repo("acme", name)?.dir ?? "", ...args], { encoding: "utf8" }).trim();

function expectWanted(name: string, commit: string): void {
  const repos = scene.fake.state.repos.filter((repo) => repo.name === name);
  expect(repos).toHaveLength(1);
  expect(repos[0]).toMatchObject({ isPrivate: true, isArchived: false, description: "Takes orders and pays", topics: ["waymark", "node-express"], access: { checkout: "push" } });
  expect(repos[0]?.rulesets.map((ruleset) => ruleset.name)).toEqual(["Waymark: default branch"]);
  expect(gitThere(name, "for-each-ref", "--format=%(refname) %(objectname)")).toBe(`refs/heads/main ${commit}`);
}

describe("a repository on GitHub", () => {
  it("is created private, filled, set up and protected; doing it again changes nothing", async () => {
    const spec = aSpec();
    const first = await flow(spec);
    expectWanted(spec.name, first.commit);
    expect(gitThere(spec.name, "ls-tree", "-r", "--name-only", "main").split("\n")).toEqual([".github/workflows/ci.yml", "README.md"]);
    const before = JSON.stringify(scene.fake.state.repos);
    expect((await flow(spec)).commit).toBe(first.commit);
    expect(JSON.stringify(scene.fake.state.repos)).toBe(before);
    expect(first.cloneUrl).toBe(`${scene.fake.url}/acme/${spec.name}.git`);
  });

  it("leaves no token on disk, in the remote address or in the log", async () => {
    const { lines } = await flow(aSpec());
    const tokens = scene.fake.state.tokens.map(({ value }) => value);
    const text = [
      ...lines,
      ...readdirSync(dataDir, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => readFileSync(path.join(entry.parentPath, entry.name), "latin1")),
    ].join("\n");
    expect(tokens.length).toBeGreaterThan(0);
    expect(tokens.some((token) => text.includes(token) || text.includes(Buffer.from(`x-access-token:${token}`).toString("base64")))).toBe(false);
  });

  it("keeps our commit when somebody pushed on top before the run was repeated", async () => {
    const spec = aSpec();
    const { commit } = await flow(spec);
    const tree = gitThere(spec.name, "rev-parse", "main^{tree}");
    const next = gitThere(spec.name, "-c", "user.name=Bo", "-c", "user.email=bo@example.com", "commit-tree", tree, "-p", "main", "-m", "Second");
    gitThere(spec.name, "update-ref", "refs/heads/main", next);
    expect((await flow(spec)).commit).toBe(commit);
    expect(gitThere(spec.name, "rev-parse", "main")).toBe(next);
  });
});

const BAD: Fault["kind"] = { status: 500 };
const EACH_FAULT: [string, Fault["when"], Fault["kind"]][] = [
  ["500 before", "before", BAD],
  ["500 after", "after", BAD],
  ["cut before", "before", "cut"],
  ["cut after", "after", "cut"],
  ["half an answer", "after", "half"],
  ["rate limit", "before", SECONDARY_LIMIT],
  ["404", "before", { status: 404, message: "Not Found" }],
  ["422", "before", { status: 422, message: "Validation Failed" }],
];
// Reads are tried three times before they fail; settings are plain "make it so" requests.
const FEW = new Set(["500 before", "cut after", "rate limit"]);
const SOME = new Set(["500 after", "cut after", "rate limit", "422"]);
const EACH_CALL = [
  "apps/get-org-installation",
  "apps/create-installation-access-token",
  "repos/get",
  "users/get-by-username",
  "repos/create-in-org",
  "git/info-refs",
  "git/receive-pack",
  "repos/replace-all-topics",
  "teams/add-or-update-repo-permissions-in-org",
  "repos/get-repo-rulesets",
  "repos/create-repo-ruleset",
];

describe("one call fails", () => {
  // Ends in the wanted state after retries by a person, whatever broke and wherever.
  it.each(EACH_CALL)(
    "%s, in every way",
    async (operation) => {
      const isRead = /\/get|access-token/.test(operation);
      const only = isRead ? FEW : /topics|teams|ruleset/.test(operation) ? SOME : null;
      for (const [title, when, kind] of EACH_FAULT.filter(([name]) => !only || only.has(name))) {
        const spec = aSpec();
        scene.fake.faults.clear();
        scene.fake.faults.add({ operation, when, kind, times: isRead ? 3 : 1 });
        expectWanted(spec.name, await untilDone(spec, title));
        expect(scene.fake.faults.hit.length, `${operation}: ${title} was never hit`).toBeGreaterThan(0);
      }
    },
    60_000,
  );
});

async function untilDone(spec: RepositorySpec, title: string): Promise<string> {
  for (let attempt = 0; attempt < 4; attempt += 1) {
    try {
      return (await flow(spec)).commit;
    } catch (error) {
      expect(error, title).toMatchObject({ name: "StepFailure", outcome: { whoCanFix: expect.any(String), nextAction: expect.stringMatching(/\.$/) } });
    }
  }
  throw new Error(`${title}: not done after four attempts`);
}

describe("what GitHub refuses", () => {
  const failure = (spec: RepositorySpec) =>
    flow(spec).then(
      () => null,
      (error: { outcome: { causeCode: string; cause: string; whoCanFix: string; nextAction: string } }) => error.outcome,
    );
  const isMade = (spec: RepositorySpec) => scene.fake.state.repo("acme", spec.name) !== undefined;

  it("a stranger's repository of the same name is left alone", async () => {
    const foreign = aForeignRepo(scene, "taken");
    const before = JSON.stringify(foreign);
    expect(await failure(aSpec("TAKEN"))).toMatchObject({ causeCode: "name-taken", whoCanFix: "you", nextAction: "Choose another name and start again." });
    expect(JSON.stringify(foreign)).toBe(before);
  });

  it("a stranger's commits in a repository of ours are left alone", async () => {
    const spec = aSpec();
    await githubProvider.ensureRepository(anEngineRun(), spec);
    const tree = gitThere(spec.name, "mktree", "--missing");
    const commit = gitThere(spec.name, "-c", "user.name=Bo", "-c", "user.email=bo@example.com", "commit-tree", tree, "-m", "Mine");
    gitThere(spec.name, "update-ref", "refs/heads/main", commit);
    for (let attempt = 0; attempt < 2; attempt += 1) expect(await failure(spec)).toMatchObject({ causeCode: "github-conflict" });
    expect(gitThere(spec.name, "rev-parse", "main")).toBe(commit);
  });

  it.each(["administration", "contents", "workflows"])("names the missing permission %s before anything is made, and goes on once it is granted", async (permission) => {
    const spec = aSpec();
    const { [permission]: level = "", ...rest } = scene.installation.permissions;
    scene.installation.permissions = rest;
    await connect(scene.app);
    expect(await failure(spec)).toMatchObject({ causeCode: "github-missing-permission", whoCanFix: "platform-team", cause: expect.stringMatching(new RegExp(permission, "i")) });
    expect(isMade(spec)).toBe(false);
    scene.installation.permissions = { ...rest, [permission]: level };
    expectWanted(spec.name, (await flow(spec)).commit);
  });

  it("a fine-grained token's missing right is named when GitHub refuses", async () => {
    const token = scene.fake.state.addToken({ login: "octo", permissions: { metadata: "read", contents: "write" } });
    await connect({ type: "token", token: token.value });
    const spec = aSpec();
    expect(await failure(spec)).toMatchObject({ causeCode: "github-missing-permission", cause: expect.stringContaining("Administration (read and write)") });
    token.permissions = { metadata: "read", contents: "write", administration: "write" };
    expect(await failure(spec)).toMatchObject({ cause: expect.stringContaining("Workflows (read and write)") });
    token.permissions = { ...token.permissions, workflows: "write" };
    expectWanted(spec.name, (await flow(spec)).commit);
    await connect(scene.app);
  });

  it("a suspended installation, a rate limit and single sign-on each say the way out", async () => {
    scene.installation.isSuspended = true;
    await connect(scene.token);
    await connect(scene.app);
    expect(await failure(aSpec())).toMatchObject({ causeCode: "github-suspended", nextAction: expect.stringContaining("unsuspend") });
    scene.installation.isSuspended = false;
    scene.fake.faults.add({ operation: "repos/create-in-org", when: "before", kind: SECONDARY_LIMIT });
    const spec = aSpec();
    expect(await failure(spec)).toMatchObject({ causeCode: "github-rate-limited", nextAction: expect.stringMatching(/^Wait until \d\d:\d\d UTC, then retry\.$/) });
    expect(isMade(spec)).toBe(false);
    const token = scene.fake.state.addToken({ login: "octo", needsSso: true });
    await connect({ type: "token", token: token.value });
    expect(await failure(aSpec())).toMatchObject({ causeCode: "github-single-sign-on", nextAction: expect.stringContaining("Configure SSO") });
    await connect(scene.app);
  });

  it("a plan without rules is said in the log, and the rest is set up", async () => {
    scene.org.plan = "free";
    const spec = aSpec();
    const { lines } = await flow(spec);
    scene.org.plan = "team";
    expect(lines.join("\n")).toContain("The default branch is not protected: the organisation's plan");
    expect(scene.fake.state.repo("acme", spec.name)).toMatchObject({ topics: ["waymark", "node-express"], rulesets: [] });
  });
});

describe("a change of a file", () => {
  const change = async (spec: RepositorySpec, cloneUrl: string) => {
    const repository = { id: spec.repositoryId, owner: "acme", name: spec.name, provider: "github", defaultBranch: "main", cloneUrl } as Repository;
    const from = await resolveCommit(repository, "main");
    const dir = await repositoryDir(repository, from);
    const file = { base: from, path: "README.md", text: "# shop, edited\n", author: spec.commit.author, message: "Edit shop\n", at: spec.commit.at };
    const commit = await commitFile(dir, "refs/waymark/edits/run_x", file);
    return githubProvider.deliver(anEngineRun(), repository, { dir, commit, from, title: "Edit shop in the catalog", body: "Made in the editor." });
  };

  it("becomes one pull request, however often it is repeated; the default branch stays", async () => {
    const spec = aSpec();
    const { cloneUrl, commit } = await flow(spec);
    const first = await change(spec, cloneUrl);
    expect(first).toMatchObject({ isProposal: true, title: expect.stringMatching(/^Pull request #\d+$/) });
    expect(await change(spec, cloneUrl)).toEqual(first);
    const pulls = scene.fake.state.repo("acme", spec.name)?.pulls ?? [];
    expect(pulls.map(({ title, base }) => [title, base])).toEqual([["Edit shop in the catalog", "main"]]);
    expect(gitThere(spec.name, "rev-parse", "main")).toBe(commit);
    expect(gitThere(spec.name, "cat-file", "blob", `${pulls[0]?.head}:README.md`)).toBe("# shop, edited");
  });
});

describe("reading what is at GitHub", () => {
  it("resolves, exports and lists commits from a copy that follows pushes", async () => {
    const spec = aSpec();
    const { cloneUrl, commit } = await flow(spec);
    const repository = { id: spec.repositoryId, owner: "acme", name: spec.name, provider: "github", defaultBranch: "main", cloneUrl } as Repository;
    expect(await resolveCommit(repository, "main")).toBe(commit);
    const out = path.join(dataDir, `out-${spec.name}`);
    mkdirSync(out);
    await exportCommit(repository, commit, out, never);
    expect(readFileSync(path.join(out, "README.md"), "utf8")).toBe("# shop\n");
    const next = gitThere(spec.name, "-c", "user.name=Bo", "-c", "user.email=bo@example.com", "commit-tree", "main^{tree}", "-p", "main", "-m", "Second");
    gitThere(spec.name, "update-ref", "refs/heads/main", next);
    expect((await commitsBetween(repository, commit, next)).map(({ sha, message }) => [sha, message])).toEqual([[next, "Second"]]);
    expect(await commitInfo(repository, next)).toMatchObject({ sha: next, subject: "Second", author: "Bo" });
    await expect(resolveCommit(repository, "nope")).rejects.toMatchObject({ code: "invalid", message: expect.stringContaining("Branches and tags: main.") });
    const fetched = scene.fake.asked.length;
    await commitInfo(repository, next);
    expect(scene.fake.asked.length).toBe(fetched);
    expect(await githubProvider.archive(anEngineRun(), { id: spec.repositoryId, owner: "acme", name: spec.name })).toEqual({ verified: "GitHub shows it as archived" });
    expect(await githubProvider.archive(anEngineRun(), { id: spec.repositoryId, owner: "acme", name: "never-there" })).toEqual({ verified: "it was already gone from GitHub" });
    expect(env().dataDir).toBe(dataDir);
  });

  it("sends the token nowhere but to GitHub", async () => {
    const repository = { id: newId("repository"), owner: "acme", name: "x", provider: "github", defaultBranch: "main", cloneUrl: "http://127.0.0.1:9/acme/x.git" } as Repository;
    await expect(resolveCommit(repository, "main")).rejects.toMatchObject({ code: "unavailable", message: expect.stringContaining("goes nowhere else") });
  });
});
