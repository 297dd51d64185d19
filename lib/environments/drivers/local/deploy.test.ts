import { readFile } from "node:fs/promises";
import { request } from "node:http";
import path from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { type LocalHarness, openLocalHarness } from "@/tests/setup/local-driver";
import { type MemoryRun, memoryRun } from "@/tests/setup/run-context";
import { type SampleOptions, writeSampleApp } from "@/tests/setup/sample-app";
import { until } from "@/tests/setup/until";
import type { DeploySpec } from "../driver";
import { outcomeOf, type TestEnvironment, testEnvironment } from "../driver.suite";
import { DEPLOY_STEPS } from "./deploy";

describe("deploying with the local driver", { timeout: 120_000 }, () => {
  let harness: LocalHarness;
  const made: TestEnvironment[] = [];

  beforeAll(async () => {
    harness = await openLocalHarness();
  });
  afterEach(async () => {
    for (const { environment } of made.splice(0)) await harness.driver.destroy(memoryRun(environment.environmentId).context, environment);
  });
  afterAll(() => harness?.close());

  async function serving(): Promise<TestEnvironment> {
    const created = testEnvironment({ variables: { RELEASE: "one" } });
    made.push(created);
    await harness.driver.provision(memoryRun(created.environment.environmentId).context, created.spec);
    return created;
  }

  /** What a deployment of the sample service is asked for; the table is played by the handle. */
  function specOf({ spec, environment }: TestEnvironment, version: number, options: SampleOptions & { release?: string } = {}): DeploySpec {
    return {
      ...spec,
      version,
      handle: environment.handle,
      variables: { RELEASE: options.release ?? `v${version}` },
      materialize: (folder) => writeSampleApp(folder, options),
      switchTo: async (handle) => {
        environment.handle = handle;
      },
      hasSwitched: async () => environment.handle?.version === version,
    };
  }
  const runFor = ({ environment }: TestEnvironment, options: Parameters<typeof memoryRun>[1] = {}): MemoryRun =>
    memoryRun(environment.environmentId, { plan: DEPLOY_STEPS, ...options });
  const release = async ({ environment }: TestEnvironment) => (await harness.get(environment, "/env?name=RELEASE")).body;
  const instances = ({ environment }: TestEnvironment) => harness.instances(environment.environmentId);

  test("the new version takes over with the same database, the old one is gone, and its log stays readable", async () => {
    const created = await serving();
    const password = created.secrets.get("DATABASE_URL");
    await harness.get(created.environment, "/say?text=old-speaks");
    await harness.driver.deploy(runFor(created).context, specOf(created, 1));
    expect(await release(created)).toBe("v1");
    expect(created.secrets.get("DATABASE_URL")).toBe(password);
    expect(await instances(created)).toBe(1);
    await harness.get(created.environment, "/say?text=new-speaks");
    await until("the new line", async () => (await harness.driver.logs(created.environment, { tail: 50 })).some((line) => line.text === "new-speaks"));
    const lines = await harness.driver.logs(created.environment, { tail: 50 });
    expect(lines.findIndex((line) => line.text === "old-speaks")).toBeLessThan(lines.findIndex((line) => line.text === "new-speaks"));
    const old = lines.find((line) => line.text === "old-speaks");
    expect((await harness.driver.logs(created.environment, { after: old?.offset ?? 0 })).map((line) => line.text)).toContain("new-speaks");
    expect(await harness.driver.status(created.environment)).toMatchObject({ state: "running", health: { state: "healthy" } });
  });

  test("a version that never gets healthy is taken away, says why with its last lines, and the old one keeps serving", async () => {
    const created = await serving();
    const run = runFor(created);
    const crash = { start: ["node", "-e", "console.error('Error: the table orders is missing'); process.exit(4)"] };
    const outcome = await outcomeOf(harness.driver.deploy(run.context, specOf(created, 1, crash)));
    expect(outcome).toMatchObject({ causeCode: "process-exited", cause: expect.stringContaining("the table orders is missing") });
    expect(run.lines.join("\n")).toContain("the table orders is missing");
    expect(await release(created)).toBe("one");
    expect(await instances(created)).toBe(1);
    const again = runFor(created);
    await harness.driver.deploy(again.context, specOf(created, 2));
    expect(await release(created)).toBe("v2");
  });

  test("a version that stays silent says so with its last lines", async () => {
    const created = await serving();
    const run = runFor(created);
    const mute = { start: ["node", "-e", "console.log('waiting for a queue that is not there'); setInterval(() => {}, 1000)"] };
    const outcome = await outcomeOf(harness.impatient.deploy(run.context, specOf(created, 1, mute)));
    expect(outcome.causeCode).toBe("health-never-passed");
    expect(run.lines).toContain("waiting for a queue that is not there");
    expect(await instances(created)).toBe(1);
  });

  test("after a worker's death in any step another one finishes, and one version is left", async () => {
    const created = await serving();
    let version = 0;
    for (const { name } of DEPLOY_STEPS) {
      version++;
      const run = runFor(created, { dieAfter: name });
      const lost = Object.assign(new Error("lost"), { name: "LostRun" });
      const spec = specOf(created, version);
      await harness.driver
        .deploy({ ...run.context, step: (step, body) => run.context.step(step, body).catch((error) => Promise.reject(/^died/.test(error.message) ? lost : error)) }, spec)
        .then(
          () => expect.fail("it was to die"),
          (error) => expect(error).toBe(lost),
        );
      await harness.secondWorker.deploy(run.again().context, { ...spec, handle: created.environment.handle });
      expect(await release(created)).toBe(`v${version}`);
      expect(await instances(created)).toBe(1);
    }
  });

  test("a request and a stream that run during the switch are finished by the old version", async () => {
    const created = await serving();
    const slow = new Promise<string>((resolve, reject) => {
      const asked = request({ socketPath: String(created.environment.handle?.socketPath), path: "/slow?ms=1200", agent: false }, (answer) => {
        let body = "";
        answer.setEncoding("utf8").on("data", (text: string) => {
          body += text;
        });
        answer.on("end", () => resolve(body));
      });
      asked.once("error", reject);
      asked.end();
    });
    await harness.driver.deploy(runFor(created).context, specOf(created, 1));
    expect(await slow).toBe("slow one");
    expect(await instances(created)).toBe(1);
  });

  test("what a crash left beside the serving version is found and ended; the one under way is not", async () => {
    const created = await serving();
    const stop = Object.assign(new Error("lost"), { name: "LostRun" });
    const dying = (version: number) => {
      const run = runFor(created, { dieAfter: "ready" });
      return harness.driver.deploy({ ...run.context, step: (step, body) => run.context.step(step, body).catch(() => Promise.reject(stop)) }, specOf(created, version));
    };
    await expect(dying(1)).rejects.toBe(stop);
    expect(await instances(created)).toBe(2);
    expect(await harness.driver.removeOtherVersions(created.environment, [1])).toEqual([]);
    expect(await harness.driver.removeOtherVersions(created.environment, [])).toEqual([1]);
    expect(await instances(created)).toBe(1);
    expect(await release(created)).toBe("one");
  });

  test("destroy takes every version with it", async () => {
    const created = await serving();
    await harness.driver.deploy(runFor(created).context, specOf(created, 1));
    made.splice(0);
    await harness.driver.destroy(memoryRun(created.environment.environmentId).context, created.environment);
    expect(await instances(created)).toBe(0);
    expect((await harness.driver.inventory()).filter((found) => found.environmentId === created.environment.environmentId)).toEqual([]);
    expect(await readFile(path.join(harness.settings.dataDir, "sandboxes", created.environment.environmentId, "run.json"), "utf8").catch(() => null)).toBeNull();
  });
});
