import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { eq } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { db } from "@/db/client";
import { auditEvents, repositories, repositoryPushes, runs, workers } from "@/db/schema";
import { findEntity } from "@/lib/catalog/queries";
import { databaseNow } from "@/lib/core/ctx";
import { env } from "@/lib/core/env";
import { bareRepositoryDir } from "@/lib/git/bare";
import { findRepository } from "@/lib/repositories/queries";
import { executeRun } from "@/lib/runs/engine/execute";
import type { RunKind } from "@/lib/runs/engine/types";
import { readRun } from "@/lib/runs/read";
import { useOwnDatabase } from "@/tests/setup/own-database";
import { aPerson, aTeam, outcome, type SignedIn, signedIn } from "@/tests/setup/people";
import { createService } from "./create-service";
import { renderer } from "./engine/renderer";
import { readPathFolder } from "./engine/template-folder";
import { publishFiles } from "./publish";
import { serviceCreateRun } from "./run-service-create";

useOwnDatabase();
const git = promisify(execFile);
const parent = mkdtempSync(path.join(tmpdir(), "services-"));
const kinds = new Map([serviceCreateRun].map((kind) => [kind.kind, kind as unknown as RunKind]));
let ada: SignedIn;
let bo: SignedIn;

/** A template of the given steps, with one question and a secret one. */
const template = (name: string, steps: string) => `apiVersion: scaffolder.backstage.io/v1beta3
kind: Template
metadata: { name: ${name}, title: ${name}, annotations: { waymark.dev/version: "1.0.0" } }
spec:
  type: service
  parameters:
    - required: [name]
      properties:
        name: { type: string }
        description: { type: string }
        owner: { type: string, ui:field: OwnerPicker }
        token: { type: string, ui:field: Secret }
  steps:
    - { id: write, action: "fetch:template", input: { url: ./skeleton, values: { name: "\${{ parameters.name }}", token: "\${{ secrets.token }}" } } }
${steps}`;

const PUBLISH = `    - { id: publish, action: "publish:github", input: { repoUrl: "git.example.com?repo=\${{ parameters.name }}&owner=x", gitCommitMessage: "Begin", defaultBranch: trunk } }
    - { id: say, action: "debug:log", input: { message: "at \${{ steps.publish.output.remoteUrl }} \${{ steps.publish.output.commitHash }}" } }
    - { id: register, action: "catalog:register", input: { catalogInfoPath: /catalog-info.yaml } }
    - { action: "debug:log", input: { message: "as \${{ steps.register.output.entityRef }}" } }
  output: { links: [{ title: Docs, url: "https://docs.example.com/\${{ parameters.name }}" }, { title: Bad, url: "javascript:alert(1)" }] }`;
// biome-ignore-start lint/suspicious/noTemplateCurlyInString: the code of templates
const CATALOG =
  "apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata:\n  name: ${{ values.name }}\nspec:\n  type: service\n  lifecycle: production\n  owner: group:default/checkout\n";

async function publish(name: string, steps: string, skeleton: Record<string, string>) {
  const files = Object.entries({ "template.yaml": template(name, steps), ...Object.fromEntries(Object.entries(skeleton).map(([file, text]) => [`skeleton/${file}`, text])) });
  const now = await databaseNow();
  await db().transaction((tx) =>
    publishFiles(tx, new Map(files.map(([file, text]) => [file, { content: Buffer.from(text), mode: 0o644 }])), { note: "test", publishedBy: null, now }),
  );
}

beforeAll(async () => {
  env().dataDir = path.join(parent, "data");
  await aTeam("checkout");
  await aTeam("search");
  ada = await signedIn(await aPerson("ada", { teams: { checkout: "member" } }));
  bo = await signedIn(await aPerson("bo", { teams: { search: "member" } }));
  await db().insert(workers).values({ id: "wrk_test", host: "test", pid: process.pid });
  const now = await databaseNow();
  const shipped = await readPathFolder("golden-paths/node-express");
  await db().transaction((tx) => publishFiles(tx, shipped, { note: "test", publishedBy: null, now }));
  await publish("whole", PUBLISH, { "catalog-info.yaml": CATALOG, "secret.txt": "${{ values.token }}" });
  await publish("plain", "", { "README.md": "# ${{ values.name }}\n" });
  await publish("broken", "", { "README.md": "{% if %}" });
  await publish("no-catalog", `${PUBLISH.split("\n")[0]}\n${PUBLISH.split("\n")[2]}`, { "README.md": "x" });
});
// biome-ignore-end lint/suspicious/noTemplateCurlyInString: the code of templates
beforeEach(async () => {
  ada = { ...ada, now: await databaseNow() };
});
afterAll(async () => {
  await renderer().close();
  rmSync(parent, { recursive: true, force: true });
});

async function make(goldenPath: string, values: Record<string, unknown>, more: Partial<Parameters<typeof createService>[1]> = {}) {
  const made = await createService(ada, { goldenPath, values, ...more });
  await executeRun(made.run.id, "wrk_test", kinds, new Map());
  return { ...made, run: await readRun(db(), made.run.id) };
}

const show = (id: string, what: string) => git("git", ["--git-dir", bareRepositoryDir(id), "show", what]).then(({ stdout }) => stdout);

describe("a service from node-express", () => {
  it("is a repository with its first commit, registered with its path and version, and pushed", async () => {
    const { service, run } = await make("node-express", { name: "shop", description: "Sells things" });
    expect(run.outcome).toMatchObject({ summary: "shop is ready to be cloned" });
    expect(run.outcome?.evidence.map(({ title, url }) => [title, url])).toEqual([
      ["Clone address", expect.stringMatching(/\/git\/checkout\/shop\.git$/)],
      ["Repository", "/repositories/checkout/shop"],
      ["Service", "/catalog/default/component/shop"],
      ["Source on the default branch", expect.stringMatching(/\/repositories\/checkout\/shop\/tree\/main$/)],
    ]);
    const repository = await findRepository(db(), { entityRef: "component:default/shop" });
    expect(repository).toMatchObject({ id: service.repository.id, owner: "checkout", name: "shop", status: "ready", goldenPath: { name: "node-express" } });
    const entity = await findEntity(db(), "component:default/shop");
    expect(entity).toMatchObject({
      ownerRef: "group:default/checkout",
      goldenPath: { name: "node-express", version: service.goldenPath.version },
      repositoryId: service.repository.id,
    });
    expect(await findEntity(db(), "resource:default/shop-database")).toMatchObject({ repositoryId: service.repository.id });
    const id = service.repository.id;
    const log = await git("git", ["--git-dir", bareRepositoryDir(id), "log", "--format=%an|%ae|%cn|%s"]);
    expect(log.stdout).toMatch(/^ada\|ada@example\.com\|Waymark\|Create shop from node-express /);
    expect(JSON.parse(await show(id, "main:.waymark/provenance.json"))).toMatchObject({
      goldenPath: { name: "node-express" },
      answers: { name: "shop", description: "Sells things" },
      createdBy: "user:default/ada",
    });
    expect(await show(id, "main:catalog-info.yaml")).toContain('owner: "group:default/checkout"');
    expect(await show(id, "main:argocd/application.yaml")).toMatch(/repoURL: http\S+\/git\/checkout\/shop\.git$/m);
    const [push] = await db().select().from(repositoryPushes).where(eq(repositoryPushes.repositoryId, id));
    expect(push).toMatchObject({ ref: "refs/heads/main", before: null, pushedBy: ada.actor.id, status: "recorded" });
    const [audit] = await db().select().from(auditEvents).where(eq(auditEvents.name, "service.create"));
    expect(audit).toMatchObject({ result: "done", actorLabel: "ada", targetLabel: "shop", detail: { repository: "checkout/shop", run: run.id } });
  });

  it("is not made twice under one name", async () => {
    const refused = await createService(ada, { goldenPath: "node-express", values: { name: "shop" } }).catch((error: unknown) => error);
    expect(refused).toMatchObject({ code: "conflict", fields: [{ path: "values.name" }] });
  });

  it.each([
    ["a hostile name", { name: "../x" }, "values.name"],
    ["an option", { name: "-rf" }, "values.name"],
    ["a script", { name: "<script>" }, "values.name"],
    ["10,000 characters", { name: "x".repeat(10_000) }, "values.name"],
    ["no number", { name: 5 }, "values.name"],
    ["an unknown question", { name: "a", nmae: "b" }, "values.nmae"],
    ["an unknown owner", { name: "a", owner: "group:default/nobody" }, "values.owner"],
  ])("refuses %s beside its field", async (_name, values, field) => {
    const refused = await createService(ada, { goldenPath: "node-express", values }).catch((error: unknown) => error);
    expect(refused).toMatchObject({ code: "invalid", fields: expect.arrayContaining([expect.objectContaining({ path: field })]) });
  });

  it("is refused for another team, an unknown path, and GitHub that is not connected", async () => {
    expect(await outcome(createService(bo, { goldenPath: "node-express", values: { name: "a", owner: "checkout" } }))).toBe("forbidden");
    expect(await outcome(createService(bo, { goldenPath: "node-express", values: { name: "a" }, team: "checkout" }))).toBe("forbidden");
    expect(await outcome(createService(ada, { goldenPath: "nothing", values: { name: "a" } }))).toBe("invalid");
    expect(await outcome(createService(ada, { goldenPath: "node-express", values: { name: "a" }, provider: "github" }))).toBe("invalid");
    expect(await outcome(createService({ ...ada, actor: { type: "anonymous" } }, { goldenPath: "node-express", values: { name: "a" } }))).toBe("unauthenticated");
  });
});

describe("other templates", () => {
  it("publish and register where they say so, with secrets in the files and nowhere else", async () => {
    const { service, run } = await make("whole", { name: "pay", token: "hunter2-hunter2" });
    expect(run.status).toBe("succeeded");
    expect(run.outcome?.evidence.map(({ title }) => title)).toEqual(["Clone address", "Repository", "Service", "Docs"]);
    const id = service.repository.id;
    expect(await show(id, "trunk:secret.txt")).toBe("hunter2-hunter2");
    expect(await show(id, "trunk:.waymark/provenance.json")).not.toContain("hunter2");
    const [row] = await db().select().from(runs).where(eq(runs.id, run.id));
    const [kept] = await db().select().from(repositories).where(eq(repositories.id, id));
    expect(JSON.stringify([row, kept])).not.toContain("hunter2");
    expect(kept).toMatchObject({ answersSealed: null, defaultBranch: "trunk" });
  });

  it("that neither publish nor register are published and registered all the same", async () => {
    const { service, run } = await make("plain", { name: "plain-one" });
    expect(run.outcome).toMatchObject({ summary: "plain-one is ready to be cloned" });
    expect(await show(service.repository.id, "main:catalog-info.yaml")).toContain("owner: group:default/checkout");
    expect(await findEntity(db(), "component:default/plain-one")).toMatchObject({ ownerRef: "group:default/checkout" });
  });

  it("that fail leave nothing that anybody can see, and the name can be used again", async () => {
    const { run, service } = await make("broken", { name: "late" });
    expect(run).toMatchObject({
      status: "failed",
      outcome: { failingStep: "render", causeCode: "bad-template", whoCanFix: "platform-team", cause: expect.stringContaining("README.md") },
    });
    expect(await findRepository(db(), { id: service.repository.id })).toBeNull();
    expect(await findRepository(db(), { owner: "checkout", name: "late" })).toBeNull();
    const again = await make("plain", { name: "late" });
    expect(again.run.status).toBe("succeeded");
    await db().update(runs).set({ status: "queued" }).where(eq(runs.id, run.id));
    await executeRun(run.id, "wrk_test", kinds, new Map());
    expect(await readRun(db(), run.id)).toMatchObject({ status: "failed", outcome: { causeCode: "name-taken" } });
  });

  it("whose catalog file is missing fail before anything is shown", async () => {
    const { run } = await make("no-catalog", { name: "bare" });
    expect(run).toMatchObject({ status: "failed", outcome: { failingStep: "register", cause: expect.stringContaining("catalog-info.yaml") } });
    expect(await findRepository(db(), { owner: "checkout", name: "bare" })).toBeNull();
    expect(await findEntity(db(), "component:default/bare")).toBeNull();
  });
});
