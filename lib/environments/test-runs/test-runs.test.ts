// biome-ignore-all lint/suspicious/noTemplateCurlyInString: template code under test
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { eq, sql } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from "vitest";
import { closeDatabase, db, openDatabase } from "@/db/client";
import { auditEvents, entities, environments, goldenPathDrafts, goldenPathProposals, goldenPaths, goldenPathTestRuns, repositories, runs, settings } from "@/db/schema";
import { databaseNow } from "@/lib/core/ctx";
import type { GoldenPathDraft, PathTestRun } from "@/lib/golden-paths/contract";
import { forgetTestedFiles } from "@/lib/golden-paths/jobs";
import { discardDraft, publishDraft, saveDraft, saveProposal, startDraft, startProposal } from "@/lib/golden-paths/mutations";
import { getProposalFile, listVersions } from "@/lib/golden-paths/queries";
import { readProvisioned } from "@/lib/metrics/platform-figures";
import { freePort } from "@/scripts/launcher/ports.mjs";
import { removeSandboxHome } from "@/scripts/launcher/sandbox-home.mjs";
import { type TestDatabase, testDatabase } from "@/tests/setup/database";
import { askByName } from "@/tests/setup/deployed-service";
import { forgetWorker, workAndDie } from "@/tests/setup/killed-worker";
import { aPerson, aTeam, outcome, type SignedIn, signedIn } from "@/tests/setup/people";
import { until } from "@/tests/setup/until";

// On real parts: worker, local driver, proxy, Postgres. Only the web server is not there.

const dataDir = mkdtempSync(path.join(tmpdir(), "wm-test-run-"));
let database: TestDatabase;
let proxyPort: number;
let start: () => Promise<{ stop(): Promise<void> }>;
let worker: { stop(): Promise<void> } | null = null;
let pat: SignedIn;
let ada: SignedIn;
let bo: SignedIn;
let doors: { mutations: typeof import("../mutations"); queries: typeof import("../queries"); jobs: typeof import("../jobs") };

beforeAll(async () => {
  const { sandboxAdminUrl, socketDir } = inject("postgres");
  database = await testDatabase();
  proxyPort = await freePort();
  Object.assign(process.env, {
    DATABASE_URL: database.url,
    WAYMARK_SANDBOX_DATABASE_URL: sandboxAdminUrl,
    WAYMARK_SANDBOX_SOCKET_DIR: socketDir,
    WAYMARK_DATA_DIR: dataDir,
    WAYMARK_PROXY_PORT: String(proxyPort),
  });
  openDatabase(database.appUrl, { max: 12 });
  doors = { mutations: await import("../mutations"), queries: await import("../queries"), jobs: await import("../jobs") };
  const { startParts } = await import("@/lib/worker/parts");
  start = () => startParts("all", database.url);
  await aTeam("checkout");
  await aTeam("platform");
  await aTeam("search");
  pat = await signedIn(await aPerson("pat", { role: "platform-admin", teams: { platform: "member", checkout: "member" } }));
  ada = await signedIn(await aPerson("ada", { teams: { checkout: "member" } }));
  bo = await signedIn(await aPerson("bo", { teams: { search: "member" } }));
});

afterAll(async () => {
  const { stopSandboxes } = await import("@/scripts/launcher/sandboxes.mjs");
  await worker?.stop();
  await stopSandboxes(dataDir);
  const { localDriver } = await import("../drivers/local");
  await localDriver.close();
  const { renderer } = await import("@/lib/golden-paths/engine/renderer");
  await renderer().close();
  await closeDatabase();
  await database?.drop();
  removeSandboxHome(dataDir);
  rmSync(dataDir, { recursive: true, force: true });
});

beforeEach(async () => {
  await db().delete(goldenPathDrafts);
  await db().delete(settings);
});

const NAME = "hello";
const working = async () => {
  worker ??= await start();
};
const now = async <T extends SignedIn>(ctx: T): Promise<T> => ({ ...ctx, now: await databaseNow() });
const draftOf = async (changes: { path: string; text: string }[] = []): Promise<GoldenPathDraft> => {
  const isPublished = (await db().$count(goldenPaths, eq(goldenPaths.name, NAME))) > 0;
  const draft = await startDraft(await now(pat), { name: NAME, from: isPublished ? "version" : "example" });
  if (changes.length === 0) return draft;
  return (await saveDraft(await now(pat), { name: NAME, revision: draft.revision, changes: changes.map((one) => ({ type: "write" as const, ...one })) })).draft;
};
const tryDraft = async ({ revision }: { revision: number }, values: Record<string, unknown> = {}, ttl?: string) =>
  doors.mutations.testDraft(await now(pat), { name: NAME, revision, values, ...(ttl ? { ttl } : {}) });
const stored = async (id: string) => (await db().select().from(goldenPathTestRuns).where(eq(goldenPathTestRuns.id, id)))[0] ?? expect.fail("no such test run");
const ended = (test: PathTestRun) => until(`${test.id} ends`, async () => ((await stored(test.id)).status === "running" ? null : stored(test.id)));
const statusOf = async (id: string) => (await db().select({ status: environments.status }).from(environments).where(eq(environments.id, id)))[0]?.status;
const gone = (id: string) => until(`${id} is gone`, async () => (await statusOf(id)) === "deleted");

describe("the test run of a draft", { timeout: 90_000 }, () => {
  it("answers at an address, counts on the quota, and is no use of the path, no service and no figure", async () => {
    await working();
    const draft = await draftOf();
    const { testRun, environment, run } = await tryDraft(draft, { greeting: "Hello from the draft" });
    expect(environment).toMatchObject({ goldenPath: null, testOf: { goldenPath: NAME, source: "draft", revision: 1 }, ttl: "1h", team: "group:default/checkout" });
    expect(run).toMatchObject({ kind: "golden-path.test-run", title: `Test run of ${NAME}, draft revision 1` });
    expect(await ended(testRun)).toMatchObject({ status: "passed", cause: null });
    expect((await askByName(proxyPort, environment.name)).body).toBe("Hello from the draft");

    const { items } = await doors.queries.listDraftTests(await now(pat), { name: NAME });
    expect(items).toMatchObject([{ id: testRun.id, status: "passed", requestedBy: "pat", environment: { status: "ready" } }]);
    const listed = await doors.queries.listEnvironments(await now(ada), { scope: "team" });
    expect(listed.items.map(({ id }) => id)).toContain(environment.id);
    expect((await doors.queries.listQuotas(await now(ada), {})).items[0]?.count.used).toBeGreaterThan(0);
    expect([await db().$count(repositories), await db().$count(entities)]).toEqual([0, 0]);
    const { from, to } = { from: "2000-01-01", to: "2999-01-01" };
    const figures = await readProvisioned(db(), { type: "org" } as never, false, { from, to, timeZone: "UTC" }, "month");
    expect(figures.get("whole")?.n ?? 0).toBe(0);
    await publishDraft(await now(pat), { name: NAME, revision: 1, version: "1.0.0", note: "The first one" });
    expect((await listVersions(await now(ada), { name: NAME })).items[0]?.usage).toMatchObject({ environments: 0, services: 0, failed: 0 });
    const told = await db().select().from(auditEvents).where(eq(auditEvents.name, "golden-path.test"));
    expect(told.map(({ detail }) => detail)).toContainEqual({ source: "draft", revision: 1, environment: environment.id, run: run.id });

    await doors.mutations.deleteEnvironment(await now(pat), { id: environment.id });
    await gone(environment.id);
    expect(await forgetTestedFiles(db())).toBe(1);
    expect((await stored(testRun.id)).archive).toBeNull();
    expect((await stored(testRun.id)).status).toBe("passed");
  });

  it.each([
    ["its process ends at once", { path: "skeleton/server.js", text: 'console.error("no such table: baskets");\nprocess.exit(1);\n' }, /exit|ended/i, "you"],
    [
      "its manifest says nothing to start",
      { path: "skeleton/waymark.yaml", text: "apiVersion: waymark.dev/v1\nkind: Environment\nspec: {}\n" },
      /waymark\.yaml|start|runtime/i,
      "you",
    ],
  ])("fails with its cause when %s", async (_name, change, cause, who) => {
    await working();
    const draft = await draftOf([change]);
    const { testRun, environment, run } = await tryDraft(draft);
    const failed = await ended(testRun);
    expect(failed).toMatchObject({ status: "failed", revision: 2, cause: expect.stringMatching(cause) });
    const [row] = await db().select({ outcome: runs.outcome }).from(runs).where(eq(runs.id, run.id));
    expect(row?.outcome).toMatchObject({ whoCanFix: who, failingStep: expect.any(String), nextAction: expect.stringContaining("start another test run") });
    await doors.mutations.deleteEnvironment(await now(pat), { id: environment.id });
    await gone(environment.id);
  });

  it("is refused for another revision, for a draft with errors, over the quota, and to others than the platform team", async () => {
    const draft = await draftOf();
    expect(await outcome(tryDraft({ revision: 7 }))).toBe("conflict");
    expect(await outcome(tryDraft(draft, { nothing: "asked" }))).toBe("invalid");
    expect(await outcome(tryDraft(draft, {}, "100d"))).toBe("invalid");
    expect(await outcome(doors.mutations.testDraft(await now(ada), { name: NAME, revision: 1 }))).toBe("forbidden");
    expect(await outcome(doors.queries.listDraftTests(await now(ada), { name: NAME }))).toBe("forbidden");
    await db().insert(settings).values({ key: "environments.teamQuotaCount", value: 0 });
    expect(await outcome(tryDraft(draft))).toBe("conflict");
    await db().delete(settings);
    const broken = (await saveDraft(await now(pat), { name: NAME, revision: 1, changes: [{ type: "write", path: "template.yaml", text: "no: template" }] })).draft;
    expect(await outcome(tryDraft(broken))).toBe("invalid");
    expect(await db().$count(environments, sql`status in ('queued', 'provisioning', 'ready')`)).toBe(0);
  });

  it("ends by itself, and belongs to its draft: the next draft has none", async () => {
    await working();
    const draft = await draftOf();
    const { testRun, environment } = await tryDraft(draft, {}, "1m");
    await ended(testRun);
    await db()
      .update(environments)
      .set({ expiresAt: new Date(Date.now() - 1_000) })
      .where(eq(environments.id, environment.id));
    await gone(environment.id);
    await discardDraft(await now(pat), { name: NAME, revision: 1 });
    await draftOf();
    expect((await doors.queries.listDraftTests(await now(pat), { name: NAME })).items).toEqual([]);
  });
});

describe("others than drafts", { timeout: 90_000 }, () => {
  it("a proposal is tried by its team, on its quota; others do not learn of it", async () => {
    await working();
    const begun = await startProposal(await now(ada), { goldenPath: NAME, title: "Another greeting", reason: "People asked for it." });
    const { text } = await getProposalFile(ada, { id: begun.id, path: "skeleton/server.js" });
    await saveProposal(await now(ada), {
      id: begun.id,
      revision: 1,
      changes: [{ type: "write", path: "skeleton/server.js", text: (text ?? "").replace(": greeting)", ": `proposed: ${greeting}`)") }],
    });
    expect(await outcome(doors.mutations.testProposal(await now(bo), { id: begun.id, revision: 2 }))).toBe("not_found");
    expect(await outcome(doors.queries.listProposalTests(await now(bo), { id: begun.id }))).toBe("not_found");
    const { testRun, environment } = await doors.mutations.testProposal(await now(ada), { id: begun.id, revision: 2 });
    expect(environment.team).toBe("group:default/checkout");
    expect(await ended(testRun)).toMatchObject({ status: "passed", source: "proposal", revision: 2 });
    expect((await askByName(proxyPort, environment.name)).body).toBe("proposed: Hello");
    expect((await doors.queries.listProposalTests(await now(pat), { id: begun.id })).items).toHaveLength(1);
    await doors.mutations.deleteEnvironment(await now(ada), { id: environment.id });
    await gone(environment.id);
    await db().delete(goldenPathProposals);
  });

  it("a folder is tried without a draft", async () => {
    await working();
    const { examplePath } = await import("@/lib/golden-paths/example");
    const files = [...examplePath("from-folder")].map(([name, { content }]) => ({ path: name, content: content.toString() }));
    const { testRun, environment } = await doors.mutations.testFolder(await now(ada), { files });
    expect(testRun).toMatchObject({ name: "from-folder", source: "files", revision: null });
    expect(await ended(testRun)).toMatchObject({ status: "passed" });
    await doors.mutations.deleteEnvironment(await now(ada), { id: environment.id });
    await gone(environment.id);
    expect(await outcome(doors.mutations.testFolder(await now(ada), { files: [{ path: "README.md", content: "x" }] }))).toBe("invalid");
  });

  it("cancelled, it says so and leaves nothing behind", async () => {
    await worker?.stop();
    worker = null;
    const draft = await draftOf();
    const { testRun, environment, run } = await tryDraft(draft);
    const { cancelRun } = await import("@/lib/runs/mutations");
    await cancelRun(await now(pat), { id: run.id });
    await working();
    expect(await ended(testRun)).toMatchObject({ status: "cancelled" });
    await gone(environment.id);
  });
});

it("a test run whose worker is killed at any step goes on, and makes its environment once", async () => {
  await worker?.stop();
  worker = null;
  const draft = await draftOf();
  for (const death of ["render:after", "start:after"]) {
    const { testRun, environment, run } = await tryDraft(draft);
    expect(await workAndDie(database.appUrl, run.id, `wrk_${death}`, death), death).toBe("SIGKILL");
    expect((await stored(testRun.id)).status).toBe("running");
    await forgetWorker(`wrk_${death}`);
    expect(await workAndDie(database.appUrl, run.id, `wrk_next_${death}`, ""), death).toBeNull();
    expect([death, (await stored(testRun.id)).status, await statusOf(environment.id)]).toEqual([death, "passed", "ready"]);
  }
  await working();
  for (const { id } of await db().select({ id: environments.id }).from(environments).where(eq(environments.status, "ready"))) {
    await doors.mutations.deleteEnvironment(await now(pat), { id });
    await gone(id);
  }
});
