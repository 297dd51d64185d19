import type { DriverLogLine } from "../driver";
import type { Local } from "./local";
import { readLog } from "./log-file";
import { versionFolders } from "./versions";

// One log over all versions: each writes a file of its own, and the offset says which one and where in it.

/** More than a process can ever write; offsets stay exact up to version 8,191. */
const SPAN = 2 ** 40;

interface Wanted {
  after?: number;
  tail?: number;
  limit?: number;
}

const shifted = (lines: DriverLogLine[], version: number) => lines.map((line) => ({ ...line, offset: line.offset + version * SPAN }));

async function readAfter(local: Local, environmentId: string, versions: number[], after: number, limit: number): Promise<DriverLogLine[]> {
  const from = Math.floor(after / SPAN);
  const found: DriverLogLine[] = [];
  for (const version of versions.filter((one) => one >= from)) {
    const begin = version === from ? after % SPAN : 0;
    found.push(...shifted(await readLog(local.place(environmentId, version).log, { after: begin, limit: limit - found.length }), version));
    if (found.length >= limit) break;
  }
  return found;
}

/** Lines of the versions up to the one that serves, oldest first. */
export async function readVersions(local: Local, environmentId: string, serving: number, { after, tail, limit = 1000 }: Wanted): Promise<DriverLogLine[]> {
  const versions = (await versionFolders(local, environmentId)).filter((version) => version <= serving);
  if (after !== undefined) return readAfter(local, environmentId, versions, after, limit);
  const wanted = tail ?? limit;
  let found: DriverLogLine[] = [];
  for (const version of versions.reverse()) {
    if (found.length >= wanted) break;
    found = [...shifted(await readLog(local.place(environmentId, version).log, { tail: wanted - found.length }), version), ...found];
  }
  return found;
}
