import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { freePort } from "../../scripts/launcher/ports.mjs";
import { removeSandboxHome } from "../../scripts/launcher/sandbox-home.mjs";
import { removeCluster } from "../../scripts/postgres/cluster.mjs";
import type { TestPortal } from "./at-portal";

// Whoever runs the tests may have a real connection in the environment.
const NO_GITHUB = { GITHUB_TOKEN: "", GITHUB_APP_ID: "", GITHUB_APP_PRIVATE_KEY: "" };

async function untilReady(child: ChildProcess): Promise<void> {
  const output: string[] = [];
  child.stdout?.setEncoding("utf8");
  child.stderr?.setEncoding("utf8").on("data", (text: string) => output.push(text));
  await new Promise<void>((resolve, reject) => {
    child.stdout?.on("data", (text: string) => {
      output.push(text);
      if (text.includes("Waymark is ready")) resolve();
    });
    child.once("exit", (code) => reject(new Error(`the portal ended with code ${code}:\n${output.join("")}`)));
  });
}

export interface StartedPortal extends TestPortal {
  /** Stops it and removes all that it kept. */
  stop(): Promise<void>;
}

/** A real portal, started as a user would start it, with a data directory and ports of its own. `configure` adds variables once its address is known. */
export async function startPortal(configure: (url: string) => Record<string, string> | Promise<Record<string, string>> = () => ({})): Promise<StartedPortal> {
  const dataDir = await mkdtemp(path.join(tmpdir(), "wm-e2e-"));
  const [port, proxyPort, receiverPort] = [await freePort(), await freePort(), await freePort()];
  const url = `http://localhost:${port}`;
  const env = {
    ...process.env,
    CI: "",
    WAYMARK_DATA_DIR: dataDir,
    PORT: String(port),
    WAYMARK_PROXY_PORT: String(proxyPort),
    WAYMARK_URL: "",
    DATABASE_URL: "",
    WAYMARK_PRIVATE_HOSTS: `127.0.0.1:${receiverPort}`,
    ...NO_GITHUB,
    ...(await configure(url)),
  };
  const launcher = spawn(process.execPath, ["scripts/start.mjs"], { env, stdio: ["ignore", "pipe", "pipe"] });
  const stop = async () => {
    launcher.kill("SIGTERM");
    if (launcher.exitCode === null) await once(launcher, "exit");
    execFileSync(process.execPath, ["scripts/stop.mjs"], { env, stdio: "ignore" });
    removeSandboxHome(dataDir);
    removeCluster(dataDir);
    await rm(dataDir, { recursive: true, force: true });
  };
  try {
    await untilReady(launcher);
  } catch (error) {
    await stop();
    throw error;
  }
  return { url, dataDir, proxyPort, receiverPort, stop };
}
