import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { eq } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { db } from "@/db/client";
import { runLogLines, workers } from "@/db/schema";
import { findEntity } from "@/lib/catalog/queries";
import { databaseNow } from "@/lib/core/ctx";
import { env } from "@/lib/core/env";
import type { HostKind } from "@/lib/hosts/contract";
import { connectHost, disconnectHost } from "@/lib/platform/mutations";
import { findRepository } from "@/lib/repositories/queries";
import type { Run } from "@/lib/runs/contract";
import { executeRun } from "@/lib/runs/engine/execute";
import type { RunKind } from "@/lib/runs/engine/types";
import { retryRun } from "@/lib/runs/mutations";
import { readRun } from "@/lib/runs/read";
import { TOKEN } from "@/tests/hosts/dialects";
import { type FakeHost, startFakeHost } from "@/tests/hosts/fake";
import { branchesOf } from "@/tests/hosts/state";
import { forgetWorker, workAndDie } from "@/tests/setup/killed-worker";
import { useOwnDatabase } from "@/tests/setup/own-database";
import { aPerson, aTeam, type SignedIn, signedIn } from "@/tests/setup/people";
import { createService } from "./create-service";
import { renderer } from "./engine/renderer";
import { publishFiles } from "./publish";
import { getGoldenPath } from "./queries";
import { serviceCreateRun } from "./run-service-create";
import { dryRunService } from "./service-dry-run";
import { upgradeService } from "./upgrade/mutations";
import { listPathServices } from "./upgrade/queries";
import { upgradeRun } from "./upgrade/run-upgrade";

process.env["WAYMARK_PRIVATE_HOSTS"] = "127.0.0.1";
const own = useOwnDatabase();
const dataDir = mkdtempSync(path.join(tmpdir(), "services-host-"));
const kinds = new Map([serviceCreateRun, upgradeRun].map((kind) => [kind.kind, kind as unknown as RunKind]));
const hosts = new Map<HostKind, FakeHost>();
const OWNERS: Record<HostKind, string> = { gitea: "acme", gitlab: "acme/platform", bitbucket: "acme/SHOP", azure: "acme/Shop Floor" };
let ada: SignedIn;
let pat: SignedIn;

const fakeOf = (kind: HostKind): FakeHost => {
  const fake = hosts.get(kind);
  if (!fake) throw new Error(`no ${kind}`);
  return fake;
};
const addressOf = (kind: HostKind) => new URL(fakeOf(kind).url).host;

beforeAll(async () => {
  env().dataDir = dataDir;
  await aTeam("checkout");
  ada = await signedIn(await aPerson("ada", { teams: { checkout: "owner" } }));
  pat = await signedIn(await aPerson("pat", { role: "platform-admin" }));
  for (const kind of Object.keys(OWNERS) as HostKind[]) {
    hosts.set(kind, await startFakeHost(kind));
    await connectHost({ ...pat, now: await databaseNow() }, { kind, url: fakeOf(kind).url, owner: OWNERS[kind], token: TOKEN });
  }
  await db().insert(workers).values({ id: "wrk_test", host: "test", pid: process.pid });
});
beforeEach(async () => {
  for (const fake of hosts.values()) fake.faults.clear();
  ada = { ...ada, now: await databaseNow() };
});
afterAll(async () => {
  await renderer().close();
  for (const fake of hosts.values()) await fake.stop();
  rmSync(dataDir, { recursive: true, force: true });
  for (const fake of hosts.values()) expect(fake.violations).toEqual([]);
});

const QUESTIONS =
  "[{ required: [name], properties: { name: { type: string }, repoUrl: { type: string, ui:field: RepoUrlPicker }, owner: { type: string, ui:field: OwnerPicker }, secret: { type: string, ui:field: Secret } } }]";
async function publish(name: string, steps: string, version = "1.0.0", app = "one\n"): Promise<void> {
  const head = `apiVersion: scaffolder.backstage.io/v1beta3\nkind: Template\nmetadata: { name: ${name}, title: Web, annotations: { waymark.dev/version: "${version}" } }\nspec:\n  type: service\n  parameters: ${QUESTIONS}\n  steps:\n`;
  const files = new Map(Object.entries({ "template.yaml": head + steps, "skeleton/app.js": app }).map(([file, text]) => [file, { content: Buffer.from(text), mode: 0o644 }]));
  const now = await databaseNow();
  await db().transaction((tx) => publishFiles(tx, files, { note: version, publishedBy: null, now }));
}
async function execute(id: string): Promise<Run> {
  await executeRun(id, "wrk_test", kinds, new Map());
  return readRun(db(), id);
}
const create = async (goldenPath: string, values: Record<string, unknown>) => createService({ ...ada, now: await databaseNow() }, { goldenPath, values });
const gitAt = (kind: HostKind, owner: string, name: string, ...args: string[]) => {
  const repo = fakeOf(kind).state.find(owner, name);
  if (!repo) throw new Error(`no ${name}`);
  return execFileSync("git", ["--git-dir", repo.dir, ...args], { encoding: "utf8" }).trim();
};
const logOf = async (id: string) => (await db().select({ text: runLogLines.text }).from(runLogLines).where(eq(runLogLines.runId, id))).map(({ text }) => text).join("\n");

const WRITE = '    - { id: write, action: "fetch:plain", input: { url: ./skeleton, targetPath: app } }\n';
// biome-ignore lint/suspicious/noTemplateCurlyInString: the code of a template
const SAY = '    - { id: say, action: "debug:log", input: { message: "${{ steps.publish.output | dump }}" } }\n';

describe("a golden path that publishes to another host", () => {
  it("makes the service at GitLab with its settings, branches and variables, whose secrets are in no log", async () => {
    await publish(
      "gitlab-web",
      `${WRITE}    - id: publish
      action: publish:gitlab
      input:
        repoUrl: "${addressOf("gitlab")}?owner=acme/platform&repo=\${{ parameters.name }}"
        defaultBranch: trunk
        sourcePath: app
        gitAuthorName: Robot
        settings: { merge_method: ff, topics: [web], ci_config_path: ci.yml }
        branches: [{ name: develop, create: true, ref: trunk, protect: true }]
        projectVariables: [{ key: TOKEN, value: "\${{ secrets.secret }}", masked: true }]
        setUserAsOwner: true
${SAY}    - { id: register, action: "catalog:register", input: { repoContentsUrl: "\${{ steps.publish.output.repoContentsUrl }}", catalogInfoPath: /catalog-info.yaml } }
`,
    );
    const shown = await getGoldenPath(ada, { name: "gitlab-web" });
    expect(shown).toMatchObject({ makes: "service", missingActions: [], publishesTo: ["gitlab"] });
    expect(shown.inputRemarks.map(({ input }) => input)).toEqual(["setUserAsOwner"]);
    const failed = await execute((await create("gitlab-web", { name: "no-entry", secret: "t0p-secret-value" })).run.id);
    expect(failed).toMatchObject({ status: "failed", outcome: { causeCode: "bad-template", cause: expect.stringContaining("catalog-info.yaml") } });
    const repo = fakeOf("gitlab").state.find("acme/platform", "no-entry");
    expect(repo).toMatchObject({
      settings: { merge_method: "ff", ci_config_path: "ci.yml" },
      topics: ["web"],
      variables: [{ key: "TOKEN", value: "t0p-secret-value", masked: true, environment_scope: "*" }],
    });
    expect(repo && branchesOf(repo)).toEqual(["develop", "trunk"]);
    expect(repo?.protections.map(({ name }) => name)).toEqual(["develop", "trunk"]);
    expect(gitAt("gitlab", "acme/platform", "no-entry", "log", "-1", "--format=%an", "trunk")).toBe("Robot");
    expect(gitAt("gitlab", "acme/platform", "no-entry", "ls-tree", "-r", "--name-only", "trunk").split("\n")).toContain("app.js");
    const log = await logOf(failed.id);
    expect(log).toContain('"projectId":');
    expect(log).not.toContain("t0p-secret-value");
  });

  it.each([
    ["gitea", "publish:gitea", "owner=acme", "acme", "acme"],
    ["gitlab", "publish:gitlab", "owner=acme/platform", "acme/platform", "acme.platform"],
    ["bitbucket", "publish:bitbucketCloud", "workspace=acme&project=SHOP", "acme", "acme"],
    ["azure", "publish:azure", "organization=acme&project=Shop Floor", "acme/Shop Floor", "acme.Shop-Floor"],
  ] as const)("%s: is planned, made, registered and upgraded there", async (kind, action, at, owner, shownOwner) => {
    const name = `${kind}-svc`;
    const step = `    - { id: publish, action: "${action}", input: { repoUrl: "${addressOf(kind)}?${at}&repo=\${{ parameters.name }}", description: Sells, defaultBranch: main } }\n`;
    const write = WRITE.replace(", targetPath: app", "");
    await publish(name, write + step + SAY);
    const planned = await dryRunService(ada, { name, values: { name: `${kind}-shop` } });
    expect(planned.made).toMatchObject({ provider: kind, repository: `${shownOwner}/${kind}-shop` });
    const made = await create(name, { name: `${kind}-shop` });
    expect(made.service.repository).toMatchObject({ provider: kind, owner: shownOwner });
    const run = await execute(made.run.id);
    expect(run).toMatchObject({ status: "succeeded" });
    expect(run.steps.map(({ name: one }) => one)).toEqual(["check", "render", "repository", "commit", "settings", "register"]);
    const repository = await findRepository(db(), { entityRef: `component:default/${kind}-shop` });
    expect(repository).toMatchObject({ provider: kind, owner: shownOwner, name: `${kind}-shop`, defaultBranch: "main" });
    expect(await findEntity(db(), `component:default/${kind}-shop`)).toMatchObject({ ownerRef: "group:default/checkout", repositoryId: repository?.id });
    await publish(name, write + step + SAY, "1.1.0", "two\n");
    const upgraded = await execute((await upgradeService({ ...ada, now: await databaseNow() }, { service: `${kind}-shop` })).run.id);
    expect(upgraded).toMatchObject({ status: "succeeded" });
    const repo = fakeOf(kind).state.find(owner, `${kind}-shop`);
    expect(repo?.changes).toMatchObject([{ branch: `waymark/upgrade-${name}`, base: "main", isOpen: true }]);
    expect(gitAt(kind, owner, `${kind}-shop`, "show", `waymark/upgrade-${name}:app.js`)).toBe("two");
    const [state] = (await listPathServices(pat, { name })).items;
    expect(state).toMatchObject({ provider: kind, behind: 1, pullRequest: { number: repo?.changes[0]?.number, to: "1.1.0" } });
    expect(upgraded.outcome?.evidence[0]?.url).toBe(state?.pullRequest?.url);
  });

  it("takes the step whose condition holds, and refuses a host that is not the connected one", async () => {
    const steps = `${WRITE.replace(", targetPath: app", "")}    - { id: one, if: "\${{ (parameters.repoUrl | parseRepoUrl).host == 'github.com' }}", action: "publish:github", input: { repoUrl: "\${{ parameters.repoUrl }}" } }
    - { id: two, if: "\${{ (parameters.repoUrl | parseRepoUrl).host != 'github.com' }}", action: "publish:gitea", input: { repoUrl: "\${{ parameters.repoUrl }}", description: x } }
`;
    await publish("either", steps);
    const at = (host: string, repo: string) => ({ name: repo, repoUrl: `${host}?owner=acme&repo=${repo}` });
    expect((await dryRunService(ada, { name: "either", values: at(addressOf("gitea"), "one-a") })).made).toMatchObject({ provider: "gitea" });
    expect((await dryRunService(ada, { name: "either", values: at("github.com", "one-b") })).made).toMatchObject({ provider: "waymark" });
    await expect(create("either", at("gitea.example.com", "one-c"))).rejects.toMatchObject({
      fields: [{ path: "values.repoUrl", message: expect.stringContaining("is connected at") }],
    });
    const run = await execute((await create("either", at(addressOf("gitea"), "one-d"))).run.id);
    expect(run).toMatchObject({ status: "succeeded" });
    expect(fakeOf("gitea").state.find("acme", "one-d")).not.toBeNull();
  });

  it("goes on with a retry after a failure, and leaves a stranger's repository alone", async () => {
    fakeOf("gitea").faults.add({ operation: "repoCreateBranchProtection", when: "before", kind: { status: 403, message: "no" } });
    const first = await execute((await create("gitea-svc", { name: "again" })).run.id);
    expect(first).toMatchObject({ status: "failed", outcome: { causeCode: "host-missing-permission", failingStep: "settings" } });
    await retryRun({ ...ada, now: await databaseNow() }, { id: first.id });
    expect(await execute(first.id)).toMatchObject({ status: "succeeded" });
    fakeOf("gitea").state.add({ owner: "acme", name: "theirs" });
    expect(await execute((await create("gitea-svc", { name: "theirs" })).run.id)).toMatchObject({ status: "failed", outcome: { causeCode: "name-taken", whoCanFix: "you" } });
  });

  it("makes one repository with one commit wherever its worker is killed, also at a host that keeps no mark", async () => {
    const deaths = [
      { kind: "gitlab", death: "repository:after" },
      ...["repository:after", "commit:after", "settings:after"].map((death) => ({ kind: "azure" as const, death })),
    ] as const;
    // One after the other: a worker also takes runs that were asked for after its own.
    for (const { kind, death } of deaths) {
      const name = `killed-${death.split(":")[0]}`;
      const { run } = await create(`${kind}-svc`, { name: `${kind}-${name}` });
      expect(await workAndDie(own.current().appUrl, run.id, `wrk_${kind}_${death}`, death)).toBe("SIGKILL");
      await forgetWorker(`wrk_${kind}_${death}`);
      expect(await workAndDie(own.current().appUrl, run.id, `wrk_next_${kind}_${death}`, "")).toBeNull();
      expect(await readRun(db(), run.id)).toMatchObject({ status: "succeeded" });
      expect(fakeOf(kind).state.repos.filter((one) => one.name === `${kind}-${name}`)).toHaveLength(1);
      expect(gitAt(kind, OWNERS[kind], `${kind}-${name}`, "rev-list", "--count", "--all")).toBe("1");
    }
  }, 180_000);

  it("uses the own git server where the host is not connected", async () => {
    await disconnectHost({ ...pat, now: await databaseNow() }, { kind: "azure" });
    expect((await dryRunService(ada, { name: "azure-svc", values: { name: "nowhere" } })).made).toMatchObject({ provider: "waymark", repository: "checkout/nowhere" });
  });
});
