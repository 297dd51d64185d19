import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { request } from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import { text } from "node:stream/consumers";
import postgres from "postgres";
import { inject } from "vitest";
import type { EnvironmentHandle } from "@/lib/environments/drivers/driver";
import type { Harness } from "@/lib/environments/drivers/driver.suite";
import { createLocalDriver, type LocalDriver } from "@/lib/environments/drivers/local";
import { labelledProcesses } from "@/lib/environments/drivers/local/process-tree";
import { livingRun } from "@/lib/environments/drivers/local/run-record";
import type { LocalSettings } from "@/lib/environments/drivers/local/settings";
import { removeSandboxHome } from "../../scripts/launcher/sandbox-home.mjs";

export interface LocalHarness extends Harness {
  driver: LocalDriver;
  settings: LocalSettings;
  installation(): Promise<string>;
  /** Living processes of an environment with their command lines, found by label. */
  processes(environmentId: string): Promise<{ pid: number; command: string[] }[]>;
  /** The server's superuser. */
  superuser: postgres.Sql;
}

async function commandOf(pid: number): Promise<string[]> {
  return (await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "")).split("\0").filter(Boolean);
}

/** Asks a service over its unix socket. */
export async function askSocket(socketPath: string, target: string): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const asked = request({ socketPath, path: target, agent: false }, async (answer) => resolve({ status: answer.statusCode ?? 0, body: await text(answer) }));
    asked.once("error", reject);
    asked.end();
  });
}

/** A local driver on a throw-away data directory and the tests' Postgres. */
export async function openLocalHarness(overrides: Partial<LocalSettings> = {}): Promise<LocalHarness> {
  const { port, password, socketDir, sandboxAdminUrl } = inject("postgres");
  const dataDir = overrides.dataDir ?? (await mkdtemp(path.join(tmpdir(), "wm-local-")));
  const settings: LocalSettings = {
    dataDir,
    appRoot: process.cwd(),
    adminUrl: sandboxAdminUrl,
    socketDir,
    domain: "localhost",
    proxyPort: 3001,
    otlpEndpoint: null,
    receiverUrl: "http://127.0.0.1:1/otlp",
    readyTimeoutMs: 30_000,
    stopGraceMs: 1_500,
    routeMs: 50,
    drainMs: 2_000,
    strongest: "bubblewrap",
    ...overrides,
  };
  const superuser = postgres({ host: "127.0.0.1", port, user: "postgres", password, database: "postgres", max: 1, onnotice: () => {} });
  const [driver, secondWorker, impatient] = [settings, settings, { ...settings, readyTimeoutMs: 4_000 }].map((own) => createLocalDriver(() => own)) as [
    LocalDriver,
    LocalDriver,
    LocalDriver,
  ];
  await driver.isolation();
  const installation = async () => (await readFile(path.join(dataDir, "installation"), "utf8")).trim();
  const processes = async (environmentId: string) => {
    const rows = (await labelledProcesses(await installation())).filter((row) => row.environmentId === environmentId);
    return Promise.all(rows.map(async ({ pid }) => ({ pid, command: await commandOf(pid) })));
  };
  const services = async (id: string) => (await processes(id)).filter(({ command }) => path.basename(command[0] ?? "").startsWith("node"));
  return {
    driver,
    secondWorker,
    impatient,
    settings,
    superuser,
    installation,
    processes,
    get: (environment: EnvironmentHandle, target) => askSocket(String(environment.handle?.socketPath), target),
    instances: async (id) => (await services(id)).length,
    async databaseObjects(id) {
      const name = `wm_${id.slice(4)}`;
      const rows = await superuser<
        { kind: string }[]
      >`select 'database' as kind from pg_database where datname = ${name} union all select 'role' from pg_roles where rolname = ${name}`;
      return rows.map((row) => row.kind);
    },
    async kill(id) {
      for (const { pid } of await services(id)) process.kill(pid, "SIGKILL");
    },
    async close() {
      // Relays belong to no environment; the launcher stops them by their records, as is done here.
      for (const name of await readdir(path.join(dataDir, "sandboxes"))) {
        const relay = await livingRun(path.join(dataDir, "sandboxes", name, "run.json"));
        if (relay) process.kill(-relay.pid, "SIGKILL");
      }
      for (const opened of [driver, secondWorker, impatient]) await opened.close();
      await superuser.end();
      removeSandboxHome(dataDir);
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
