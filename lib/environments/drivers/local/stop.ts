import { rm } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";
import { groupsNamed, killGroups, membersOf, removeGroup } from "./cgroup";
import { failure } from "./failures";
import { isCode } from "./home";
import type { Local } from "./local";
import type { Place } from "./place";
import { isAlive, listProcesses, type ProcessIdentity, type ProcessRow, readProcess } from "./process-identity";
import { descendantsOf, markedProcesses } from "./process-tree";
import { livingRun, readRun } from "./run-record";

const POLL_MS = 10;
const KILL_MS = 5_000;

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if (!isCode(error, "ESRCH")) throw error;
  }
}

/** The control groups of a version: those it was started in, and those it would be started in now. */
export async function groupsOf(local: Local, place: Place): Promise<string[]> {
  const recorded = (await readRun(place.run))?.cgroup ?? [];
  return [...new Set([...recorded, ...groupsNamed(local.machine.cgroups, place.label)])];
}

/** Every process of a version, by its record, groups, label and account; a child that left the group or session is among them. */
export async function remainingProcesses(local: Local, place: Place): Promise<number[]> {
  const [recorded, rows, members] = await Promise.all([
    livingRun(place.run),
    markedProcesses(place.installation),
    groupsOf(local, place).then((groups) => Promise.all(groups.map(membersOf))),
  ]);
  const own = rows.filter((row) => (row.environmentId === place.environmentId && row.version === place.version) || (place.uid !== null && row.uid === place.uid));
  return [...new Set([...own.map((row) => row.pid), ...members.flat(), ...(recorded ? [recorded.pid] : [])])];
}

/** The app's first process. In a sandbox it is below our supervisor, bwrap, and the sandbox's own first process. */
export function mainProcess(family: ProcessRow[], supervisor: number, depth: number): number {
  let at = supervisor;
  for (let level = 0; level < depth; level++) at = family.find((row) => row.ppid === at)?.pid ?? at;
  return at;
}

/** How far below its supervisor the app's first process is. */
export const mainDepth = (local: Local) => (local.machine.level === "bubblewrap" ? 3 : 1);

async function endsWithin(identity: ProcessIdentity, ms: number): Promise<boolean> {
  for (const end = performance.now() + ms; performance.now() < end; ) {
    if (!(await isAlive(identity))) return true;
    await delay(POLL_MS);
  }
  return !(await isAlive(identity));
}

async function isSame(row: ProcessRow): Promise<boolean> {
  const now = await readProcess(row.pid);
  return now !== null && !now.isZombie && now.startTime === row.startTime;
}

/** Kills until nothing is left. Returns what does not die. */
async function killAll(local: Local, place: Place, family: ProcessRow[], groups: string[]): Promise<number[]> {
  for (const end = performance.now() + KILL_MS; ; await delay(POLL_MS)) {
    await killGroups(groups);
    const same = await Promise.all(family.map(isSame));
    const left = [...new Set([...(await remainingProcesses(local, place)), ...family.filter((_, i) => same[i]).map((row) => row.pid)])];
    if (left.length === 0 || performance.now() > end) return left;
    for (const pid of left) send(pid, "SIGKILL");
  }
}

async function askToEnd(local: Local, running: ProcessIdentity, family: ProcessRow[], log: (text: string) => void): Promise<void> {
  const main = mainProcess(family, running.pid, mainDepth(local));
  // Looked at again at the last moment: a pid is only ours together with its start time.
  if (await isAlive(running)) send(main, "SIGTERM");
  if (!(await endsWithin(running, local.settings.stopGraceMs))) log(`The process did not end within ${local.settings.stopGraceMs / 1000} s of SIGTERM and is killed.`);
}

/**
 * Ends a version's process: asks first, then kills everything that belongs to the version, and removes its control groups.
 * Returns the pid it had, if one ran. Throws StepFailure `leaked` for what does not go.
 */
export async function stopApplication(local: Local, place: Place, log: (text: string) => void): Promise<number | null> {
  const [running, groups] = await Promise.all([livingRun(place.run), groupsOf(local, place)]);
  const family = running ? descendantsOf(await listProcesses(), running.pid) : [];
  if (running) await askToEnd(local, running, family, log);
  const left = await killAll(local, place, family, groups);
  const leaked = (cause: string, nextAction: string) => failure("leaked", { cause, whoCanFix: "platform-team", nextAction });
  if (left.length > 0)
    throw leaked(`These processes do not end: ${left.join(", ")}.`, "Look at what they wait for (often a hung disk) on the server; Waymark tries again by itself.");
  const removed = await Promise.all(groups.map(removeGroup));
  const kept = groups.filter((_, i) => !removed[i]);
  if (kept.length > 0) throw leaked(`These control groups cannot be removed: ${kept.join(", ")}.`, "Look at what is in them on the server; Waymark tries again by itself.");
  await rm(place.run, { force: true });
  return running?.pid ?? null;
}
