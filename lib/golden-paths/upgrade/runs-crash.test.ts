import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { eq } from "drizzle-orm";
import { afterAll, beforeAll, expect, it } from "vitest";
import { db } from "@/db/client";
import { pullRequests, repositoryPushes, workers } from "@/db/schema";
import { findEntity } from "@/lib/catalog/queries";
import { databaseNow } from "@/lib/core/ctx";
import { env } from "@/lib/core/env";
import { bareRepositoryDir } from "@/lib/git/bare";
import { editInRepository, mergePullRequest } from "@/lib/repositories/mutations";
import { planEdit } from "@/lib/repositories/queries";
import { executeRun } from "@/lib/runs/engine/execute";
import type { RunKind } from "@/lib/runs/engine/types";
import { readRun } from "@/lib/runs/read";
import { forgetWorker, workAndDie } from "@/tests/setup/killed-worker";
import { useOwnDatabase } from "@/tests/setup/own-database";
import { aPerson, aTeam, type SignedIn, signedIn } from "@/tests/setup/people";
import { createService } from "../create-service";
import { renderer } from "../engine/renderer";
import { publishFiles } from "../publish";
import { serviceCreateRun } from "../run-service-create";
import { upgradeService } from "./mutations";

// What runs do to a repository after it was made: killed after the effect and before its checkpoint, each does it once.

const own = useOwnDatabase();
const parent = mkdtempSync(path.join(tmpdir(), "runs-crash-"));
const kinds = new Map([[serviceCreateRun.kind, serviceCreateRun as unknown as RunKind]]);
let ada: SignedIn;
let repositoryId = "";

async function publish(version: string, app: string): Promise<void> {
  const template = `apiVersion: scaffolder.backstage.io/v1beta3
kind: Template
metadata: { name: web, title: Web, annotations: { waymark.dev/version: "${version}" } }
spec:
  type: service
  parameters: [{ required: [name], properties: { name: { type: string }, owner: { type: string, ui:field: OwnerPicker } } }]
  steps: [{ id: write, action: "fetch:plain", input: { url: ./skeleton } }]
`;
  const files = new Map(Object.entries({ "template.yaml": template, "skeleton/app.js": app }).map(([name, text]) => [name, { content: Buffer.from(text), mode: 0o644 }]));
  const now = await databaseNow();
  await db().transaction((tx) => publishFiles(tx, files, { note: version, publishedBy: null, now }));
}

beforeAll(async () => {
  env().dataDir = parent;
  await aTeam("checkout");
  ada = await signedIn(await aPerson("ada", { teams: { checkout: "owner" } }));
  await db().insert(workers).values({ id: "wrk_test", host: "test", pid: process.pid });
  await publish("1.0.0", "one\n");
  const { run, service } = await createService({ ...ada, now: await databaseNow() }, { goldenPath: "web", values: { name: "shop" } });
  await executeRun(run.id, "wrk_test", kinds, new Map());
  expect(await readRun(db(), run.id)).toMatchObject({ status: "succeeded" });
  repositoryId = service.repository.id;
  await publish("1.1.0", "two\n");
});
afterAll(async () => {
  await renderer().close();
  rmSync(parent, { recursive: true, force: true });
});

const git = (...args: string[]) => execFileSync("git", ["--git-dir", bareRepositoryDir(repositoryId), ...args], { encoding: "utf8" }).trim();
const pushes = async (ref: string) => (await db().select().from(repositoryPushes).where(eq(repositoryPushes.repositoryId, repositoryId))).filter((push) => push.ref === ref);

/** Kills the run's worker at each border, then lets another one end it. */
async function dieAndEnd(runId: string, deaths: string[]): Promise<void> {
  for (const death of deaths) {
    expect([death, await workAndDie(own.current().appUrl, runId, `wrk_${death}`, death)]).toEqual([death, "SIGKILL"]);
    await forgetWorker(`wrk_${death}`);
  }
  expect(await workAndDie(own.current().appUrl, runId, "wrk_last", "")).toBeNull();
  expect(await readRun(db(), runId)).toMatchObject({ status: "succeeded" });
}

it("an upgrade opens one pull request with one commit", async () => {
  const { run } = await upgradeService({ ...ada, now: await databaseNow() }, { service: "shop" });
  await dieAndEnd(run.id, ["merge:after", "propose:after"]);
  expect(await db().select().from(pullRequests)).toMatchObject([{ number: 1, status: "open", sourceBranch: "waymark/upgrade-web" }]);
  expect(git("rev-list", "--count", "main..waymark/upgrade-web")).toBe("1");
  expect(await pushes("refs/heads/waymark/upgrade-web")).toHaveLength(1);
});

it("a merge makes one merge commit and one push", async () => {
  const { run } = await mergePullRequest({ ...ada, now: await databaseNow() }, { owner: "checkout", name: "shop", number: 1 });
  await dieAndEnd(run.id, ["merge:after"]);
  expect(await db().select().from(pullRequests)).toMatchObject([{ status: "merged", mergeCommit: git("rev-parse", "main") }]);
  expect([git("rev-list", "--merges", "--count", "main"), git("show", "main:app.js")]).toEqual(["1", "two"]);
  expect(await pushes("refs/heads/main")).toHaveLength(2);
});

it("an edit of the catalog's document is one commit", async () => {
  const key = { kind: "component", namespace: "default", name: "shop" };
  const plan = await planEdit(ada, key);
  const yaml = plan.document.replace("name: shop", "name: shop\n  title: The shop");
  expect(yaml).not.toBe(plan.document);
  const before = Number(git("rev-list", "--count", "main"));
  const { run } = await editInRepository({ ...ada, now: await databaseNow() }, { ...key, yaml, base: plan.base });
  await dieAndEnd(
    run.id,
    run.steps.map(({ name }) => `${name}:after`),
  );
  expect(Number(git("rev-list", "--count", "main"))).toBe(before + 1);
  expect(git("show", "main:catalog-info.yaml")).toContain("title: The shop");
  expect(await pushes("refs/heads/main")).toHaveLength(3);
  expect(await findEntity(db(), "component:default/shop")).not.toBeNull();
});
