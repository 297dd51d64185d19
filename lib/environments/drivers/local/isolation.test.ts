import { once } from "node:events";
import { readFile, readlink, stat } from "node:fs/promises";
import { createServer } from "node:net";
import path from "node:path";
import postgres from "postgres";
import { afterAll, afterEach, beforeAll, describe, expect, inject, test } from "vitest";
import { type LocalHarness, openLocalHarness } from "@/tests/setup/local-driver";
import { memoryRun } from "@/tests/setup/run-context";
import { shippedPath } from "@/tests/setup/shipped-path";
import { until } from "@/tests/setup/until";
import { type TestEnvironment, testEnvironment } from "../driver.suite";
import { listProcesses } from "./process-identity";

const LEVELS = ["bubblewrap", "own-user", "process"] as const;

/** Which of the probe's attempts a gap on the environment's page admits. */
const ADMITTED_BY: Record<string, RegExp> = {
  "list-processes": /sees (the list of all|all) processes/,
  "read-environ": /runs under the portal's own account/,
  "open-memory": /runs under the portal's own account/,
  "read-files": /every file that all accounts may read|runs under the portal's own account/,
  "write-files": /folders that are open to all accounts|runs under the portal's own account/,
  "guessed-role": /lets every role connect/,
  "foreign-database": /lets every role connect/,
  "connect-portal": /services on loopback included/,
  "reach-out": /services on loopback included/,
  "take-port": /services on loopback included/,
  "fill-disk": /fill the disk/,
  "fork-bomb": /Nothing limits how many processes/,
  "allocate-memory": /Nothing limits how much memory/,
};

async function commandLines(): Promise<string[]> {
  const rows = await listProcesses();
  return Promise.all(rows.filter((row) => !row.isZombie).map((row) => readFile(`/proc/${row.pid}/cmdline`, "latin1").catch(() => "")));
}

describe.each(LEVELS)("at most %s", (strongest) => {
  let harness: LocalHarness;
  let isolation: Awaited<ReturnType<LocalHarness["driver"]["isolation"]>>;
  const made: TestEnvironment[] = [];

  beforeAll(async () => {
    harness = await openLocalHarness({ strongest });
    isolation = await harness.driver.isolation();
  });
  afterEach(async () => {
    for (const { environment } of made.splice(0)) await harness.driver.destroy(memoryRun(environment.environmentId).context, environment);
  });
  afterAll(() => harness.close());

  async function provisioned(options: Parameters<typeof testEnvironment>[0] = {}): Promise<TestEnvironment> {
    const created = testEnvironment(options);
    made.push(created);
    await harness.driver.provision(memoryRun(created.environment.environmentId).context, created.spec);
    return created;
  }

  test("a daemon that left its session and forked twice ends with its environment", async () => {
    const created = await provisioned();
    const marker = `marker-${created.environment.environmentId}`;
    await harness.get(created.environment, `/daemon?marker=${marker}`);
    await until("the daemon", async () => (await commandLines()).some((line) => line.endsWith(`${marker}\0`)));
    await harness.driver.destroy(memoryRun(created.environment.environmentId).context, created.environment);
    expect((await commandLines()).filter((line) => line.includes(marker))).toEqual([]);
  });

  test("a process that ignores SIGTERM is killed after its grace", async () => {
    const created = await provisioned({ variables: { STUBBORN: "1" } });
    const run = memoryRun(created.environment.environmentId);
    await harness.driver.destroy(run.context, created.environment);
    expect(run.lines.join()).toContain("did not end within 1.5 s");
    expect(await harness.instances(created.environment.environmentId)).toBe(0);
  });

  test("a process that listens to SIGTERM gets it, and ends by itself", async () => {
    const created = await provisioned();
    await harness.driver.restart(memoryRun(created.environment.environmentId).context, created.spec);
    expect((await harness.driver.logs(created.environment, { tail: 20 })).map((line) => line.text)).toContain("stopping");
  });

  test("secrets are on no command line, and a team's variable does not reach what runs outside the sandbox", async () => {
    const created = await provisioned({ variables: { LD_PRELOAD: "/app/evil.so", API_KEY: "team-secret-value" } });
    const secrets = ["team-secret-value", ...[...created.secrets.values()].map((value) => decodeURIComponent(new URL(value).password))];
    const lines = (await commandLines()).join("\n");
    for (const secret of secrets) expect(lines).not.toContain(secret);
    if (isolation.level !== "bubblewrap") return;
    const outside = (await harness.processes(created.environment.environmentId)).filter(({ command }) => command[0] === "/bin/sh");
    expect(outside).toHaveLength(1);
    for (const { pid } of outside) expect(await readFile(`/proc/${pid}/environ`, "latin1")).not.toContain("evil.so");
    expect(await harness.get(created.environment, "/env?name=API_KEY")).toMatchObject({ body: "team-secret-value" });
  });

  test("unless the level is the weakest, the service does not run as root", async () => {
    const created = await provisioned();
    for (const { pid } of await harness.processes(created.environment.environmentId)) {
      const [, uid] = /^Uid:\s+(\d+)/m.exec(await readFile(`/proc/${pid}/status`, "utf8")) ?? [];
      if (isolation.level !== "process") expect(uid).not.toBe("0");
      else expect(uid).toBe(String(process.getuid?.()));
    }
  });

  test("its credentials open its own database and no other", async () => {
    const [mine, other] = [await provisioned(), await provisioned()];
    const { port } = inject("postgres");
    const url = new URL(mine.secrets.get("DATABASE_URL") ?? "");
    const connect = async (database: string) => {
      const sql = postgres({ host: "127.0.0.1", port, user: url.username, password: url.password, database, max: 1, onnotice: () => {} });
      try {
        return await sql<{ name: string }[]>`select current_database() as name`;
      } finally {
        await sql.end();
      }
    };
    const own = url.pathname.slice(1);
    expect(await connect(own)).toMatchObject([{ name: own }]);
    for (const database of [`wm_${other.environment.environmentId.slice(4)}`, "postgres", "template1", "waymark"])
      await expect(connect(database)).rejects.toThrow(/pg_hba|permission denied/);
  });

  test("memory and processes are limited where the machine can do that", async () => {
    if (isolation.limits === "none") return expect(isolation.gaps.join()).toMatch(/Its memory is limited per process only|Nothing limits/);
    const created = await provisioned({ memoryMiB: 128 });
    const [count, refusal] = (await harness.get(created.environment, "/fork?n=400")).body.split(" ");
    expect(Number(count)).toBeLessThan(256);
    expect(refusal).toBe("EAGAIN");
    await expect(harness.get(created.environment, "/allocate?mib=600")).rejects.toThrow();
    const seen = await until("the kill to be seen", async () => {
      const status = await harness.driver.status(created.environment);
      return status.state === "stopped" && status;
    });
    expect(seen.health.reason).toContain("SIGKILL");
  });

  test("a start that needs too much memory says so", async () => {
    if (isolation.limits === "none") return expect(isolation.gaps.join()).toMatch(/Its memory is limited per process only|Nothing limits/);
    const created = testEnvironment({ start: ["node", "hungry.mjs"], files: { "hungry.mjs": "const kept = []; for (;;) kept.push(Buffer.alloc(16 * 1048576, 1));" } });
    made.push(created);
    const work = harness.driver.provision(memoryRun(created.environment.environmentId).context, created.spec);
    await expect(work).rejects.toMatchObject({ outcome: { causeCode: "process-exited", cause: expect.stringContaining("more memory than its limit"), whoCanFix: "team-owner" } });
  });

  test("what the probe gets through is what the gaps admit; in a sandbox nothing", async () => {
    const listener = createServer((socket) => socket.destroy()).listen(0, "127.0.0.1");
    await once(listener, "listening");
    const address = listener.address();
    const port = typeof address === "object" && address ? String(address.port) : "";
    const variables = {
      PROBE_PORTAL_PORTS: port,
      PROBE_EGRESS_TARGET: `127.0.0.1:${port}`,
      PROBE_DATABASE_PORTS: String(inject("postgres").port),
      PROBE_SECRET_PATHS: [process.cwd(), harness.settings.dataDir].join(","),
      PROBE_WRITE_PATHS: [process.cwd(), harness.settings.dataDir].join(","),
      PROBE_HOST_NETWORK: await readlink("/proc/self/ns/net"),
      PROBE_HOST_MOUNTS: await readlink("/proc/self/ns/mnt"),
      PROBE_FORKS: "400",
    };
    const created = await provisioned({ materialize: shippedPath("probe"), variables, memoryMiB: 256 });
    const own = (await harness.processes(created.environment.environmentId)).map(({ pid }) => `pid ${pid}`);
    const results: { name: string; succeeded: boolean; detail: string }[] = JSON.parse((await harness.get(created.environment, "/probe")).body);
    listener.close();
    // Its own supervisor, under its own account, is nobody else's.
    const isItself = ({ name, detail }: (typeof results)[number]) =>
      name === "open-memory" &&
      detail
        .replace("memory opened of ", "")
        .split(", ")
        .every((pid) => own.includes(pid));
    const through = results.filter((result) => result.succeeded && !isItself(result));
    expect(results.length).toBeGreaterThan(12);
    for (const { name, detail } of through) expect(isolation.gaps.join(" "), `${name}: ${detail}`).toMatch(ADMITTED_BY[name] ?? /no gap admits this/);
    if (isolation.level === "bubblewrap") expect(through).toEqual([]);
    const marker = results.find((result) => result.name === "outlive")?.detail ?? "none";
    await harness.driver.destroy(memoryRun(created.environment.environmentId).context, created.environment);
    expect((await commandLines()).filter((line) => line.endsWith(`${marker}\0`))).toEqual([]);
  });

  test("run.json names the process in the shape that the launcher reads, and nobody else may read it", async () => {
    const created = await provisioned();
    const file = path.join(harness.settings.dataDir, "sandboxes", created.environment.environmentId, "run.json");
    const record = JSON.parse(await readFile(file, "utf8"));
    expect(record).toMatchObject({ pid: expect.any(Number), startTime: expect.any(String), bootId: expect.any(String), environmentId: created.environment.environmentId });
    expect((await stat(file)).mode & 0o077).toBe(0);
    if (isolation.limits !== "none") expect(record.cgroup.length).toBeGreaterThan(0);
  });
});

test("this machine's strongest level is as strong as it can be", async () => {
  const harness = await openLocalHarness();
  try {
    const isolation = await harness.driver.isolation();
    // A weaker level has to say why.
    if (isolation.level !== "bubblewrap") expect(isolation.gaps.join()).toMatch(/stronger level is not used because/);
    else expect(isolation.network).toBe("own");
  } finally {
    await harness.close();
  }
});
