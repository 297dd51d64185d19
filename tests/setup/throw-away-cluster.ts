import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { identityOf } from "../../scripts/launcher/process-identity.mjs";
import { removeCluster, startCluster, stopCluster } from "../../scripts/postgres/cluster.mjs";

export interface ThrowAwayCluster {
  dataDir: string;
  port: number;
  socketDir: string;
  /** Of the superuser `postgres`. */
  password: string;
  remove(): Promise<void>;
}

/** A real Postgres of its own, without durability; it ends with this process at the latest. `also` lets more roles in. */
export async function throwAwayCluster(also: [databases: string, roles: string][] = []): Promise<ThrowAwayCluster> {
  const dataDir = await mkdtemp(path.join(tmpdir(), "wm-test-"));
  const guard = spawn(process.execPath, [path.join(import.meta.dirname, "throw-away-guard.mjs"), dataDir, JSON.stringify(identityOf(process.pid))], {
    detached: true,
    stdio: "ignore",
  });
  guard.unref();
  const { port, socketDir, password } = await startCluster(dataDir, { fast: true, also });
  return {
    dataDir,
    port,
    socketDir,
    password,
    async remove() {
      guard.kill();
      await stopCluster(dataDir);
      removeCluster(dataDir);
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
