import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";

const isLinux = process.platform === "linux";

function read(file) {
  try {
    return readFileSync(file, "latin1");
  } catch {
    // It ended, or belongs to somebody else.
    return "";
  }
}

function ask(command, ...args) {
  try {
    return execFileSync(command, args, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim();
  } catch {
    return "";
  }
}

/** `{ pid, ppid, startTime, name }` of a living process, null when there is none. The start time tells it from a later one with the same pid. */
function processRow(pid) {
  if (!isLinux) {
    const [, ppid, state, startTime, name] = /^\s*(\d+)\s+(\S+)\s+(\S+ +\S+ +\d+ \S+ \d+)\s+(.*)$/.exec(ask("ps", "-o", "ppid=,state=,lstart=,comm=", "-p", String(pid))) ?? [];
    return ppid && !state.startsWith("Z") ? { pid, ppid: Number(ppid), startTime, name } : null;
  }
  const stat = read(`/proc/${pid}/stat`);
  const open = stat.indexOf("(");
  const close = stat.lastIndexOf(")");
  const fields = stat.slice(close + 2).split(" ");
  if (close < 0 || fields[0] === "Z" || fields[0] === "X") return null;
  return { pid, ppid: Number(fields[1]), startTime: fields[19], name: stat.slice(open + 1, close) };
}

export const startTimeOf = (pid) => processRow(pid)?.startTime ?? null;

/** Changes with each boot; empty where the system does not tell. */
export const bootId = () => (isLinux ? read("/proc/sys/kernel/random/boot_id").trim() : ask("sysctl", "-n", "kern.bootsessionuuid"));

/** True if exactly the recorded process still runs. */
export function isAlive(record) {
  if (!record?.pid || (record.bootId && record.bootId !== bootId())) return false;
  const started = startTimeOf(record.pid);
  return started !== null && String(started) === String(record.startTime);
}

/** What to write down about a process to find it again. */
export function identityOf(pid) {
  return { pid, startTime: startTimeOf(pid), bootId: bootId() };
}

function allPids() {
  return isLinux ? readdirSync("/proc").filter((name) => /^\d+$/.test(name)) : ask("ps", "-axo", "pid=").split("\n");
}

/** The living processes below one, parents before children. */
export function descendantsOf(pid) {
  const rows = allPids()
    .map((each) => processRow(Number(each)))
    .filter(Boolean);
  const found = [];
  for (let level = [pid]; level.length > 0; ) {
    const next = rows.filter((row) => level.includes(row.ppid));
    found.push(...next);
    level = next.map((row) => row.pid);
  }
  return found;
}

/** The living processes that have the variable with that value in their environment; only where there is a /proc. */
export function processesWith(name, value) {
  if (!isLinux) return [];
  return allPids()
    .filter((pid) => read(`/proc/${pid}/environ`).split("\0").includes(`${name}=${value}`))
    .map((pid) => processRow(Number(pid)))
    .filter(Boolean);
}

/** Sends a signal to a process that may have ended in this instant. */
export function signal(pid, name) {
  try {
    process.kill(pid, name);
  } catch (error) {
    if (error.code !== "ESRCH") throw error;
  }
}
