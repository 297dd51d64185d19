import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { readJson } from "./json-file.mjs";
import { dataFiles } from "./paths.mjs";
import { descendantsOf, isAlive, processesWith, signal, startTimeOf } from "./process-identity.mjs";

const GRACE_MS = 5_000;
const GONE_MS = 5_000;
/** Ends with what it holds; asked to end itself, it would take the app down without a chance to finish. */
const WRAPPER = "bwrap";

const isSame = (row) => startTimeOf(row.pid) === row.startTime;

function membersOf(groups) {
  return groups.flatMap((group) => {
    const file = path.join(group, "cgroup.procs");
    return existsSync(file) ? readFileSync(file, "utf8").split("\n").filter(Boolean).map(Number) : [];
  });
}

function killGroups(groups) {
  for (const group of groups) if (existsSync(path.join(group, "cgroup.kill"))) writeFileSync(path.join(group, "cgroup.kill"), "1");
  for (const pid of membersOf(groups)) signal(pid, "SIGKILL");
}

/** Asks the process of one run.json and everything below it to end, then kills what is left. Returns whether it ran. */
async function stopRun(record) {
  const groups = record.cgroup ?? [];
  const ran = isAlive(record);
  const family = ran ? descendantsOf(record.pid) : [];
  const asked = family.filter((row) => row.name !== WRAPPER);
  if (ran) for (const { pid } of asked.length ? asked : [record]) signal(pid, "SIGTERM");
  for (const end = performance.now() + GRACE_MS; isAlive(record) && performance.now() < end; ) await wait(20);
  for (const end = performance.now() + GONE_MS; performance.now() < end; await wait(20)) {
    killGroups(groups);
    const left = [...(isAlive(record) ? [record] : []), ...family.filter(isSame)];
    if (left.length === 0 && membersOf(groups).length === 0) break;
    for (const { pid } of left) signal(pid, "SIGKILL");
  }
  return ran;
}

/** The records of the processes of one environment: of the version made with it, and of those deployed since. */
function recordsOf(folder) {
  const versions = readdirSync(folder).filter((name) => /^v\d+$/.test(name));
  return ["", ...versions].map((version) => readJson(path.join(folder, version, "run.json"))).filter(Boolean);
}

/** Stops every sandbox of a data directory and what serves them. Returns how many sandboxes ran. */
export async function stopSandboxes(dataDir) {
  const { sandboxes, installation } = dataFiles(dataDir);
  const names = existsSync(sandboxes) ? readdirSync(sandboxes) : [];
  const ran = await Promise.all(
    names.map(async (name) => {
      const stopped = await Promise.all(recordsOf(path.join(sandboxes, name)).map(stopRun));
      return stopped.includes(true) && !name.startsWith("relay-");
    }),
  );
  // What detached itself from everything still carries the label of its data directory.
  if (existsSync(installation)) {
    for (const { pid } of processesWith("WAYMARK_INSTALLATION", readFileSync(installation, "utf8").trim())) signal(pid, "SIGKILL");
  }
  return ran.filter(Boolean).length;
}
