import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { and, eq } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { db } from "@/db/client";
import { repositories, repositoryPushes, runs } from "@/db/schema";
import { registerEntities } from "@/lib/catalog/mutations";
import { databaseNow } from "@/lib/core/ctx";
import { env } from "@/lib/core/env";
import { bareRepositoryDir, ensureBareRepository } from "@/lib/git/bare";
import { commitFile } from "@/lib/git/commit-file";
import { commitFolder } from "@/lib/git/commit-folder";
import { gitText } from "@/lib/git/run";
import { moveBranch } from "@/lib/git/trees";
import type { EngineRun } from "@/lib/runs/engine/types";
import { anEngineRun } from "@/tests/github/memory-run";
import { useOwnDatabase } from "@/tests/setup/own-database";
import { aPerson, aTeam, outcome, type SignedIn, signedIn } from "@/tests/setup/people";
import { editEntityRun } from "./jobs";
import { editInRepository } from "./mutations";
import { planEdit } from "./queries";
import { settlePushes } from "./settle";

useOwnDatabase();
const parent = mkdtempSync(path.join(tmpdir(), "edit-entity-"));
const ID = "rep_0000000000000000ed";
const KEY = { kind: "component", namespace: "default", name: "shop" };
const FILE = `# Owned by checkout
apiVersion: backstage.io/v1alpha1
kind: Component
metadata:
  name: shop # the one and only
spec: {type: service, lifecycle: production, owner: checkout}
---
apiVersion: backstage.io/v1alpha1
kind: Resource
metadata: {name: shop-db}
spec: {type: database, owner: checkout} # kept as it is
`;
let ada: SignedIn;
let olga: SignedIn;
let bo: SignedIn;
const dir = () => bareRepositoryDir(ID);

beforeAll(async () => {
  env().dataDir = path.join(parent, "data");
  await aTeam("checkout");
  await aTeam("search");
  ada = await signedIn(await aPerson("ada", { teams: { checkout: "member" } }));
  olga = await signedIn(await aPerson("olga", { teams: { checkout: "owner" } }));
  bo = await signedIn(await aPerson("bo", { teams: { search: "owner" } }));
  const now = await databaseNow();
  await db().insert(repositories).values({
    id: ID,
    owner: "checkout",
    name: "shop",
    provider: "waymark",
    status: "ready",
    cloneUrl: "x",
    webUrl: "y",
    teamId: "tea_checkout",
    entityRef: "component:default/shop",
    createdAt: now,
  });
  mkdirSync(path.join(parent, "first"));
  writeFileSync(path.join(parent, "first", "catalog-info.yaml"), FILE);
  await ensureBareRepository(dir(), "main");
  const commit = await commitFolder(dir(), path.join(parent, "first"), { branch: "main", author: { name: "A", email: "a@x" }, message: "First", at: now });
  await settlePushes(ID);
  const source = { type: "git" as const, repositoryId: ID, path: "catalog-info.yaml", commit };
  await db().transaction((tx) =>
    registerEntities(tx, { text: FILE, file: "catalog-info.yaml", source, registeredBy: null, by: null, teamId: "tea_checkout", repositoryId: ID, now }),
  );
});

afterAll(() => rmSync(parent, { recursive: true, force: true }));

/** What the queue would do with the run. */
async function executed(runId: string, attempt = 1) {
  const [row] = await db().select().from(runs).where(eq(runs.id, runId));
  const run = { ...anEngineRun(), runId, attempt, now: row?.createdAt ?? new Date(0), requestedBy: row?.requestedBy ?? null, input: row?.input } as unknown as EngineRun<never>;
  const done = await editEntityRun.execute(run);
  await db().update(runs).set({ status: "succeeded" }).where(eq(runs.id, runId));
  return done;
}
const head = async () => (await gitText(["rev-parse", "refs/heads/main"], { dir: dir() })).trim();
const fileNow = () => gitText(["cat-file", "blob", "refs/heads/main:catalog-info.yaml"], { dir: dir() });

describe("an edit of an entity that is read from our own git server", () => {
  test("shows the document with its comments, and becomes a commit that changes only it", async () => {
    const plan = await planEdit(olga, KEY);
    expect(plan).toMatchObject({ becomes: "commit", file: "catalog-info.yaml", base: await head() });
    expect(plan.document).toContain("# the one and only");
    const { run } = await editInRepository(olga, { ...KEY, base: plan.base, yaml: plan.document.replace("production", "deprecated") });
    const before = await head();
    const done = await executed(run.id);
    expect(done.summary).toContain("is in its repository");
    expect(await fileNow()).toBe(FILE.replace("production", "deprecated"));
    expect((await gitText(["log", "-1", "--format=%an|%P|%s"], { dir: dir() })).trim()).toBe(`olga|${before}|Edit shop in the catalog`);
    const pushes = await db()
      .select({ status: repositoryPushes.status, by: repositoryPushes.pushedBy })
      .from(repositoryPushes)
      .where(and(eq(repositoryPushes.repositoryId, ID), eq(repositoryPushes.after, await head())));
    expect(pushes).toEqual([{ status: "recorded", by: olga.actor.id }]);
    expect(await gitText(["for-each-ref", "refs/waymark"], { dir: dir() })).toBe("");
    await executed(run.id).catch(() => {});
    expect((await gitText(["rev-list", "--count", "refs/heads/main"], { dir: dir() })).trim()).toBe("2");
  });

  test("is refused with the line when it is wrong, and for people of other teams", async () => {
    const { base, document } = await planEdit(olga, KEY);
    const wrong = editInRepository(olga, { ...KEY, base, yaml: document.replace("name: shop #", "name: -shop #") });
    await expect(wrong).rejects.toMatchObject({ code: "invalid", fields: [{ path: "yaml", message: expect.stringMatching(/^Line \d+: /) }] });
    await expect(editInRepository(olga, { ...KEY, base, yaml: document.replace("name: shop #", "name: other #") })).rejects.toMatchObject({ code: "invalid" });
    expect(await outcome(planEdit(bo, KEY))).toBe("forbidden");
    expect(await outcome(editInRepository(bo, { ...KEY, base, yaml: document }))).toBe("forbidden");
    expect(await outcome(editInRepository(ada, { ...KEY, base, yaml: document }))).toBe("forbidden");
  });

  test("keeps what others did meanwhile: other documents stay, the same document is not written over", async () => {
    const plan = await planEdit(olga, KEY);
    const push = async (text: string) => {
      const base = await head();
      const commit = await commitFile(dir(), `refs/waymark/test-${base}`, {
        base,
        path: "catalog-info.yaml",
        text,
        author: { name: "B", email: "b@x" },
        message: "Other",
        at: await databaseNow(),
      });
      expect(await moveBranch(dir(), "main", { from: base, to: commit })).toBe(true);
    };
    await push((await fileNow()).replace("type: database", "type: cache"));
    const first = await editInRepository(olga, { ...KEY, base: plan.base, yaml: plan.document.replace("deprecated", "experimental") });
    await executed(first.run.id);
    expect(await fileNow()).toMatch(/experimental[\s\S]*type: cache/);

    const second = await editInRepository(olga, { ...KEY, base: plan.base, yaml: plan.document.replace("deprecated", "production") });
    await expect(executed(second.run.id)).rejects.toMatchObject({ outcome: { causeCode: "branch-moved" } });
    expect(await fileNow()).toMatch(/experimental/);
  });
});
