import { execFile } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { setImmediate } from "node:timers/promises";
import { promisify } from "node:util";

// A pid alone names nobody: it is given to another process later. Together with the start time and the boot it is unique.

const run = promisify(execFile);

export interface ProcessIdentity {
  pid: number;
  startTime: string;
  /** Empty where the system does not tell. */
  bootId: string;
}

export interface ProcessRow {
  pid: number;
  ppid: number;
  startTime: string;
  /** A zombie has ended; only its parent has not looked yet. */
  isZombie: boolean;
}

const isLinux = process.platform === "linux";
const PS_ROW = /^\s*(\d+)\s+(\d+)\s+(\S+)\s+(.+)$/;

/** Parses the text of /proc/<pid>/stat; null when it is not one. */
export function parseStat(text: string): ProcessRow | null {
  // The program's name stands in parentheses and may itself contain some, so everything counts from the last one.
  const end = text.lastIndexOf(")");
  const fields = text
    .slice(end + 2)
    .trim()
    .split(" ");
  const [state, ppid, startTime] = [fields[0], fields[1], fields[19]];
  if (end < 0 || !state || !ppid || !startTime) return null;
  return { pid: Number.parseInt(text, 10), ppid: Number(ppid), startTime, isZombie: state === "Z" || state === "X" };
}

async function psRows(...args: string[]): Promise<ProcessRow[]> {
  const { stdout } = await run("ps", [...args, "-o", "pid=,ppid=,state=,lstart="]).catch(() => ({ stdout: "" }));
  return stdout.split("\n").flatMap((line) => {
    const [, pid, ppid, state, startTime] = PS_ROW.exec(line) ?? [];
    return pid && ppid && state && startTime ? [{ pid: Number(pid), ppid: Number(ppid), startTime: startTime.trim(), isZombie: state.startsWith("Z") }] : [];
  });
}

/** The text of a file below /proc; empty when its process is gone. Read at once: the kernel answers from memory, and a detour through threads costs ten times as much. */
export function procText(file: string): string {
  try {
    return readFileSync(`/proc/${file}`, "latin1");
  } catch {
    return "";
  }
}

/** What the system says about a pid now; null when there is no such process. */
export async function readProcess(pid: number): Promise<ProcessRow | null> {
  return isLinux ? parseStat(procText(`${pid}/stat`)) : ((await psRows("-p", String(pid)))[0] ?? null);
}

const BATCH = 200;

/** All processes of the machine that this one may see, each as `read` makes it of its row; others get a turn in between. */
export async function mapProcesses<T>(read: (row: ProcessRow) => T): Promise<T[]> {
  if (!isLinux) return (await psRows("-ax")).map(read);
  const found: T[] = [];
  for (const [index, name] of readdirSync("/proc").entries()) {
    if (index % BATCH === BATCH - 1) await setImmediate();
    const row = /^\d+$/.test(name) ? parseStat(procText(`${name}/stat`)) : null;
    if (row) found.push(read(row));
  }
  return found;
}

/** All processes of the machine that this one may see. */
export const listProcesses = () => mapProcesses((row) => row);

let knownBoot: string | null = null;

/** Changes with each boot. */
export async function bootId(): Promise<string> {
  knownBoot ??= isLinux ? procText("sys/kernel/random/boot_id").trim() : (await run("sysctl", ["-n", "kern.bootsessionuuid"]).catch(() => ({ stdout: "" }))).stdout.trim();
  return knownBoot;
}

/** What to write down about a running process to find it again; null when it has ended. */
export async function identify(pid: number): Promise<ProcessIdentity | null> {
  const row = await readProcess(pid);
  return row && !row.isZombie ? { pid, startTime: row.startTime, bootId: await bootId() } : null;
}

/** True if exactly the recorded process still runs. */
export async function isAlive(recorded: ProcessIdentity): Promise<boolean> {
  const row = await readProcess(recorded.pid);
  if (!row || row.isZombie || row.startTime !== recorded.startTime) return false;
  return recorded.bootId === "" || recorded.bootId === (await bootId());
}
