import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { eq } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { db } from "@/db/client";
import { integrations, repositories, teams } from "@/db/schema";
import { databaseNow } from "@/lib/core/ctx";
import { env } from "@/lib/core/env";
import { newId } from "@/lib/core/id";
import { hostAdapter } from "@/lib/hosts";
import { HOST_KINDS, type HostKind } from "@/lib/hosts/contract";
import { connectHost, disconnectHost } from "@/lib/platform/mutations";
import { listHosts, testHost } from "@/lib/platform/queries";
import { anEngineRun } from "@/tests/github/memory-run";
import { TOKEN } from "@/tests/hosts/dialects";
import { type FakeHost, startFakeHost } from "@/tests/hosts/fake";
import { branchesOf, type HostedRepo } from "@/tests/hosts/state";
import { useOwnDatabase } from "@/tests/setup/own-database";
import { aPerson, aTeam, outcome, type SignedIn, signedIn } from "@/tests/setup/people";
import type { Repository } from "../contract";
import { type MadeRepository, NO_WISHES, type RepositorySpec } from "../provider";
import { commitInfo, exportCommit, resolveCommit } from "../source";
import { hostedProvider } from "./hosted";

process.env["WAYMARK_PRIVATE_HOSTS"] = "127.0.0.1";
useOwnDatabase();
const dataDir = mkdtempSync(path.join(os.tmpdir(), "hosted-provider-"));
const files = path.join(dataDir, "files");
let pat: SignedIn;
let teamId: string;
let count = 0;

beforeAll(async () => {
  env().dataDir = dataDir;
  mkdirSync(path.join(files, "src"), { recursive: true });
  writeFileSync(path.join(files, "README.md"), "# shop\n");
  writeFileSync(path.join(files, "src/run.sh"), "#!/bin/sh\n", { mode: 0o755 });
  pat = await signedIn(await aPerson("pat", { role: "platform-admin" }));
  await aTeam("checkout");
  teamId = (await db().select().from(teams))[0]?.id ?? "";
});
afterAll(() => rmSync(dataDir, { recursive: true, force: true }));

/** Owner in the connection, where a repository is then found at the double, and the operations of making one. */
const KINDS: Record<HostKind, { owner: string; there: string; create: string; find: string; protect: string; settings: string }> = {
  gitea: { owner: "acme", there: "acme", create: "createOrgRepo", find: "repoGet", protect: "repoCreateBranchProtection", settings: "repoListBranchProtection" },
  gitlab: { owner: "acme/platform", there: "acme/platform", create: "create-project", find: "project", protect: "protect-branch", settings: "protected-branch" },
  bitbucket: {
    owner: "acme/SHOP",
    there: "acme",
    create: "post /repositories/{workspace}/{repo_slug}",
    find: "get /repositories/{workspace}/{repo_slug}",
    protect: "post /repositories/{workspace}/{repo_slug}/branch-restrictions",
    settings: "get /repositories/{workspace}/{repo_slug}/branch-restrictions",
  },
  azure: {
    owner: "acme/Shop Floor",
    there: "acme/Shop Floor",
    create: "Repositories_Create",
    find: "Repositories_Get",
    protect: "Configurations_Create",
    settings: "Configurations_List",
  },
};

describe.each(HOST_KINDS)("%s", (kind) => {
  const provider = hostedProvider(kind);
  const of = KINDS[kind];
  let fake: FakeHost;

  beforeAll(async () => {
    fake = await startFakeHost(kind);
    await connectHost({ ...pat, now: await databaseNow() }, { kind, url: fake.url, owner: of.owner, token: TOKEN });
  });
  beforeEach(() => fake.faults.clear());
  afterAll(async () => {
    await fake.stop();
    expect(fake.violations).toEqual([]);
  });

  async function aSpec(more: Partial<RepositorySpec> = {}): Promise<RepositorySpec> {
    count += 1;
    const name = `svc-${count}`;
    const repositoryId = newId("repository");
    const cloneUrl = hostAdapter(kind).cloneUrl(fake.url, { owner: of.owner, name });
    const row = {
      id: repositoryId,
      owner: of.owner.replaceAll("/", ".").replaceAll(" ", "-"),
      name,
      provider: kind,
      status: "creating" as const,
      cloneUrl,
      webUrl: "",
      teamId,
      createdAt: await databaseNow(),
    };
    await db().insert(repositories).values(row);
    return {
      ...{
        repositoryId,
        owner: row.owner,
        name,
        cloneUrl,
        description: "Takes orders",
        defaultBranch: "main",
        mark: `http://localhost:3000/runs/run_${name}`,
        visibility: "private",
      },
      ...{ topics: [], team: "checkout", wishes: NO_WISHES },
      commit: { author: { name: "Ada", email: "ada@example.com" }, message: "First commit", at: new Date("2026-03-01T10:00:00Z") },
      ...more,
    };
  }
  const there = (spec: RepositorySpec): HostedRepo | null => fake.state.find(of.there, spec.name);
  const gitThere = (repo: HostedRepo, ...args: string[]) => execFileSync("git", ["--git-dir", repo.dir, ...args], { encoding: "utf8" }).trim();

  /** What a step that ended gave: it is not begun again, as in the engine. */
  const checkpoints = new Map<string, MadeRepository>();

  async function make(spec: RepositorySpec) {
    const run = anEngineRun();
    const addresses = checkpoints.get(spec.name) ?? (await provider.ensureRepository(run, spec));
    checkpoints.set(spec.name, addresses);
    const { commit } = await provider.pushInitial(run, spec, files);
    await provider.settings?.(run, spec);
    return { ...addresses, commit, run };
  }

  it("says who the token is, and what is wrong where it is", async () => {
    expect(await testHost(pat, { kind })).toEqual({ identity: expect.any(String), problem: null });
    const { items } = await listHosts(pat, {});
    expect(items.find((one) => one.kind === kind)).toMatchObject({ isConnected: true, owner: of.owner, url: fake.url });
    const [row] = await db().select().from(integrations).where(eq(integrations.name, kind));
    expect(JSON.stringify([row, items])).not.toContain(TOKEN);
  });

  it("makes the repository, pushes, protects the branch; the same again changes nothing", async () => {
    const spec = await aSpec();
    const first = await make(spec);
    const repo = there(spec);
    expect(repo).toMatchObject({ visibility: "private", ...(kind === "bitbucket" ? { project: "SHOP" } : {}) });
    if (!repo) return;
    expect(first.cloneUrl).toBe(spec.cloneUrl);
    expect(gitThere(repo, "rev-parse", "main")).toBe(first.commit);
    expect(gitThere(repo, "ls-tree", "-r", "main")).toContain("100755");
    expect(repo.protections.length).toBeGreaterThan(0);
    // A host that keeps a description tells what is ours also where the checkpoint was lost.
    if (hostAdapter(kind).keepsDescription) expect(await provider.ensureRepository(anEngineRun(), spec)).toMatchObject({ cloneUrl: spec.cloneUrl });
    const again = await make(spec);
    expect([again.commit, again.cloneUrl]).toEqual([first.commit, first.cloneUrl]);
    expect(fake.state.repos.filter(({ name }) => name === spec.name)).toHaveLength(1);
    expect(repo.protections).toHaveLength(kind === "bitbucket" ? 2 : 1);
    expect(first.run.lines.join("\n")).not.toContain(TOKEN);
  });

  it("is read from a copy here afterwards, changed by a pull request, and ended", async () => {
    const spec = await aSpec();
    const { commit, cloneUrl, webUrl } = await make(spec);
    await db().update(repositories).set({ status: "ready", webUrl }).where(eq(repositories.id, spec.repositoryId));
    const repository = { id: spec.repositoryId, owner: spec.owner, name: spec.name, provider: kind, defaultBranch: "main", cloneUrl, webUrl } as Repository;
    expect(await resolveCommit(repository, "main")).toBe(commit);
    expect(await commitInfo(repository, commit)).toMatchObject({ subject: "First commit", author: "Ada" });
    const out = mkdtempSync(path.join(dataDir, "out-"));
    await exportCommit(repository, commit, out, new AbortController().signal);
    expect(readFileSync(path.join(out, "README.md"), "utf8")).toBe("# shop\n");
    const repo = there(spec);
    if (!repo) throw new Error("it is not there");
    const change = gitThere(repo, "-c", "user.name=Bo", "-c", "user.email=bo@example.com", "commit-tree", "main^{tree}", "-p", "main", "-m", "Edit");
    const proposed = { dir: repo.dir, commit: change, from: commit, title: "Edit shop", body: "By Waymark" };
    const delivered = await provider.deliver(anEngineRun(), repository, proposed);
    expect(delivered).toMatchObject({ isProposal: true, url: expect.stringContaining(spec.name) });
    fake.faults.clear();
    expect(await provider.deliver(anEngineRun(), repository, proposed)).toEqual(delivered);
    expect(repo.changes).toMatchObject([{ title: "Edit shop", branch: `waymark/edit-${change.slice(0, 12)}`, base: "main", isOpen: true }]);
    const at = { id: spec.repositoryId, owner: spec.owner, name: spec.name };
    expect((await provider.openWork(at)).pullRequests).toMatchObject([{ title: "Edit shop" }]);
    expect((await provider.closeWork(anEngineRun(), at)).pullRequests).toHaveLength(1);
    expect((await provider.openWork(at)).pullRequests).toEqual([]);
    const { verified } = await provider.archive(anEngineRun(), at);
    expect(verified).toMatch(repo.isArchived ? /shows it as archived/ : /cannot make a repository read-only/);
  });

  it("leaves a stranger's repository of the same name alone", async () => {
    const spec = await aSpec();
    const foreign = fake.state.add({ owner: of.there, name: spec.name, description: "Somebody's" });
    await expect(provider.ensureRepository(anEngineRun(), spec)).rejects.toMatchObject({
      outcome: { causeCode: "name-taken", whoCanFix: "you", cause: expect.stringContaining("left alone"), evidence: [{ url: expect.stringContaining(spec.name) }] },
    });
    expect(branchesOf(foreign)).toEqual([]);
    expect(foreign.description).toBe("Somebody's");
  });

  it("leaves one alone that somebody makes in the very moment", async () => {
    const spec = await aSpec();
    fake.faults.add({ operation: of.find, when: "before", kind: { status: 404, message: "404 Not Found" } });
    fake.state.add({ owner: of.there, name: spec.name, description: "Somebody's" });
    await expect(provider.ensureRepository(anEngineRun(), spec)).rejects.toMatchObject({ outcome: { causeCode: "name-taken" } });
  });

  it.each([
    ["create", "before", "cut"],
    ["create", "after", "cut"],
    ["create", "before", { status: 502 }],
    ["create", "after", { status: 500 }],
    ["git/info-refs", "before", "cut"],
    ["git/receive-pack", "before", "cut"],
    ["git/receive-pack", "after", "cut"],
    ["settings", "before", "cut"],
    ["protect", "before", "cut"],
    ["protect", "after", "cut"],
    ["protect", "after", { status: 500 }],
    ["find", "before", { status: 503 }],
  ] as const)("ends in the wanted state, once, also when %s is lost %s its effect (%j)", async (what, when, fault) => {
    const spec = await aSpec();
    const operation = what in of ? of[what as keyof typeof of] : what;
    fake.faults.add({ operation, when, kind: fault });
    let made: Awaited<ReturnType<typeof make>> | null = null;
    for (let attempt = 1; made === null && attempt <= 3; attempt += 1) made = await make(spec).catch(() => null);
    expect(fake.faults.hit).toEqual([operation]);
    const repo = there(spec);
    expect(made).not.toBeNull();
    expect(fake.state.repos.filter(({ name }) => name === spec.name)).toHaveLength(1);
    if (!repo) return;
    expect(gitThere(repo, "rev-parse", "main")).toBe(made?.commit);
    expect(gitThere(repo, "rev-list", "--count", "main")).toBe("1");
    expect(repo.protections).toHaveLength(kind === "bitbucket" ? 2 : 1);
  });

  it("names a bad token, missing rights, and a host that is gone", async () => {
    const now = await databaseNow();
    await connectHost({ ...pat, now }, { kind, url: fake.url, owner: of.owner, token: "another-token" });
    expect(await testHost(pat, { kind })).toMatchObject({ identity: null, problem: { cause: expect.stringContaining("does not accept the token"), whoCanFix: "platform-team" } });
    await expect(provider.ensureRepository(anEngineRun(), await aSpec())).rejects.toMatchObject({ outcome: { causeCode: "host-bad-credentials" } });
    await connectHost({ ...pat, now }, { kind, url: fake.url, owner: of.owner, token: TOKEN });
    fake.faults.add({ operation: of.find, when: "before", kind: { status: 203, message: "sign in" } });
    await expect(provider.ensureRepository(anEngineRun(), await aSpec())).rejects.toMatchObject({ outcome: { causeCode: "host-bad-credentials" } });
    fake.faults.add({ operation: of.find, when: "before", kind: { status: 302, headers: { location: "/elsewhere" } } });
    await expect(provider.ensureRepository(anEngineRun(), await aSpec())).rejects.toMatchObject({
      outcome: { causeCode: "host-not-found", cause: expect.stringContaining("leads elsewhere") },
    });
    fake.faults.add({ operation: of.create, when: "before", kind: { status: 403, message: "insufficient scope" } });
    await expect(provider.ensureRepository(anEngineRun(), await aSpec())).rejects.toMatchObject({
      outcome: { causeCode: "host-missing-permission", cause: expect.stringContaining("insufficient scope") },
    });
    expect(await outcome(disconnectHost({ ...pat, now }, { kind }))).toBe("done");
    await expect(provider.ensureRepository(anEngineRun(), await aSpec())).rejects.toMatchObject({
      outcome: { causeCode: "host-not-connected", nextAction: expect.stringContaining("Integrations") },
    });
    await connectHost({ ...pat, now }, { kind, url: fake.url, owner: of.owner, token: TOKEN });
  });
});
