import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { eq } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { db } from "@/db/client";
import { runs } from "@/db/schema";
import { readLocation, readRepositoryOrWait } from "@/lib/catalog/jobs";
import { addLocation } from "@/lib/catalog/mutations";
import { getEntity, listEntities, loadEntity } from "@/lib/catalog/queries";
import { env } from "@/lib/core/env";
import type { EngineRun } from "@/lib/runs/engine/types";
import { anEngineRun } from "@/tests/github/memory-run";
import { aForeignRepo, aScene, commitFiles, type Scene } from "@/tests/github/scene";
import type { Repo } from "@/tests/github/state";
import { useOwnDatabase } from "@/tests/setup/own-database";
import { aPerson, aTeam, outcome, type SignedIn, signedIn } from "@/tests/setup/people";
import { editEntityRun } from "./jobs";
import { editInRepository } from "./mutations";
import { planEdit, readDocImage, repositoryOfSource } from "./queries";

useOwnDatabase();
const parent = mkdtempSync(path.join(tmpdir(), "edit-source-"));
const KEY = { kind: "component", namespace: "default", name: "oven" };
const FILE = `# The house's
apiVersion: backstage.io/v1alpha1
kind: Component
metadata: {name: oven} # kept
spec: {type: service, lifecycle: production, owner: checkout}
---
apiVersion: backstage.io/v1alpha1
kind: Resource
metadata: {name: oven-db, annotations: {backstage.io/techdocs-ref: "dir:./db"}}
spec: {type: database, owner: checkout}
`;
const PICTURE = "<svg xmlns='http://www.w3.org/2000/svg'/>";
let scene: Scene;
let repo: Repo;
let olga: SignedIn;
let bo: SignedIn;

beforeAll(async () => {
  scene = await aScene();
  env().dataDir = path.join(parent, "data");
  env().github = { apiUrl: scene.fake.apiUrl, owner: "acme", auth: scene.app };
  await aTeam("checkout");
  await aTeam("search");
  olga = await signedIn(await aPerson("olga", { teams: { checkout: "owner" } }));
  bo = await signedIn(await aPerson("bo", { teams: { search: "owner" } }));
  repo = aForeignRepo(scene, "oven");
  commitFiles(repo, {
    "catalog-info.yaml": FILE,
    "README.md": "# Oven\n",
    "docs/index.md": "# Heating\n\n![p](p.svg)\n",
    "docs/p.svg": PICTURE,
    "db/docs/index.md": "# Its database\n",
    "src/notes.md": "# Not a document\n",
  });
  const { location } = await addLocation(olga, { type: "git", target: `${scene.fake.url}/acme/oven` });
  await readLocation(location?.id ?? "");
});
afterAll(async () => {
  env().github = null;
  expect(scene.fake.violations).toEqual([]);
  await scene.fake.stop();
  rmSync(parent, { recursive: true, force: true });
});

const atGithub = (...args: string[]) => execFileSync("git", ["--git-dir", repo.dir, ...args], { encoding: "utf8" });

async function execute(runId: string) {
  const [row] = await db().select().from(runs).where(eq(runs.id, runId));
  const run = { ...anEngineRun(), runId, attempt: 1, now: row?.createdAt ?? new Date(0), requestedBy: row?.requestedBy ?? null, input: row?.input };
  return editEntityRun.execute(run as unknown as EngineRun<never>);
}

test("its documents and their pictures are those of the repository; another entity of the file has those of the folder that it names", async () => {
  const docsOf = async (name: string) => (await getEntity(olga, { ...KEY, kind: name === "oven" ? "component" : "resource", name })).docs.map(({ path: at }) => at);
  expect(await docsOf("oven")).toEqual(["README.md", "docs/index.md"]);
  expect(await docsOf("oven-db")).toEqual(["db/docs/index.md"]);
  const { type, bytes } = await readDocImage(bo, { ...KEY, path: "docs/p.svg" });
  expect([type, Buffer.from(bytes).toString()]).toEqual(["image/svg+xml", PICTURE]);
  expect((await listEntities(olga, { q: "heating" })).items.map(({ name }) => name)).toEqual(["oven"]);
});

test("an entity that is read from GitHub is edited by a pull request, and follows when that is merged", async () => {
  expect(await repositoryOfSource(bo, KEY)).toMatchObject({ owner: "acme", name: "oven" });
  const plan = await planEdit(olga, KEY);
  expect(plan).toMatchObject({ becomes: "pull-request", file: "catalog-info.yaml", repository: { owner: "acme", name: "oven" } });
  expect(plan.document).toContain("# kept");
  expect(await outcome(planEdit(bo, KEY))).toBe("forbidden");
  expect(await outcome(editInRepository(bo, { ...KEY, base: plan.base, yaml: plan.document }))).toBe("forbidden");
  const { run } = await editInRepository(olga, { ...KEY, base: plan.base, yaml: plan.document.replace("production", "deprecated") });
  expect((await execute(run.id)).summary).toContain("Pull request #");
  expect(repo.pulls.map(({ title }) => title)).toEqual(["Edit oven in the catalog"]);
  const branch = atGithub("for-each-ref", "--format=%(refname)", "refs/heads/waymark").trim();
  expect(atGithub("cat-file", "blob", `${branch}:catalog-info.yaml`)).toBe(FILE.replace("production", "deprecated"));
  expect(await loadEntity(db(), "component:default/oven")).toMatchObject({ lifecycle: "production" });
  atGithub("update-ref", "refs/heads/main", branch);
  await readRepositoryOrWait(`remote:${scene.fake.url}/acme/oven`, false);
  expect(await loadEntity(db(), "component:default/oven")).toMatchObject({ lifecycle: "deprecated" });
});
