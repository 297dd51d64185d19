import { createHash } from "node:crypto";
import { accessSync, chmodSync, chownSync, constants, lstatSync, mkdirSync, statSync } from "node:fs";
import path from "node:path";

const OTHERS_ENTER = 0o001;
const OTHERS_WRITE = 0o022;

/** True if an account that owns nothing on the way could enter the folder. */
export function isReachable(folder) {
  for (let at = path.resolve(folder); ; at = path.dirname(at)) {
    // A folder that does not exist yet will be made by us.
    const found = statSync(at, { throwIfNoEntry: false });
    if (found && !(found.mode & OTHERS_ENTER)) return false;
    if (at === path.dirname(at)) return true;
  }
}

function isWritable(folder) {
  try {
    accessSync(folder, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/** A path that any account can enter, named after what it stands in for. Root's own place is preferred: nobody else writes there, nothing cleans it. */
export function reachablePlace(kind, insteadOf) {
  const hash = createHash("sha256").update(insteadOf).digest("hex").slice(0, 12);
  const base = process.getuid?.() === 0 && isWritable("/var/lib") ? "/var/lib" : "/var/tmp";
  return path.join(base, `waymark-${kind}-${hash}`);
}

/** Makes a folder that belongs to `account` (null: to us). Throws when somebody else made it, who could then read or change what is in it. */
export function ownFolder(folder, account, mode) {
  mkdirSync(folder, { recursive: true, mode });
  const found = lstatSync(folder);
  const owners = [process.getuid?.(), account?.uid];
  if (!found.isDirectory() || !owners.includes(found.uid) || found.mode & OTHERS_WRITE) {
    throw new Error(`${folder} belongs to somebody else, so PostgreSQL cannot be started safely. Remove it and start again.`);
  }
  chmodSync(folder, mode);
  if (account) chownSync(folder, account.uid, account.gid);
}
