import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { chownSync, closeSync, existsSync, openSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { promisify } from "node:util";
import { readJson, writeJson } from "../launcher/json-file.mjs";
import { dataFiles } from "../launcher/paths.mjs";
import { freePort, isTaken } from "../launcher/ports.mjs";
import { accountOf } from "./account.mjs";
import { postgresBin } from "./binaries.mjs";
import { hbaText } from "./hba.mjs";
import { initialise, programEnv } from "./initdb.mjs";
import { dataOf, newClusterFolder, newSocketFolder } from "./place.mjs";
import { reloadPostmaster, runningPostmaster, stopPostmaster } from "./postmaster.mjs";
import { ownFolder } from "./reach.mjs";

const run = promisify(execFile);
const ATTEMPTS = 5;
// The port was taken since we looked, or backends of a killed server are still ending.
const PASSING = /Address already in use|could not bind|pre-existing shared memory block/;

/** Writes pg_hba.conf. Returns whether that changed it. */
function writeHba(folder, account, also) {
  const file = path.join(dataOf(folder), "pg_hba.conf");
  if (readFileSync(file, "utf8") === hbaText(also)) return false;
  writeFileSync(file, hbaText(also), { mode: 0o600 });
  if (account) chownSync(file, account.uid, account.gid);
  return true;
}

function options(port, socketDir, fast) {
  const settings = {
    listen_addresses: "127.0.0.1",
    port,
    unix_socket_directories: socketDir,
    max_connections: 200,
    shared_buffers: "64MB",
    timezone: "UTC",
    log_timezone: "UTC",
    log_min_messages: "warning",
    ...(fast ? { fsync: "off", full_page_writes: "off", synchronous_commit: "off" } : {}),
  };
  return Object.entries(settings)
    .map(([name, value]) => `-c ${name}=${value}`)
    .join(" ");
}

/** The log belongs to Postgres' account; it is there before the server, so that its owner and mode are ours to choose. */
function openLog(folder, account) {
  const log = path.join(folder, "postgres.log");
  closeSync(openSync(log, "a", 0o600));
  if (account) chownSync(log, account.uid, account.gid);
  return { name: path.basename(log), saidSince: (size) => readFileSync(log, "utf8").slice(size).trim(), size: () => statSync(log).size };
}

/** pg_ctl gets relative names and so needs no quoting for its shell. Returns the port. Throws with the server's last words. */
async function launch(bin, folder, account, { known, socketDir, fast }) {
  const log = openLog(folder, account);
  for (let attempt = 1; ; attempt++) {
    const port = known && !(await isTaken(known)) ? known : await freePort();
    const before = log.size();
    try {
      const command = ["-D", "data", "-l", log.name, "-w", "-t", "60", "-o", options(port, socketDir, fast), "start"];
      await run(path.join(bin, "pg_ctl"), command, { ...account, cwd: folder, env: programEnv() });
      return port;
    } catch (error) {
      const running = await runningPostmaster(dataOf(folder));
      if (running) return running.port;
      const said = log.saidSince(before) || error.stderr || error.message;
      if (attempt === ATTEMPTS || !PASSING.test(said)) throw new Error(`PostgreSQL did not start. Its last words:\n${said.split("\n").slice(-6).join("\n")}`);
      await wait(300);
    }
  }
}

/**
 * Starts (or finds running) the embedded Postgres of a data directory. It is a daemon of its own: the portal may end, sandboxes keep
 * their database. Returns `{ port, socketDir, folder, password, started }`; Throws with what to do.
 * For tests: `fast` gives up durability, `also` lets more roles in, `root` is another checkout.
 * @param {string} dataDir
 * @param {{ fast?: boolean, also?: [databases: string, roles: string][], root?: string }} [options]
 */
export async function startCluster(dataDir, { fast = false, also = [], root } = {}) {
  const { cluster: file } = dataFiles(dataDir);
  const known = readJson(file, {});
  const account = accountOf(known.folder && dataOf(known.folder));
  const folder = known.folder ?? (await newClusterFolder(dataDir, account));
  const password = known.password ?? randomBytes(24).toString("base64url");
  const socketDir = known.socketDir ?? newSocketFolder(dataDir, account);
  ownFolder(folder, account, 0o755);
  ownFolder(socketDir, account, 0o755);
  writeJson(file, { ...known, folder, password, socketDir });
  const running = await runningPostmaster(dataOf(folder));
  if (running) {
    if (writeHba(folder, account, also)) reloadPostmaster(running);
    if (running.port !== known.port) writeJson(file, { folder, password, socketDir, port: running.port });
    return { port: running.port, socketDir, folder, password, started: false };
  }
  const bin = postgresBin(account, root);
  await initialise(bin, folder, account, password, { fast });
  writeHba(folder, account, also);
  const port = await launch(bin, folder, account, { known: known.port, socketDir, fast });
  writeJson(file, { folder, password, socketDir, port });
  return { port, socketDir, folder, password, started: true };
}

/** Stops the embedded Postgres of a data directory. Returns whether one was running. */
export async function stopCluster(dataDir) {
  const folder = readJson(dataFiles(dataDir).cluster)?.folder;
  return folder && existsSync(dataOf(folder)) ? stopPostmaster(dataOf(folder)) : false;
}

/** Removes a stopped cluster from the disk; for throw-away data directories. */
export function removeCluster(dataDir) {
  const known = readJson(dataFiles(dataDir).cluster);
  for (const folder of [known?.folder, known?.socketDir]) if (folder) rmSync(folder, { recursive: true, force: true });
}
