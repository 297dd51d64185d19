import { execFileSync } from "node:child_process";
import { readFileSync, readlinkSync, realpathSync } from "node:fs";
import path from "node:path";
import { setTimeout as wait } from "node:timers/promises";

const STARTING_MS = 30_000;
const FAST_MS = 30_000;
const IMMEDIATE_MS = 5_000;

/** A pid file outlives a crash, and its pid may be another program's by now: a server works in its data folder. */
function worksIn(pid, data) {
  try {
    process.kill(pid, 0);
    if (process.platform === "linux") return readlinkSync(`/proc/${pid}/cwd`) === realpathSync(data);
    return execFileSync("ps", ["-o", "command=", "-p", String(pid)], { encoding: "utf8" }).includes("postgres");
  } catch {
    return false;
  }
}

/** The server of a data folder as it says of itself, `{ pid, port, status }`; null when none runs. */
function postmasterOf(data) {
  let lines;
  try {
    lines = readFileSync(path.join(data, "postmaster.pid"), "utf8").split("\n");
  } catch (error) {
    if (error.code === "ENOENT") return null;
    throw error;
  }
  const pid = Number(lines[0]);
  return pid > 0 && worksIn(pid, data) ? { pid, port: Number(lines[3]), status: (lines[7] ?? "").trim() } : null;
}

/** The server of a data folder once it accepts connections, `{ pid, port }`; null when none runs or the one there is ending. */
export async function runningPostmaster(data) {
  for (const end = performance.now() + STARTING_MS; performance.now() < end; await wait(50)) {
    const server = postmasterOf(data);
    if (!server || server.status === "ready") return server;
  }
  return null;
}

async function gone(data, pid, ms) {
  for (const end = performance.now() + ms; performance.now() < end; await wait(20)) if (!worksIn(pid, data)) return true;
  return !worksIn(pid, data);
}

/** Stops the server of a data folder: open transactions are rolled back, nothing committed is lost. Returns whether one was running. */
export async function stopPostmaster(data) {
  const server = postmasterOf(data);
  if (!server) return false;
  process.kill(server.pid, "SIGINT");
  if (await gone(data, server.pid, FAST_MS)) return true;
  process.kill(server.pid, "SIGQUIT");
  await gone(data, server.pid, IMMEDIATE_MS);
  return true;
}

/** Lets a running server read pg_hba.conf again. */
export function reloadPostmaster({ pid }) {
  process.kill(pid, "SIGHUP");
}
