import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import postgres from "postgres";
import { freePort } from "../../scripts/launcher/ports.mjs";
import { removeCluster, startCluster, stopCluster } from "../../scripts/postgres/cluster.mjs";
import { databaseMiB } from "./database";

const HOME = path.join(process.cwd(), "bench/peers/backstage");
const READY_MS = 120_000;
const POLL_MS = 250;

export interface Peer {
  url: string;
  /** Milliseconds from "ready" until so many entities are listed. */
  untilListed(n: number, deadlineMs: number): Promise<number>;
  memoryMiB(): number;
  databaseMiB(): Promise<number>;
  stop(): Promise<void>;
}

/** A Backstage of its own that reads these files, on a Postgres as Waymark starts it; installed on first use. `refresh`: its processingInterval. */
export async function backstagePeer(files: string, refresh: object): Promise<Peer> {
  const node = path.join(HOME, "node_modules/node/bin/node");
  if (!existsSync(node)) execFileSync("npm", ["ci", "--no-audit", "--no-fund"], { cwd: HOME, stdio: "inherit" });
  const dataDir = mkdtempSync(path.join(tmpdir(), "wm-peer-"));
  const cluster = await startCluster(dataDir);
  const address = (name: string) => `postgres://postgres:${cluster.password}@127.0.0.1:${cluster.port}/${name}`;
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const log = openSync(path.join(dataDir, "backstage.log"), "w");
  const env: NodeJS.ProcessEnv = {
    PATH: process.env.PATH,
    HOME: dataDir,
    NODE_ENV: "production",
    PEER_PORT: String(port),
    PEER_DATABASE_URL: address("postgres"),
    PEER_FILES: files,
    APP_CONFIG_catalog_processingInterval: JSON.stringify(refresh),
  };
  const child = spawn(node, ["--no-node-snapshot", "index.mjs", "--config", "app-config.yaml"], { cwd: HOME, env, stdio: ["ignore", log, log] });
  const stop = async () => {
    await ended(child);
    await stopCluster(dataDir);
    removeCluster(dataDir);
    rmSync(dataDir, { recursive: true, force: true });
  };
  try {
    await ready(child, url);
  } catch (error) {
    const said = readFileSync(path.join(dataDir, "backstage.log"), "utf8").slice(-2_000);
    await stop();
    throw new Error(`${error instanceof Error ? error.message : error}\n${said}`);
  }
  const begun = performance.now();
  return {
    url,
    stop,
    async untilListed(n, deadlineMs) {
      while ((await listed(url)) < n) {
        if (performance.now() - begun > deadlineMs) throw new Error(`Backstage lists ${await listed(url)} of ${n} after ${deadlineMs / 1_000} s`);
        await wait(POLL_MS);
      }
      return performance.now() - begun;
    },
    memoryMiB: () => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, "utf8"))?.[1] ?? 0) / 1024,
    async databaseMiB() {
      const sql = postgres(address("backstage_plugin_catalog"), { max: 1 });
      return databaseMiB(sql).finally(() => sql.end());
    },
  };
}

async function ready(child: ChildProcess, url: string): Promise<void> {
  for (const end = performance.now() + READY_MS; performance.now() < end; await wait(25)) {
    if (child.exitCode !== null) throw new Error(`Backstage ended with code ${child.exitCode}`);
    const answer = await fetch(`${url}/.backstage/health/v1/readiness`).catch(() => null);
    await answer?.arrayBuffer();
    if (answer?.status === 200) return;
  }
  throw new Error("Backstage was not ready within two minutes");
}

async function listed(url: string): Promise<number> {
  const answer = await fetch(`${url}/api/catalog/entities/by-query?limit=0`);
  return answer.ok ? ((await answer.json()) as { totalItems: number }).totalItems : 0;
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const gone = once(child, "exit");
  child.kill("SIGTERM");
  const timer = setTimeout(() => child.kill("SIGKILL"), 10_000);
  await gone;
  clearTimeout(timer);
}
