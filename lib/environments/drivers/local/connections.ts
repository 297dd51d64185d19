import { readdirSync, readlinkSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { INSIDE } from "./bubblewrap";
import type { Local } from "./local";
import type { Place } from "./place";
import { listProcesses, procText } from "./process-identity";
import { descendantsOf } from "./process-tree";
import { livingRun } from "./run-record";

const CONNECTED = "03";
const POLL_MS = 50;

/** Inodes of the connected sockets with that path in the text of /proc/<pid>/net/unix. */
export function connectedInodes(text: string, socketPath: string): string[] {
  return text.split("\n").flatMap((line) => {
    const [, , , , , state, inode, name] = line.trim().split(/\s+/);
    return state === CONNECTED && inode && name === socketPath ? [inode] : [];
  });
}

function socketInodes(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/fd`).flatMap((fd) => {
      const [, inode] = /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${fd}`)) ?? [];
      return inode ? [inode] : [];
    });
  } catch {
    // Gone, or a descriptor was closed while we looked: the next look counts.
    return [];
  }
}

/** How many connections the version's processes hold on its HTTP socket; null where the system does not tell. */
export async function openConnections(local: Local, place: Place): Promise<number | null> {
  const running = await livingRun(place.run);
  if (!running) return 0;
  const family = descendantsOf(await listProcesses(), running.pid);
  const seenAs = local.machine.level === "bubblewrap" ? INSIDE.socket : place.socket;
  const tables = family.map(({ pid }) => procText(`${pid}/net/unix`)).filter((text) => text !== "");
  const own = new Set(family.flatMap(({ pid }) => socketInodes(pid)));
  if (tables.length === 0 || own.size === 0) return null;
  const connected = new Set(tables.flatMap((text) => connectedInodes(text, seenAs)));
  return [...connected].filter((inode) => own.has(inode)).length;
}

/** Waits until nobody is connected to the version any more, twice in a row, at most `maximumMs`. Returns how many still are; null where the system does not tell. */
export async function untilUnused(local: Local, place: Place, maximumMs: number, signal: AbortSignal): Promise<number | null> {
  let before: number | null = null;
  for (const end = performance.now() + maximumMs; ; await delay(POLL_MS, undefined, { signal })) {
    const now = await openConnections(local, place);
    if (now === null || (now === 0 && before === 0) || performance.now() > end) return now;
    before = now;
  }
}
