import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { db } from "@/db/client";
import { workers } from "@/db/schema";
import { databaseNow } from "@/lib/core/ctx";
import { env } from "@/lib/core/env";
import { bareRepositoryDir } from "@/lib/git/bare";
import { connectGithub } from "@/lib/platform/mutations";
import { findRepository } from "@/lib/repositories/queries";
import { executeRun } from "@/lib/runs/engine/execute";
import type { RunKind } from "@/lib/runs/engine/types";
import { readRun } from "@/lib/runs/read";
import { aScene, type Scene } from "@/tests/github/scene";
import { useOwnDatabase } from "@/tests/setup/own-database";
import { aPerson, aTeam, type SignedIn, signedIn } from "@/tests/setup/people";
import { createService } from "./create-service";
import { parseDefinition } from "./definition";
import { renderer } from "./engine/renderer";
import { readTemplateFolder } from "./engine/template-folder";
import { lintFiles } from "./lint/lint";
import { publishFiles } from "./publish";
import { serviceCreateRun } from "./run-service-create";

// Templates of other people, unmodified, at fixed commits. They are not part of this repository: `npm run test:public-templates` fetches them.

interface Listed {
  repository: string;
  commit: string;
  path: string;
  values: Record<string, unknown>;
  /** What the import has to say; in the list of templates that do not run. */
  lacks: string[];
}

const FETCHED = process.env.WAYMARK_PUBLIC_TEMPLATES ?? "";
const listed = JSON.parse(readFileSync("tests/public-templates/templates.json", "utf8")) as { run: Listed[]; report: Listed[] };

useOwnDatabase();
const parent = mkdtempSync(path.join(tmpdir(), "public-templates-"));
const kinds = new Map([[serviceCreateRun.kind, serviceCreateRun as unknown as RunKind]]);
let scene: Scene;
let ada: SignedIn;

beforeAll(async () => {
  if (!FETCHED) throw new Error("WAYMARK_PUBLIC_TEMPLATES is not set. Run npm run test:public-templates.");
  env().dataDir = path.join(parent, "data");
  scene = await aScene();
  scene.org.teams.push("checkout");
  await aTeam("checkout");
  ada = await signedIn(await aPerson("ada", { teams: { checkout: "member" } }));
  await db().insert(workers).values({ id: "wrk_test", host: "test", pid: process.pid });
});
beforeEach(async () => {
  ada = { ...ada, now: await databaseNow() };
});
afterAll(async () => {
  await renderer().close();
  await scene?.fake.stop();
  rmSync(parent, { recursive: true, force: true });
  expect(scene?.fake.violations).toEqual([]);
});

async function filesOf({ repository, commit, path: below }: Listed) {
  const dir = mkdtempSync(path.join(parent, "files-"));
  mkdirSync(path.join(dir, "all"));
  const archive = execFileSync("git", ["-C", path.join(FETCHED, repository.replace("/", "+")), "archive", commit, below], { maxBuffer: 256 * 1024 * 1024 });
  execFileSync("tar", ["-x", "-C", path.join(dir, "all")], { input: archive });
  return readTemplateFolder(path.join(dir, "all", below));
}

async function publish(one: Listed): Promise<string> {
  const files = await filesOf(one);
  const now = await databaseNow();
  const { name } = await db().transaction((tx) => publishFiles(tx, files, { note: "imported", publishedBy: null, now }));
  return name;
}

async function make(goldenPath: string, one: Listed, provider: "waymark" | "github") {
  const made = await createService(ada, { goldenPath, values: one.values, team: "checkout", provider });
  await executeRun(made.run.id, "wrk_test", kinds, new Map());
  return { ...made, run: await readRun(db(), made.run.id) };
}

const title = ({ repository, path: below }: Listed) => `${repository} ${below}`;

describe.each(listed.run.map((one) => [title(one), one] as const))("%s", (_title, one) => {
  it("can be imported without an error", async () => {
    const definition = parseDefinition((await filesOf(one)).get("template.yaml")?.content.toString() ?? "");
    const { findings } = await lintFiles(await filesOf(one), { thread: renderer(), name: definition.metadata.name });
    expect(findings.filter(({ severity, rule }) => severity === "error" && rule !== "concepts")).toEqual([]);
  });

  it("makes a service on the own git server, with every file rendered", async () => {
    const { run, service } = await make(await publish(one), one, "waymark");
    expect(run.outcome?.cause ?? null).toBeNull();
    expect(run.outcome).toMatchObject({ summary: expect.stringContaining("is ready to be cloned") });
    expect(await findRepository(db(), { id: service.repository.id })).toMatchObject({ status: "ready" });
    const git = (...args: string[]) => execFileSync("git", ["--git-dir", bareRepositoryDir(service.repository.id), ...args], { encoding: "utf8" });
    const [branch] = git("for-each-ref", "--format=%(refname:short)", "refs/heads").trim().split("\n");
    const names = git("ls-tree", "-r", "--name-only", branch ?? "")
      .trim()
      .split("\n");
    expect(names).toEqual(expect.arrayContaining([".waymark/provenance.json", "catalog-info.yaml"]));
    expect(git("show", `${branch}:catalog-info.yaml`)).not.toMatch(/\$\{\{ *(values|parameters)/);
  });
});

describe("on GitHub", () => {
  beforeAll(async () => {
    const pat = await signedIn(await aPerson("pat", { role: "platform-admin" }));
    if (scene.app.type === "app") await connectGithub(pat, { auth: "app", apiUrl: scene.fake.apiUrl, owner: "acme", appId: scene.app.appId, privateKey: scene.app.privateKey });
  });

  const asksWhere = listed.run.filter(({ values }) => typeof values.repoUrl === "string");
  it.each(asksWhere.map((one) => [title(one), one] as const))("%s makes a service there", async (_title, one) => {
    const repoUrl = `${one.values.repoUrl}-there`;
    const renamed = Object.fromEntries(Object.entries(one.values).map(([key, value]) => [key, ["component_id", "appId"].includes(key) ? `${value}-there` : value]));
    const { run } = await make(await publish(one), { ...one, values: { ...renamed, repoUrl } }, "github");
    expect(run.outcome?.cause ?? null).toBeNull();
    expect(run.outcome).toMatchObject({ summary: expect.stringContaining("is ready to be cloned") });
    expect(scene.fake.state.repo("acme", repoUrl.split("repo=")[1] ?? "")).toBeTruthy();
  });
});

describe("what does not run", () => {
  it.each(listed.report.map((one) => [title(one), one] as const))("%s: the import names what it lacks", async (_title, one) => {
    const files = await filesOf(one);
    const { findings } = await lintFiles(files, { thread: renderer(), name: path.basename(one.path) });
    const lacks = findings.filter(({ rule }) => rule === "unknown-action" || rule === "missing-files").map(({ message }) => message);
    for (const name of one.lacks) expect(lacks.join("\n"), name).toContain(name);
    expect(new Set(lacks.map((message) => one.lacks.find((name) => message.includes(name)) ?? message))).toEqual(new Set(one.lacks));
  });
});
