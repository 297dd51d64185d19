import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { eq } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { db } from "@/db/client";
import { repositories, repositoryPushes } from "@/db/schema";
import { findEntity } from "@/lib/catalog/queries";
import { databaseNow } from "@/lib/core/ctx";
import { env } from "@/lib/core/env";
import { bareRepositoryDir, ensureBareRepository } from "@/lib/git/bare";
import { publishFiles } from "@/lib/golden-paths/publish";
import { settleRepositories } from "@/lib/repositories/jobs";
import { useOwnDatabase } from "@/tests/setup/own-database";
import { aTeam } from "@/tests/setup/people";
import { onPush } from "./on-push";

useOwnDatabase();
const parent = mkdtempSync(path.join(tmpdir(), "on-push-"));
const work = path.join(parent, "work");
const ID = "rep_0000000000000000dd";
const git = (...args: string[]) => execFileSync("git", ["-C", work, "-c", "user.name=Ada", "-c", "user.email=ada@example.com", ...args], { encoding: "utf8" }).trim();

const template = (version: string) => `apiVersion: scaffolder.backstage.io/v1beta3
kind: Template
metadata: { name: web, title: Web, annotations: { waymark.dev/version: "${version}" } }
spec: { type: service, parameters: [], steps: [{ id: write, action: "fetch:template", input: { url: ./skeleton } }] }
`;

async function publish(version: string) {
  const files = Object.entries({ "template.yaml": template(version), "skeleton/a.txt": version }).map(
    ([file, text]) => [file, { content: Buffer.from(text), mode: 0o644 }] as const,
  );
  const now = await databaseNow();
  await db().transaction((tx) => publishFiles(tx, new Map(files), { note: version, publishedBy: null, now }));
}

/** Commits the service as it is at a version of its golden path, pushes, and lets everything follow that hangs on it. */
async function push(version: string) {
  mkdirSync(path.join(work, ".waymark"), { recursive: true });
  writeFileSync(path.join(work, ".waymark/provenance.json"), JSON.stringify({ goldenPath: { name: "web", version } }));
  writeFileSync(
    path.join(work, "catalog-info.yaml"),
    "apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata: { name: shop }\nspec: { type: service, lifecycle: production, owner: checkout }\n",
  );
  git("add", "-A");
  git("commit", "-q", "-m", version);
  git("push", "-q", bareRepositoryDir(ID), "main");
  await settleRepositories();
  const rows = await db().select({ id: repositoryPushes.id }).from(repositoryPushes).where(eq(repositoryPushes.repositoryId, ID)).orderBy(repositoryPushes.createdAt);
  for (const { id } of rows) await onPush(id);
}

beforeAll(async () => {
  env().dataDir = path.join(parent, "data");
  await aTeam("checkout");
  const own = { id: ID, owner: "checkout", name: "shop", provider: "waymark" as const, status: "ready" as const, goldenPath: "web", goldenPathVersion: "1.0.0" };
  await db()
    .insert(repositories)
    .values({ ...own, cloneUrl: "x", webUrl: "y", teamId: "tea_checkout", createdAt: await databaseNow() });
  await ensureBareRepository(bareRepositoryDir(ID), "main");
  mkdirSync(work);
  git("init", "-q", "-b", "main");
  await publish("1.0.0");
  await publish("1.1.0");
});
afterAll(() => rmSync(parent, { recursive: true, force: true }));

test("the catalog names the version of the golden path that the push itself brought", async () => {
  await push("1.0.0");
  expect((await findEntity(db(), "component:default/shop"))?.goldenPath).toEqual({ name: "web", version: "1.0.0" });
  await push("1.1.0");
  expect((await findEntity(db(), "component:default/shop"))?.goldenPath).toEqual({ name: "web", version: "1.1.0" });
});
