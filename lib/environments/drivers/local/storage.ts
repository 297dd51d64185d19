import { lstat, readdir, statfs } from "node:fs/promises";
import type { KeptItem, Storage } from "../driver";
import { readManifest } from "./application";
import { noteLayers } from "./layers";
import type { Local } from "./local";
import { versionFolders } from "./versions";

/** What the driver keeps on its disk for environments to come, and how much room is left. */
export async function storageOf(local: Local): Promise<Storage> {
  const [kept, disk] = await Promise.all([local.kept.list(), statfs(local.home.dependencies)]);
  return { kept: kept.map(shown), freeBytes: disk.bavail * disk.bsize, totalBytes: disk.blocks * disk.bsize };
}

/** Once a day removes packages and builds that no environment's files need and nothing has used since. Returns what went. */
export async function removeUnused(local: Local, since: Date, now: Date): Promise<KeptItem[]> {
  if (!(await local.kept.isDue(now))) return [];
  await noteRunning(local);
  return (await local.kept.removeUnused(since)).map(shown);
}

const shown = ({ kind, bytes, lastUsedAt, isInUse }: Awaited<ReturnType<Local["kept"]["list"]>>[number]): KeptItem => ({
  kind,
  bytes,
  lastUsedAt: lastUsedAt.toISOString(),
  isInUse,
});

/** Versions whose files are there without a mark are from before marks were made: each gets its own. */
async function noteRunning(local: Local): Promise<void> {
  const marked = await local.kept.users();
  for (const environmentId of (await readdir(local.home.sandboxes)).filter((name) => name.startsWith("env_"))) {
    for (const version of await versionFolders(local, environmentId)) {
      const place = local.place(environmentId, version);
      const isThere = (await lstat(place.app).catch(() => null)) !== null && (await lstat(place.manifest).catch(() => null)) !== null;
      if (isThere && !marked.has(place.app)) await noteLayers(local, place.app, await readManifest(place));
    }
  }
}
