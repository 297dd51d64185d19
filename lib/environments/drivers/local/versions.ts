import { lstat, readdir, rm } from "node:fs/promises";
import path from "node:path";
import type { Local } from "./local";
import { labelOf, type Place, readLabel, versionOfFolder } from "./place";
import { markedProcesses } from "./process-tree";
import { stopApplication } from "./stop";

// Besides the version that serves, an environment may have others: one that is being started, one that is being drained, and what
// a crash left of either. They are found by looking, not by remembering.

/** How many earlier versions keep their log. */
const KEPT_LOGS = 3;

const exists = async (file: string) => (await lstat(file).catch(() => null)) !== null;

async function names(folder: string): Promise<string[]> {
  return readdir(folder).catch(() => []);
}

/** The number that the driver's handle names as the serving version; 0 unless there was a deployment. */
export const servingVersion = (handle: Record<string, unknown> | null) => (typeof handle?.version === "number" ? handle.version : 0);

/** Versions that have a folder, from the oldest. */
export async function versionFolders(local: Local, environmentId: string): Promise<number[]> {
  const folders = await names(local.place(environmentId).root);
  return [0, ...folders.map(versionOfFolder).filter((version) => version !== null)].sort((a, b) => a - b);
}

async function hasRemains(place: Place): Promise<boolean> {
  return (await Promise.all([place.run, place.app, place.socketDir].map(exists))).includes(true);
}

/** Versions with anything that runs or could run again, from the oldest: by folder, socket, control group or process. */
export async function versionsInTheWorld(local: Local, environmentId: string): Promise<number[]> {
  const parents = [local.home.sockets, ...local.machine.cgroups.parents.map(({ folder }) => folder)];
  const [folders, labelled, processes] = await Promise.all([
    versionFolders(local, environmentId),
    Promise.all(parents.map(names)).then((found) => found.flat().map(readLabel)),
    markedProcesses(local.home.installation),
  ]);
  const remains = await Promise.all(folders.map(async (version) => ((await hasRemains(local.place(environmentId, version))) ? [version] : [])));
  const seen = [
    ...remains.flat(),
    ...labelled.filter((label) => label?.environmentId === environmentId).map((label) => label?.version ?? 0),
    ...processes.filter((row) => row.environmentId === environmentId).map((row) => row.version),
  ];
  return [...new Set(seen)].sort((a, b) => a - b);
}

/** Stops a version and removes its files; its log stays. Safe to repeat. */
export async function retireVersion(local: Local, environmentId: string, version: number, log: (text: string) => void): Promise<void> {
  const place = local.place(environmentId, version);
  await stopApplication(local, place, log);
  for (const file of [place.socketDir, place.app, place.manifest, place.exit]) await rm(file, { recursive: true, force: true, maxRetries: 3 });
}

/** The same, log included: for a version that never served. */
export async function discardVersion(local: Local, environmentId: string, version: number, log: (text: string) => void): Promise<void> {
  await retireVersion(local, environmentId, version, log);
  const { folder, root } = local.place(environmentId, version);
  if (folder !== root) await rm(folder, { recursive: true, force: true, maxRetries: 3 });
}

/** Removes the logs of versions that served long ago. */
export async function forgetOldLogs(local: Local, environmentId: string, serving: number): Promise<void> {
  const earlier = (await versionFolders(local, environmentId)).filter((version) => version < serving);
  for (const version of earlier.slice(0, -KEPT_LOGS)) {
    const { root, folder, log } = local.place(environmentId, version);
    if (folder !== root) await rm(folder, { recursive: true, force: true });
    else for (const name of (await names(root)).filter((entry) => entry.startsWith(path.basename(log)))) await rm(path.join(root, name), { force: true });
  }
}

/** Stops every version but the one that serves and those that a run works on. Returns their numbers. */
export async function removeOthers(local: Local, environmentId: string, serving: number, underWay: number[]): Promise<number[]> {
  const others = (await versionsInTheWorld(local, environmentId)).filter((version) => version !== serving && !underWay.includes(version));
  for (const version of others) {
    if (version > serving) await discardVersion(local, environmentId, version, () => {});
    else await retireVersion(local, environmentId, version, () => {});
  }
  return others;
}

/** Folders of sockets of all versions. */
export async function socketFolders(local: Local, environmentId: string): Promise<string[]> {
  const found = (await names(local.home.sockets)).filter((name) => readLabel(name)?.environmentId === environmentId);
  return [...new Set([labelOf(environmentId, 0), ...found])].map((name) => path.join(local.home.sockets, name));
}
