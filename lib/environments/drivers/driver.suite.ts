import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { newId } from "@/lib/core/id";
import type { StepFailure } from "@/lib/runs/engine/types";
import { type MemoryRun, memoryRun } from "@/tests/setup/run-context";
import { type SampleOptions, writeSampleApp } from "@/tests/setup/sample-app";
import { until } from "@/tests/setup/until";
import type { EnvironmentDriver, EnvironmentHandle, EnvironmentSpec } from "./driver";

/** What a driver's own test file provides so that the suite can look at the world without asking the driver. */
export interface Harness {
  driver: EnvironmentDriver;
  /** The same installation as another worker sees it. */
  secondWorker: EnvironmentDriver;
  /** The same again, but giving up on readiness after a few seconds. */
  impatient: EnvironmentDriver;
  /** Asks the environment's service. */
  get(environment: EnvironmentHandle, path: string): Promise<{ status: number; body: string }>;
  /** How many processes, or containers, of the environment run its service. */
  instances(environmentId: string): Promise<number>;
  /** Databases and roles on the server that are the environment's. */
  databaseObjects(environmentId: string): Promise<string[]>;
  /** Ends the service from outside, as an out-of-memory kill would. */
  kill(environmentId: string): Promise<void>;
  close(): Promise<void>;
}

export interface TestEnvironment {
  spec: EnvironmentSpec;
  environment: EnvironmentHandle;
  secrets: Map<string, string>;
}

/** An environment to be made from the sample service; `handle` follows what the driver saves. */
export function testEnvironment(
  options: SampleOptions & { variables?: Record<string, string>; memoryMiB?: number; materialize?: EnvironmentSpec["materialize"] } = {},
): TestEnvironment {
  const environmentId = newId("environment");
  const secrets = new Map<string, string>();
  const environment: EnvironmentHandle = { environmentId, name: `t-${environmentId.slice(-8)}`, handle: null };
  const spec: EnvironmentSpec = {
    environmentId,
    name: environment.name,
    memoryMiB: options.memoryMiB ?? 128,
    variables: options.variables ?? {},
    materialize: options.materialize ?? ((folder) => writeSampleApp(folder, options)),
    saveSecret: async (name, value) => void secrets.set(name, value),
    loadSecret: async (name) => secrets.get(name) ?? null,
    saveHandle: async (handle) => {
      environment.handle = handle;
    },
  };
  return { spec, environment, secrets };
}

/** The outcome of a run that has to fail. */
export async function outcomeOf(work: Promise<unknown>): Promise<StepFailure["outcome"]> {
  const error = await work.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (error instanceof Error && "outcome" in error) return (error as StepFailure).outcome;
  throw error ?? new Error("it succeeded");
}

/** Tests that every driver has to pass. */
export function driverSuite(title: string, open: () => Promise<Harness>): void {
  describe(title, () => {
    let harness: Harness;
    let driver: EnvironmentDriver;
    const made: TestEnvironment[] = [];

    beforeAll(async () => {
      harness = await open();
      driver = harness.driver;
    });
    afterEach(async () => {
      for (const { environment } of made.splice(0)) await driver.destroy(memoryRun(environment.environmentId).context, environment);
    });
    afterAll(() => harness?.close());

    function make(options: Parameters<typeof testEnvironment>[0] = {}): TestEnvironment {
      const created = testEnvironment(options);
      made.push(created);
      return created;
    }
    const runFor = (created: TestEnvironment, options = {}): MemoryRun => memoryRun(created.environment.environmentId, { plan: driver.provisionSteps, ...options });
    async function provisioned(options: Parameters<typeof testEnvironment>[0] = {}): Promise<TestEnvironment> {
      const created = make(options);
      await driver.provision(runFor(created).context, created.spec);
      return created;
    }

    test("can work here and says what it separates", async () => {
      expect(await driver.unavailable()).toBeNull();
      const isolation = await driver.isolation();
      expect(isolation.gaps.length).toBeGreaterThan(0);
      for (const gap of isolation.gaps) expect(gap).toMatch(/^[A-Z].*\.$/);
    });

    test("provision makes a service that answers, with its variables and a database of its own", async () => {
      const created = make({ variables: { COLOUR: "green" } });
      const run = runFor(created);
      const result = await driver.provision(run.context, created.spec);
      expect(result.url).toMatch(new RegExp(`^https?://${created.spec.name}\\.`));
      expect([...run.checkpoints.keys()]).toEqual(driver.provisionSteps.map((step) => step.name));
      expect(await harness.get(created.environment, "/env?name=COLOUR")).toEqual({ status: 200, body: "green" });
      expect(await harness.get(created.environment, "/env?name=GREETING")).toMatchObject({ body: "hello" });
      expect((await harness.databaseObjects(created.environment.environmentId)).sort()).toEqual(["database", "role"]);
      expect(await driver.status(created.environment)).toMatchObject({ state: "running", health: { state: "healthy" } });
    });

    test("checkpoints are small and free of secrets, and secrets are masked", async () => {
      const created = make();
      const run = runFor(created);
      await driver.provision(run.context, created.spec);
      const stored = JSON.stringify([...run.checkpoints, created.environment.handle, run.lines]);
      expect(stored.length).toBeLessThan(8_000);
      const passwords = [...created.secrets.values()].map((value) => decodeURIComponent(new URL(value).password));
      expect(passwords.length).toBeGreaterThan(0);
      for (const password of passwords) {
        expect(run.masked).toContain(password);
        expect(stored).not.toContain(password);
      }
    });

    test("a second provision, also by another worker at the same time, makes nothing twice", async () => {
      const created = await provisioned();
      await driver.provision(runFor(created).context, created.spec);
      await Promise.all([driver.provision(runFor(created).context, created.spec), harness.secondWorker.provision(runFor(created).context, created.spec)]);
      expect(await harness.instances(created.environment.environmentId)).toBe(1);
      expect((await harness.databaseObjects(created.environment.environmentId)).sort()).toEqual(["database", "role"]);
      expect(await harness.get(created.environment, "/readyz")).toMatchObject({ status: 200 });
    });

    test("after a worker's death in any step another one finishes, and everything is there once", async () => {
      for (const { name } of driver.provisionSteps) {
        const created = make();
        const run = runFor(created, { dieAfter: name });
        await expect(driver.provision(run.context, created.spec)).rejects.toThrow(`died after ${name}`);
        await harness.secondWorker.provision(run.again().context, created.spec);
        expect(await harness.instances(created.environment.environmentId)).toBe(1);
        expect((await harness.databaseObjects(created.environment.environmentId)).sort()).toEqual(["database", "role"]);
        expect(await driver.status(created.environment)).toMatchObject({ state: "running", health: { state: "healthy" } });
      }
    });

    test("another worker finds a running environment and can do everything with it", async () => {
      const created = await provisioned();
      expect(await harness.secondWorker.status(created.environment)).toMatchObject({ state: "running" });
      expect((await harness.secondWorker.logs(created.environment, { tail: 10 })).length).toBeGreaterThan(0);
      await harness.secondWorker.destroy(memoryRun(created.environment.environmentId).context, created.environment);
      expect(await driver.status(created.environment)).toMatchObject({ state: "missing" });
    });

    test("a service that works without its database is degraded, one that fails its health is unhealthy", async () => {
      const created = await provisioned();
      await harness.get(created.environment, "/set?what=ready&status=503");
      expect(await driver.status(created.environment)).toMatchObject({ state: "running", health: { state: "degraded", reason: expect.stringContaining("/readyz: answered 503") } });
      await harness.get(created.environment, "/set?what=health&status=500");
      expect(await driver.status(created.environment)).toMatchObject({
        state: "running",
        health: { state: "unhealthy", reason: expect.stringContaining("/healthz: answered 500") },
      });
    });

    test("logs come in order, resume at an offset, and carry the time a line gives for itself", async () => {
      const created = await provisioned();
      const first = await driver.logs(created.environment, { tail: 100 });
      expect(first.find((line) => line.text.includes("listening"))?.at).toMatch(/^\d{4}-/);
      for (const word of ["one", "two", "three"]) await harness.get(created.environment, `/say?text=${word}`);
      const after = first.at(-1)?.offset ?? 0;
      const rest = await until("three lines", async () => {
        const lines = await driver.logs(created.environment, { after });
        return lines.length === 3 && lines;
      });
      expect(rest.map((line) => line.text)).toEqual(["one", "two", "three"]);
      expect(await driver.logs(created.environment, { after: rest[1]?.offset ?? 0 })).toEqual([rest[2]]);
      expect((await driver.logs(created.environment, { tail: 2 })).map((line) => line.text)).toEqual(["two", "three"]);
      expect((await driver.logs(created.environment, { after, limit: 1 })).map((line) => line.text)).toEqual(["one"]);
    });

    test("restart replaces the process, applies new variables and keeps the database", async () => {
      const created = await provisioned({ variables: { COLOUR: "green" } });
      created.spec.variables = { COLOUR: "blue" };
      const run = memoryRun(created.environment.environmentId, { plan: driver.restartSteps });
      await driver.restart(run.context, created.spec);
      expect([...run.checkpoints.keys()]).toEqual(driver.restartSteps.map((step) => step.name));
      expect(await harness.get(created.environment, "/env?name=COLOUR")).toMatchObject({ body: "blue" });
      expect(await harness.instances(created.environment.environmentId)).toBe(1);
      expect((await harness.databaseObjects(created.environment.environmentId)).sort()).toEqual(["database", "role"]);
    });

    test("a database can be added, is found by the process after a restart, and goes with the environment", async () => {
      const created = await provisioned();
      const { environmentId } = created.environment;
      const added = { environmentId, name: "gift_cards" };
      const { url } = await driver.databases.ensure(added, "first-password", new AbortController().signal);
      expect(new URL(url).pathname).toMatch(/_gift_cards$/);
      created.spec.extraDatabases = [{ name: "gift_cards", variable: "GIFT_CARDS_DATABASE_URL", password: "first-password" }];
      await driver.restart(memoryRun(environmentId, { plan: driver.restartSteps }).context, created.spec);
      const seen = await harness.get(created.environment, "/env?name=GIFT_CARDS_DATABASE_URL");
      expect(seen.body).toContain(new URL(url).pathname.slice(1));
      expect((await harness.get(created.environment, "/env?name=DATABASE_URL")).body).not.toContain("gift_cards");
      created.environment.extraDatabases = ["gift_cards"];
      const kinds = (await driver.inventory()).filter((found) => found.environmentId === environmentId && found.name.endsWith("_gift_cards")).map((found) => found.kind);
      expect(kinds.sort()).toEqual(["database", "role"]);
      const receipt = await driver.destroy(memoryRun(environmentId).context, created.environment);
      expect(receipt.filter((item) => item.name.endsWith("_gift_cards")).map((item) => item.kind)).toEqual(["database", "role"]);
      expect((await driver.inventory()).filter((found) => found.environmentId === environmentId)).toEqual([]);
    });

    test("the password of a database can be changed: the new one counts, the old one and its sessions do not", async () => {
      const created = await provisioned();
      const main = { environmentId: created.environment.environmentId, name: null };
      const old = decodeURIComponent(new URL(created.secrets.get("DATABASE_URL") ?? "").password);
      expect(await driver.databases.accepts(main, old)).toBe(true);
      const { url, changedAt } = await driver.databases.setPassword(main, "another-password");
      created.secrets.set("DATABASE_URL", url);
      expect([await driver.databases.accepts(main, "another-password"), await driver.databases.accepts(main, old)]).toEqual([true, false]);
      await driver.restart(memoryRun(main.environmentId, { plan: driver.restartSteps }).context, created.spec);
      expect((await harness.get(created.environment, "/env?name=DATABASE_URL")).body).toContain("another-password");
      expect(await driver.databases.endSessions(main, changedAt)).toBe(0);
    });

    test("a process that is gone is seen, with how it ended, and can be restarted", async () => {
      const created = await provisioned();
      await harness.get(created.environment, "/crash");
      const seen = await until("the driver to see it", async () => {
        const status = await driver.status(created.environment);
        return status.state === "stopped" && status;
      });
      expect(seen.health).toMatchObject({ state: "unhealthy", reason: expect.stringContaining("code 3") });
      await driver.restart(memoryRun(created.environment.environmentId).context, created.spec);
      await harness.kill(created.environment.environmentId);
      await until("the kill to be seen", async () => (await driver.status(created.environment)).state === "stopped");
      await driver.restart(memoryRun(created.environment.environmentId).context, created.spec);
      expect(await driver.status(created.environment)).toMatchObject({ state: "running", health: { state: "healthy" } });
    });

    test("a bad start command fails at once with the process's last words, and a retry starts it again", async () => {
      const created = make({ files: { "bad.mjs": 'console.log("about to fail"); throw new Error("no such setting: SPEED");' }, start: ["node", "bad.mjs"] });
      const run = runFor(created);
      const begun = performance.now();
      const outcome = await outcomeOf(driver.provision(run.context, created.spec));
      expect(performance.now() - begun).toBeLessThan(10_000);
      expect(outcome).toMatchObject({ causeCode: "process-exited", cause: expect.stringMatching(/code 1 after .*no such setting: SPEED/), whoCanFix: "you" });
      expect(outcome.nextAction).toBeTruthy();
      expect(run.lines).toContain("about to fail");
      expect(run.failedStep).toBe("ready");
      const retry = run.again();
      expect(await outcomeOf(driver.provision(retry.context, created.spec))).toMatchObject({ causeCode: "process-exited" });
      expect(run.lines.filter((line) => line === "about to fail").length).toBeGreaterThan(1);
    });

    test("a service that never gets ready fails with what was last seen, and a retry succeeds once it can", async () => {
      const late = `import { createServer } from "node:http";
        let status = 503;
        createServer((q, s) => (q.url === "/open" && (status = 200), s.writeHead(status).end("still loading"))).listen(process.env.PORT);`;
      const created = make({ files: { "late.mjs": late }, start: ["node", "late.mjs"] });
      const run = runFor(created);
      const outcome = await outcomeOf(harness.impatient.provision(run.context, created.spec));
      expect(outcome).toMatchObject({ causeCode: "health-never-passed", cause: expect.stringContaining("/readyz still fails: answered 503: still loading"), whoCanFix: "you" });
      await harness.get(created.environment, "/open");
      await driver.provision(run.again().context, created.spec);
      expect(await harness.instances(created.environment.environmentId)).toBe(1);
    });

    test("a service that does not listen is told apart from one that is not ready", async () => {
      const created = make({ files: { "deaf.mjs": "setInterval(() => {}, 1000);" }, start: ["node", "deaf.mjs"] });
      const outcome = await outcomeOf(harness.impatient.provision(runFor(created).context, created.spec));
      expect(outcome).toMatchObject({ causeCode: "health-never-passed", cause: expect.stringContaining("nothing listens"), nextAction: expect.stringContaining("PORT") });
    });

    test("a cancelled provision stops soon, and what it made can be destroyed", async () => {
      const created = make({ files: { "deaf.mjs": "setInterval(() => {}, 1000);" }, start: ["node", "deaf.mjs"] });
      const abort = new AbortController();
      const run = runFor(created, { signal: abort.signal });
      const work = driver.provision(run.context, created.spec);
      work.catch(() => {});
      await until("the process to run", async () => (await harness.instances(created.environment.environmentId)) === 1);
      const begun = performance.now();
      abort.abort(new Error("cancelled"));
      await expect(work).rejects.toThrow(/cancelled|aborted/);
      expect(performance.now() - begun).toBeLessThan(1_500);
      await driver.destroy(memoryRun(created.environment.environmentId).context, created.environment);
      expect(await harness.instances(created.environment.environmentId)).toBe(0);
    });

    test("destroy removes and proves everything; a second time it finds nothing and is content", async () => {
      const created = await provisioned();
      const run = memoryRun(created.environment.environmentId, { plan: driver.destroySteps });
      const receipt = await driver.destroy(run.context, created.environment);
      for (const kind of ["process", "database", "role"]) expect(receipt.map((item) => item.kind)).toContain(kind);
      for (const item of receipt)
        expect(item).toMatchObject({ kind: expect.any(String), name: expect.any(String), verified: expect.stringMatching(/./), removedAt: expect.stringMatching(/^\d{4}-.*Z$/) });
      expect(await harness.instances(created.environment.environmentId)).toBe(0);
      expect(await harness.databaseObjects(created.environment.environmentId)).toEqual([]);
      expect(await driver.status(created.environment)).toMatchObject({ state: "missing" });
      expect((await driver.inventory()).filter((found) => found.environmentId === created.environment.environmentId)).toEqual([]);
      await driver.destroy(memoryRun(created.environment.environmentId).context, created.environment);
    });

    test("destroy works for what was never made, and for what was half made", async () => {
      const never = make();
      await driver.destroy(memoryRun(never.environment.environmentId).context, never.environment);
      for (const { name } of driver.provisionSteps) {
        const created = make();
        await expect(driver.provision(runFor(created, { dieAfter: name }).context, created.spec)).rejects.toThrow();
        await driver.destroy(memoryRun(created.environment.environmentId).context, created.environment);
        expect((await driver.inventory()).filter((found) => found.environmentId === created.environment.environmentId)).toEqual([]);
      }
    });

    test("an environment that no table knows is found by its label and removed with a receipt", async () => {
      const created = await provisioned();
      const id = created.environment.environmentId;
      const kinds = new Set((await driver.inventory()).filter((found) => found.environmentId === id).map((found) => found.kind));
      for (const kind of ["process", "database", "role"]) expect(kinds).toContain(kind);
      const receipt = await driver.removeOrphan(id);
      expect(receipt.map((item) => item.kind)).toEqual(expect.arrayContaining(["process", "database", "role"]));
      expect((await driver.inventory()).filter((found) => found.environmentId === id)).toEqual([]);
      expect(await harness.instances(id)).toBe(0);
    });

    test("a template that cannot be used is the golden path's fault, with its reason", async () => {
      const { DomainError } = await import("@/lib/core/errors");
      const refused = make({
        materialize: async () => {
          throw new DomainError("invalid", "template.yaml: step 2 names an unknown action.");
        },
      });
      const outcome = await outcomeOf(driver.provision(runFor(refused).context, refused.spec));
      expect(outcome).toMatchObject({ causeCode: "bad-template", cause: expect.stringContaining("unknown action"), whoCanFix: "platform-team" });
    });
  });
}
