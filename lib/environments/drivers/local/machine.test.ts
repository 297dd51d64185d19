import { chmod, mkdir, mkdtemp, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { askSocket, type LocalHarness, openLocalHarness } from "@/tests/setup/local-driver";
import { memoryRun } from "@/tests/setup/run-context";
import { writeSampleApp } from "@/tests/setup/sample-app";
import { outcomeOf, testEnvironment } from "../driver.suite";
import { destroy } from "./destroy";
import { openHome } from "./home";
import { openLocal } from "./local";
import { placeOf } from "./place";
import { provision } from "./provision";

const isRoot = process.getuid?.() === 0;

describe("the folders of a data directory", () => {
  let folder: string;
  const outside: string[] = [];
  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "wm-home-"));
  });
  afterEach(async () => {
    for (const made of [folder, ...outside.splice(0)]) await rm(made, { recursive: true, force: true });
  });

  async function open(dataDir: string) {
    const home = await openHome(dataDir);
    outside.push(home.sockets, home.sandboxes, home.dependencies);
    return home;
  }

  test("are found again by whoever opens them next, also at the same time", async () => {
    const homes = await Promise.all(Array.from({ length: 6 }, () => open(path.join(folder, "data"))));
    expect(new Set(homes.map((home) => home.installation)).size).toBe(1);
    expect(homes[0]?.installation).toMatch(/^[0-9a-f]{12}$/);
    const again = await open(path.join(folder, "data"));
    expect(again).toEqual(homes[0]);
    expect((await open(path.join(folder, "other"))).installation).not.toBe(again.installation);
  });

  test("leave room for the 107 bytes of a socket's path however deep the data directory is", async () => {
    const deep = path.join(folder, ...Array.from({ length: 12 }, () => "a-rather-long-folder-name"));
    const place = placeOf(await open(deep), "env_1m86wmtst9zpz1eamy", 0, null);
    expect(place.socket.length).toBeLessThan(107);
  });

  test("under a folder that other accounts cannot enter, are where sandboxes' accounts can", async () => {
    await chmod(folder, 0o700);
    const home = await open(path.join(folder, "data"));
    expect(home.sandboxes.startsWith("/var/tmp/")).toBe(isRoot);
    expect((await stat(home.sandboxes)).mode & 0o077).toBe(isRoot ? 0o011 : 0);
    // The launcher looks for run.json below the data directory, whatever stands there.
    await mkdir(path.join(home.sandboxes, "x"));
    expect((await stat(path.join(folder, "data/sandboxes/x"))).isDirectory()).toBe(true);
  });

  test("are not taken from somebody who was there first", async () => {
    const { installation, sockets } = await open(path.join(folder, "data"));
    await rm(sockets, { recursive: true });
    await symlink(folder, sockets);
    await expect(openHome(path.join(folder, "data"))).rejects.toMatchObject({ outcome: { causeCode: "port-or-socket", cause: expect.stringContaining(installation) } });
    await rm(sockets);
  });
});

describe("a machine's particularities", () => {
  let harness: LocalHarness;
  beforeAll(async () => {
    harness = await openLocalHarness();
  });
  afterAll(() => harness.close());

  test("where only root may make namespaces, the service still has an account of its own and no rights", async () => {
    const local = await openLocal(harness.settings);
    try {
      if (!isRoot || local.machine.level !== "bubblewrap") return expect(local.machine.bubblewrap).not.toBe("drop-to");
      const dropping = { ...local, machine: { ...local.machine, bubblewrap: "drop-to" as const, disableNested: false } };
      const { spec, environment } = testEnvironment();
      await provision(dropping, memoryRun(environment.environmentId).context, spec);
      expect(await harness.get(environment, "/env?name=GREETING")).toMatchObject({ body: "hello" });
      const [service] = (await harness.processes(environment.environmentId)).filter(({ command }) => command[0] === "node");
      const status = await readFile(`/proc/${service?.pid}/status`, "utf8");
      expect(status).toMatch(new RegExp(`^Uid:\\s+${environment.handle?.uid}\\s+${environment.handle?.uid}\\s`, "m"));
      expect(status).toMatch(/^CapEff:\s+0+$/m);
      expect(status).toMatch(/^NoNewPrivs:\s+1$/m);
      await destroy(dropping, memoryRun(environment.environmentId).context, environment);
      expect(await harness.processes(environment.environmentId)).toEqual([]);
    } finally {
      await local.databases.close();
    }
  });

  test("a disk that is full is said to be full, whoever meets it first", async () => {
    const full = testEnvironment({
      materialize: async (folder) => {
        await writeFile("/dev/full", "not a byte fits");
        return writeSampleApp(folder);
      },
    });
    expect(await outcomeOf(harness.driver.provision(memoryRun("env_full").context, full.spec))).toMatchObject({ causeCode: "disk-full", whoCanFix: "platform-team" });
    const filling = testEnvironment({ start: ["node", "fill.mjs"], files: { "fill.mjs": 'import { writeFileSync } from "node:fs"; writeFileSync("/dev/full", "x");' } });
    expect(await outcomeOf(harness.driver.provision(memoryRun(filling.environment.environmentId).context, filling.spec))).toMatchObject({
      causeCode: expect.stringMatching(/disk-full|process-exited/),
    });
    for (const { environment } of [full, filling]) await harness.driver.destroy(memoryRun(environment.environmentId).context, environment);
  });

  test("a process whose socket was swept away is reported as stopped, and a restart helps", async () => {
    const { spec, environment } = testEnvironment();
    await harness.driver.provision(memoryRun(environment.environmentId).context, spec);
    await rm(path.dirname(String(environment.handle?.socketPath)), { recursive: true });
    expect(await harness.driver.status(environment)).toMatchObject({ state: "stopped" });
    await harness.driver.restart(memoryRun(environment.environmentId).context, spec);
    expect(await askSocket(String(environment.handle?.socketPath), "/healthz")).toMatchObject({ status: 200 });
    await harness.driver.destroy(memoryRun(environment.environmentId).context, environment);
  });

  test("files that are gone, and a password that is, end a restart with what to do", async () => {
    const { spec, environment, secrets } = testEnvironment();
    await harness.driver.provision(memoryRun(environment.environmentId).context, spec);
    secrets.clear();
    expect(await outcomeOf(harness.driver.restart(memoryRun(environment.environmentId).context, spec))).toMatchObject({
      causeCode: "credential-lost",
      nextAction: expect.stringContaining("create a new one"),
    });
    await rm(path.join(harness.settings.dataDir, "sandboxes", environment.environmentId, "manifest.json"));
    expect(await outcomeOf(harness.driver.restart(memoryRun(environment.environmentId).context, spec))).toMatchObject({ causeCode: "files-gone" });
    await harness.driver.destroy(memoryRun(environment.environmentId).context, environment);
  });

  test("an id that is not one never becomes a path", async () => {
    for (const environmentId of ["../../etc", "env_", "env_../x", "", "env_ABC123"]) {
      await expect(harness.driver.status({ environmentId, name: "x", handle: null })).rejects.toThrow("is not the id of an environment");
      await expect(harness.driver.removeOrphan(environmentId)).rejects.toThrow("is not the id of an environment");
    }
  });
});
