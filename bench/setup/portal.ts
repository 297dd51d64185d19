import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { freePort } from "../../scripts/launcher/ports.mjs";
import { removeSandboxHome } from "../../scripts/launcher/sandbox-home.mjs";
import { removeCluster } from "../../scripts/postgres/cluster.mjs";

export interface BenchPortal {
  url: string;
  dataDir: string;
  proxyPort: number;
  /** Milliseconds from the command to "ready" of this start. */
  startMs: number;
  token(person: string, scopes?: string): string;
  call<T>(token: string, method: string, path: string, body?: unknown): Promise<T>;
  restart(): Promise<number>;
  /** Resident memory of the server process in MiB. */
  memoryMiB(): number;
  stop(): Promise<void>;
}

const PREPARED_MS = 3_000;

/** What shipped paths need is installed and built ahead, on a core of its own: nothing is measured meanwhile. */
async function untilPrepared(folder: string): Promise<void> {
  for (let idleSince = performance.now(); performance.now() - idleSince < PREPARED_MS; await wait(100)) {
    if (existsSync(folder) && readdirSync(folder).some((name) => name.endsWith(".lock"))) idleSince = performance.now();
  }
}

/** A portal of its own for measuring: throw-away data directory, free ports; what it prepares at its start is done. */
export async function benchPortal(): Promise<BenchPortal> {
  const dataDir = mkdtempSync(path.join(tmpdir(), "wm-bench-"));
  const [port, proxyPort] = [await freePort(), await freePort()];
  const env = { ...process.env, WAYMARK_DATA_DIR: dataDir, PORT: String(port), WAYMARK_PROXY_PORT: String(proxyPort), WAYMARK_URL: "", DATABASE_URL: "" };
  const url = `http://localhost:${port}`;
  let launcher: ChildProcess | null = null;
  const start = async () => {
    const begun = performance.now();
    const child = spawn(process.execPath, ["scripts/start.mjs"], { env, stdio: ["ignore", "pipe", "inherit"] });
    launcher = child;
    child.stdout.setEncoding("utf8");
    // Listening goes on to the end: a closed pipe would end the launcher at its next line.
    await new Promise<void>((ready) => child.stdout.on("data", (text: string) => text.includes("Waymark is ready") && ready()));
    return performance.now() - begun;
  };
  const halt = async () => {
    launcher?.kill("SIGTERM");
    if (launcher && launcher.exitCode === null) await once(launcher, "exit");
  };
  const startMs = await start();
  await untilPrepared(path.join(dataDir, "dependencies"));
  return {
    url,
    dataDir,
    proxyPort,
    startMs,
    token: (person, scopes = "read,env:write") =>
      execFileSync(process.execPath, ["dist/cli/waymark.js", "token", "create", "--as", person, "--scopes", scopes], { env, encoding: "utf8" }).trim(),
    async call<T>(token: string, method: string, target: string, body?: unknown): Promise<T> {
      const answer = await fetch(`${url}/api/v1${target}`, {
        method,
        headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
        ...(body ? { body: JSON.stringify(body) } : {}),
      });
      if (!answer.ok) throw new Error(`${method} ${target}: ${answer.status} ${await answer.text()}`);
      return (await answer.json()) as T;
    },
    async restart() {
      await halt();
      return start();
    },
    memoryMiB() {
      const { pid } = JSON.parse(readFileSync(path.join(dataDir, "portal.json"), "utf8")) as { pid: number };
      return existsSync(`/proc/${pid}/status`) ? Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0) / 1024 : 0;
    },
    async stop() {
      await halt();
      await wait(100);
      execFileSync(process.execPath, ["scripts/stop.mjs"], { env, stdio: "ignore" });
      removeSandboxHome(dataDir);
      removeCluster(dataDir);
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
