import { mkdir, readFile, rmdir, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { isCode } from "./home";

const CPU_PERIOD_US = 100_000;

export interface CgroupSystem {
  version: "cgroup-v2" | "cgroup-v1" | "none";
  /** Folders in which a group per environment is made: one per tree that is used. */
  parents: { folder: string; version: 1 | 2; controllers: string[] }[];
}

export interface CgroupLimits {
  memoryMiB: number;
  cpus: number;
  processes: number;
}

/** The trimmed text of a kernel file; empty when it is not there. */
export async function kernelText(file: string): Promise<string> {
  return (await readFile(file, "utf8").catch(() => "")).trim();
}

async function exists(file: string): Promise<boolean> {
  return (await stat(file).catch(() => null)) !== null;
}

async function limit(group: string, file: string, value: string): Promise<void> {
  const target = path.join(group, file);
  if (await exists(target)) await writeFile(target, value);
}

async function setLimits(group: string, version: 1 | 2, { memoryMiB, cpus, processes }: CgroupLimits): Promise<void> {
  const bytes = String(memoryMiB * 1024 * 1024);
  const quota = Math.round(cpus * CPU_PERIOD_US);
  if (version === 2) {
    await limit(group, "memory.max", bytes);
    await limit(group, "memory.swap.max", "0");
    await limit(group, "memory.oom.group", "0");
    await limit(group, "cpu.max", `${quota} ${CPU_PERIOD_US}`);
  } else {
    await limit(group, "memory.limit_in_bytes", bytes);
    // Refused by kernels without swap accounting, where there is nothing to limit.
    await limit(group, "memory.memsw.limit_in_bytes", bytes).catch(() => {});
    await limit(group, "cpu.cfs_period_us", String(CPU_PERIOD_US));
    await limit(group, "cpu.cfs_quota_us", String(quota));
  }
  await limit(group, "pids.max", String(processes));
}

/** Makes the groups of one environment with its limits; returns their folders. Safe to repeat. */
export async function createGroups(system: CgroupSystem, name: string, limits: CgroupLimits): Promise<string[]> {
  const made: string[] = [];
  for (const { folder, version } of system.parents) {
    const group = path.join(folder, name);
    await mkdir(group, { recursive: true });
    await setLimits(group, version, limits);
    made.push(group);
  }
  return made;
}

/** The folders that `createGroups` makes for a name, whether or not they are there. */
export const groupsNamed = (system: CgroupSystem, name: string) => system.parents.map(({ folder }) => path.join(folder, name));

/** Moves a process, and with it everything it starts later, into the groups. */
export async function joinGroups(groups: string[], pid: number): Promise<void> {
  await Promise.all(groups.map((group) => writeFile(path.join(group, "cgroup.procs"), String(pid))));
}

/** The processes in a group; empty when it is gone. */
export async function membersOf(group: string): Promise<number[]> {
  return (await kernelText(path.join(group, "cgroup.procs"))).split("\n").filter(Boolean).map(Number);
}

/** Kills everything in the groups, however fast it forks. */
export async function killGroups(groups: string[]): Promise<void> {
  for (const group of groups) {
    if (await exists(path.join(group, "cgroup.kill"))) await writeFile(path.join(group, "cgroup.kill"), "1");
    else await limit(group, "pids.max", "0");
  }
  for (const group of groups) {
    for (const pid of await membersOf(group)) killQuietly(pid);
  }
}

function killQuietly(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch (error) {
    if (!isCode(error, "ESRCH")) throw error;
  }
}

/** Removes an empty group; false when it could not be removed within two seconds. */
export async function removeGroup(group: string): Promise<boolean> {
  for (let tries = 0; tries < 200; tries++) {
    try {
      await rmdir(group);
      return true;
    } catch (error) {
      if (isCode(error, "ENOENT")) return true;
      if (!isCode(error, "EBUSY")) throw error;
    }
    // A process that was just killed is counted until its parent has looked.
    await delay(10);
  }
  return false;
}

/** How often the kernel ended a process of these groups because their memory was used up. */
export async function outOfMemoryKills(groups: string[]): Promise<number> {
  for (const group of groups) {
    const counted = /^oom_kill (\d+)$/m.exec(`${await kernelText(path.join(group, "memory.events"))}\n${await kernelText(path.join(group, "memory.oom_control"))}`);
    if (counted) return Number(counted[1]);
  }
  return 0;
}
