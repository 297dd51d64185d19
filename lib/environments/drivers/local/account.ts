import { createHash } from "node:crypto";
import { chown, lchown, lstat, readdir, readFile } from "node:fs/promises";
import path from "node:path";

/** A range of account numbers that belong to nobody, one of which each environment gets. */
export interface AccountRange {
  first: number;
  count: number;
}

// No distribution, container manager or directory service assigns numbers from here.
const UNUSED: AccountRange = { first: 1_900_000_000, count: 200_000_000 };
const LEAST_USEFUL = 10_000;

/** The range to use where only the accounts of this /proc/self/uid_map exist; null when there are too few. */
export function accountRange(uidMap: string): AccountRange | null {
  const ranges = uidMap
    .trim()
    .split("\n")
    .map((line) => line.trim().split(/\s+/).map(Number))
    .flatMap(([inside, , count]) => (inside === undefined || count === undefined ? [] : [{ first: inside, end: inside + count }]));
  if (ranges.some(({ first, end }) => first <= UNUSED.first && end >= UNUSED.first + UNUSED.count)) return UNUSED;
  const widest = ranges.sort((a, b) => b.end - b.first - (a.end - a.first))[0];
  if (!widest) return null;
  // The lower half may hold accounts of people and services.
  const first = widest.first + Math.floor((widest.end - widest.first) / 2);
  return widest.end - first >= LEAST_USEFUL ? { first, count: widest.end - first } : null;
}

/** Accounts that this process may hand out: only root can, and only those that its user namespace knows. */
export async function ownAccounts(): Promise<AccountRange | null> {
  if (process.getuid?.() !== 0) return null;
  const map = await readFile("/proc/self/uid_map", "utf8").catch(() => null);
  return map === null ? UNUSED : accountRange(map);
}

/** The account of an environment; always the same one for the same id. */
export function accountOf(environmentId: string, { first, count }: AccountRange): number {
  return first + (createHash("sha256").update(environmentId).digest().readUInt32BE(0) % count);
}

/** Gives a folder and all in it to an account; links themselves, never what they point to. */
export async function giveTo(folder: string, uid: number): Promise<void> {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const at = path.join(folder, entry.name);
    if (entry.isDirectory()) await giveTo(at, uid);
    else await lchown(at, uid, uid);
  }
  if ((await lstat(folder)).uid !== uid) await chown(folder, uid, uid);
}
