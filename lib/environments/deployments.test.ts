import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { and, desc, eq } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { closeDatabase, db, openDatabase } from "@/db/client";
import { auditEvents, deliveryDeployments, deployments, environments, settings } from "@/db/schema";
import type { Ctx } from "@/lib/core/ctx";
import { databaseNow } from "@/lib/core/ctx";
import { freePort } from "@/scripts/launcher/ports.mjs";
import { removeSandboxHome } from "@/scripts/launcher/sandbox-home.mjs";
import { type TestDatabase, testDatabase } from "@/tests/setup/database";
import { aService, askByName, ended, type TestService } from "@/tests/setup/deployed-service";
import { aPerson, aTeam, outcome, signedIn } from "@/tests/setup/people";
import { until } from "@/tests/setup/until";

// The whole way on real parts: git, worker, local driver, proxy. Only the web server is not there.

const dataDir = mkdtempSync(path.join(tmpdir(), "wm-deploy-"));
let database: TestDatabase;
let proxyPort: number;
let stop: () => Promise<void>;
let ada: Ctx;
let bo: Ctx;
let service: TestService;
let modules: { mutations: typeof import("./mutations"); queries: typeof import("./queries") };

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
  modules = { mutations: await import("./mutations"), queries: await import("./queries") };
  const { startParts } = await import("@/lib/worker/parts");
  await aTeam("checkout");
  await aTeam("search");
  ada = await signedIn(await aPerson("ada", { teams: { checkout: "member" } }));
  bo = await signedIn(await aPerson("bo", { teams: { search: "member" } }));
  await db().insert(settings).values({ key: "environments.teamQuotaCount", value: 50 });
  service = await aService("checkout", "basket");
  const running = await startParts("all", database.url);
  stop = () => running.stop();
});

afterAll(async () => {
  const { stopSandboxes } = await import("@/scripts/launcher/sandboxes.mjs");
  await stop?.();
  await stopSandboxes(dataDir);
  const { localDriver } = await import("./drivers/local");
  await localDriver.close();
  await closeDatabase();
  await database?.drop();
  service?.remove();
  removeSandboxHome(dataDir);
  rmSync(dataDir, { recursive: true, force: true });
});

const deploy = async (id: string, what: { ref?: string; rollback?: true; promoteFrom?: string }) => modules.mutations.deployToEnvironment(await fresh(ada), { id, ...what });
const fresh = async (ctx: Ctx): Promise<Ctx> => ({ ...ctx, now: await databaseNow() });
const rowOf = async (id: string) => (await db().query.environments.findFirst({ where: eq(environments.id, id) })) ?? expect.fail("no such environment");
const release = async (name: string) => (await askByName(proxyPort, name)).body;

/** Asks without a pause at a steady rate until told to stop. Returns every answer that was not a 200. */
function load(name: string, perSecond: number) {
  const bad: string[] = [];
  const open = new Set<Promise<void>>();
  let count = 0;
  const one = async (n: number) => {
    const isPost = n % 5 === 0;
    const answer = await askByName(proxyPort, name, "/", isPost ? "POST" : "GET", isPost ? "x".repeat(2_000) : "").catch((error: Error) => ({ status: 0, body: error.message }));
    if (answer.status !== 200) bad.push(`${answer.status} ${answer.body}`);
  };
  const timer = setInterval(() => {
    const asked: Promise<void> = one(count++).finally(() => open.delete(asked));
    open.add(asked);
  }, 1000 / perSecond);
  return async () => {
    clearInterval(timer);
    await Promise.all(open);
    return { bad, count };
  };
}

describe("environments of a service", { timeout: 120_000 }, () => {
  let development: string;
  let staging: string;
  const commits: Record<string, string> = {};

  test("a push to the default branch makes development and deploys to it; the pusher is its owner", async () => {
    commits.one = service.push("one");
    const pushed = async (commit: string) => {
      const now = await databaseNow();
      const pushedBy = ada.actor.type === "user" ? ada.actor.id : null;
      await db().transaction((tx) => modules.mutations.deployPushed(tx, { repository: service.repository, ref: "refs/heads/main", commit, pushedBy, now }));
    };
    await pushed(commits.one);
    await pushed(commits.one);
    const rows = await db().select().from(environments).where(eq(environments.entityRef, service.entityRef));
    expect(rows).toHaveLength(1);
    const row = rows[0] ?? expect.fail();
    development = row.id;
    expect(row).toMatchObject({ name: "basket-development", tier: "development", lifetime: "permanent", expiresAt: null, ownerId: ada.actor.type === "user" ? ada.actor.id : "" });
    const [first] = await db().select().from(deployments).where(eq(deployments.environmentId, row.id));
    expect((await ended(first?.runId ?? "")).status).toBe("succeeded");
    expect(await release("basket-development")).toBe("one");
    commits.two = service.push("two");
    await pushed(commits.two);
    await until("two to serve", async () => (await release("basket-development")) === "two");
    const events = await db().select({ name: auditEvents.name }).from(auditEvents).where(eq(auditEvents.targetId, row.id));
    expect(events.map((event) => event.name)).toEqual(expect.arrayContaining(["environment.create", "environment.deploy"]));
  });

  test("staging is made on request, once, without an end; its commit is what the ref meant", async () => {
    const made = await modules.mutations.createEnvironment(await fresh(ada), { entityRef: service.entityRef, tier: "staging", ref: "main" });
    staging = made.environment.id;
    expect(made.environment).toMatchObject({ name: "basket-staging", lifetime: "permanent", ttl: null, commit: commits.two, ref: "main" });
    expect((await ended(made.run.id)).status).toBe("succeeded");
    expect(await release("basket-staging")).toBe("two");
    expect(await outcome(modules.mutations.createEnvironment(await fresh(ada), { entityRef: service.entityRef, tier: "staging" }))).toBe("conflict");
    expect(await outcome(modules.mutations.createEnvironment(await fresh(ada), { entityRef: service.entityRef, tier: "production", ttl: "1h" }))).toBe("invalid");
    expect(await outcome(modules.mutations.createEnvironment(await fresh(bo), { entityRef: service.entityRef, tier: "production" }))).toBe("forbidden");
  });

  test("not one request fails while another version takes over, and those under way are finished by the old one", async () => {
    commits.three = service.push("three");
    const stopLoad = load("basket-staging", 50);
    await delay(300);
    const slow = askByName(proxyPort, "basket-staging", "/slow?ms=2500");
    const { run } = await deploy(staging, { ref: "main" });
    await until("three to take over", async () => (await release("basket-staging")) === "three");
    // The run still waits for the old version; what the next stage is made from is what serves.
    const { stages } = await modules.queries.listServiceEnvironments(ada, { entityRef: service.entityRef });
    expect(stages.find(({ tier }) => tier === "staging")?.serving?.commit).toBe(commits.three);
    expect((await ended(run.id)).status).toBe("succeeded");
    expect(await slow).toEqual({ status: 200, body: "two" });
    const { bad, count } = await stopLoad();
    expect(bad).toEqual([]);
    expect(count).toBeGreaterThan(50);
    expect(await release("basket-staging")).toBe("three");
    expect(await rowOf(staging)).toMatchObject({ commit: commits.three, status: "ready" });
  });

  test("a version that does not start changes nothing and says why", async () => {
    commits.broken = service.push("broken");
    const { deployment, run } = await deploy(staging, { ref: commits.broken.slice(0, 10) });
    const failed = await ended(run.id);
    expect(failed).toMatchObject({
      status: "failed",
      outcome: { summary: expect.stringContaining("keeps serving"), cause: expect.stringContaining("the table orders is missing") },
    });
    const [row] = await db().select().from(deployments).where(eq(deployments.id, deployment.id));
    expect(row).toMatchObject({ status: "failed", previousCommit: commits.three, reason: expect.stringContaining("orders is missing") });
    expect(await release("basket-staging")).toBe("three");
    const { localDriver } = await import("./drivers/local");
    const found = (await localDriver.inventory()).filter((thing) => thing.environmentId === staging && thing.kind !== "folder");
    expect(found.filter((thing) => thing.kind === "socket")).toHaveLength(1);
  });

  test("rolls back to what ran before, and says when there is nothing before", async () => {
    const { deployment, run } = await deploy(staging, { rollback: true });
    expect(deployment).toMatchObject({ kind: "rollback", commit: commits.two });
    expect((await ended(run.id)).status).toBe("succeeded");
    const facts = await db().select().from(deliveryDeployments).where(eq(deliveryDeployments.environment, "basket-staging")).orderBy(deliveryDeployments.finishedAt);
    expect(facts.map((fact) => [fact.commit, fact.status, fact.tier])).toEqual([
      [commits.two, "success", "staging"],
      [commits.three, "success", "staging"],
      [commits.broken, "failure", "staging"],
      [commits.two, "success", "staging"],
    ]);
    expect(facts[3]?.remediates).toBe(facts[1]?.externalId);
    expect(await release("basket-staging")).toBe("two");
    await expect(deploy(staging, { rollback: true })).rejects.toThrow(/nothing to roll back to/);
  });

  test("promotes what another environment of the service runs, and nothing else", async () => {
    const { run } = await deploy(development, { ref: commits.three ?? "" });
    await ended(run.id);
    const promoted = await deploy(staging, { promoteFrom: development });
    expect(promoted.deployment).toMatchObject({ kind: "promotion", commit: commits.three, promotedFrom: development });
    expect((await ended(promoted.run.id)).status).toBe("succeeded");
    expect(await release("basket-staging")).toBe("three");
    await expect(deploy(staging, { promoteFrom: development })).rejects.toThrow(/runs \w{7} already/);
    await expect(deploy(staging, { promoteFrom: staging })).rejects.toThrow(/between environments of one service/);
    await expect(deploy(staging, { promoteFrom: "env_of_somebody_else" })).rejects.toThrow(/basket-development/);
  });

  test("an unknown ref is refused with what exists, other teams see nothing", async () => {
    await expect(deploy(staging, { ref: "nope" })).rejects.toMatchObject({ code: "invalid", message: expect.stringContaining("main") });
    for (const ref of ["-rf", "../../etc", "<script>", "main; rm -rf /", "x".repeat(255)]) expect(await outcome(deploy(staging, { ref }))).toBe("invalid");
    expect(await outcome(deploy(staging, {}))).toBe("invalid");
    expect(await outcome(deploy(staging, { ref: "main", rollback: true }))).toBe("invalid");
    expect(await outcome(modules.mutations.deployToEnvironment(await fresh(bo), { id: staging, ref: "main" }))).toBe("not_found");
  });

  test("while one is under way a person is refused and a push waits; the newest push is what runs in the end", async () => {
    const first = service.push("four");
    const started = await deploy(development, { ref: "main" });
    await expect(deploy(development, { ref: commits.one ?? "" })).rejects.toMatchObject({ code: "conflict", message: expect.stringContaining(started.run.id) });
    const five = service.push("five");
    const six = service.push("six");
    const now = await databaseNow();
    for (const commit of [five, six])
      await db().transaction((tx) => modules.mutations.deployPushed(tx, { repository: service.repository, ref: "main", commit, pushedBy: null, now }));
    await until("six to serve", async () => (await release("basket-development")) === "six", 90_000);
    const rows = await db().select().from(deployments).where(eq(deployments.environmentId, development)).orderBy(desc(deployments.version)).limit(3);
    await until("the last to end", async () => (await db().query.deployments.findFirst({ where: eq(deployments.id, rows[0]?.id ?? "") }))?.finishedAt);
    expect(rows.map((row) => [row.commit, row.status === "running" ? "succeeded" : row.status])).toEqual([
      [six, "succeeded"],
      [five, "superseded"],
      [first, "succeeded"],
    ]);
  });

  test("an environment whose first commit does not start is kept, and the next push makes it ready", async () => {
    const other = await aService("checkout", "vouchers");
    try {
      const push = async (commit: string) => {
        const now = await databaseNow();
        await db().transaction((tx) => modules.mutations.deployPushed(tx, { repository: other.repository, ref: "main", commit, pushedBy: null, now }));
      };
      await push(other.push("broken"));
      const made = await until("the environment", async () => db().query.environments.findFirst({ where: eq(environments.entityRef, other.entityRef) }));
      await until("its failure", async () => (await rowOf(made.id)).status === "failed");
      expect(await rowOf(made.id)).toMatchObject({ keptUntil: null, statusReason: expect.stringContaining("orders is missing") });
      const good = other.push("mended");
      await push(good);
      await until("it to serve", async () => (await release("vouchers-development")) === "mended");
      expect(await rowOf(made.id)).toMatchObject({ status: "ready", commit: good, statusReason: null });
    } finally {
      other.remove();
    }
  });

  test("a sandbox of a branch has an end; a push to another branch deploys nothing by itself", async () => {
    const commit = service.push("branch", { branch: "feature/Voucher Codes".replace(" ", "-") });
    const made = await modules.mutations.createEnvironment(await fresh(ada), { entityRef: service.entityRef, ref: "feature/Voucher-Codes", ttl: "2h" });
    expect(made.environment).toMatchObject({ tier: "sandbox", lifetime: "ephemeral", ttl: "2h", commit });
    expect(made.environment.name).toMatch(/^basket-feature-voucher-codes/);
    expect((await ended(made.run.id)).status).toBe("succeeded");
    expect(await release(made.environment.name)).toBe("branch");
    const count = async () => (await db().select().from(deployments)).length;
    const before = await count();
    await db().transaction(async (tx) =>
      modules.mutations.deployPushed(tx, { repository: service.repository, ref: "refs/heads/feature/Voucher-Codes", commit, pushedBy: null, now: await databaseNow() }),
    );
    expect(await count()).toBe(before);
  });

  test("a lost process is started again with the version that serves", async () => {
    const { localDriver } = await import("./drivers/local");
    const processes = async () => (await localDriver.inventory()).filter((thing) => thing.environmentId === staging && thing.kind === "process");
    for (const { name } of await processes()) process.kill(Number(name), "SIGKILL");
    const { reconcileReady } = await import("./reconcile");
    await until("its end", async () => (await processes()).length === 0);
    await reconcileReady();
    await until("staging to answer again", async () => (await askByName(proxyPort, "basket-staging")).body === "three");
  });

  test("deleting asks its owner or a team owner", async () => {
    const cleo = await signedIn(await aPerson("cleo", { teams: { checkout: "member" } }));
    expect(await outcome(modules.mutations.deleteEnvironment(cleo, { id: staging }))).toBe("forbidden");
    const { run } = await modules.mutations.deleteEnvironment(await fresh(ada), { id: staging });
    expect((await ended(run?.id ?? "")).status).toBe("succeeded");
    expect((await rowOf(staging)).status).toBe("deleted");
    expect(await outcome(deploy(staging, { ref: "main" }))).toBe("conflict");
    const [waiting] = await db()
      .select()
      .from(deployments)
      .where(and(eq(deployments.environmentId, staging), eq(deployments.status, "running")));
    expect(waiting).toBeUndefined();
  });
});
