import { existsSync } from "node:fs";
import path from "node:path";
import { stopPostmaster } from "./postmaster.mjs";
import { isReachable, reachablePlace } from "./reach.mjs";

const LONGEST_SOCKET_FOLDER = 80;

export const dataOf = (folder) => path.join(folder, "data");

/** A folder outside that nothing is in. One that is there belonged to a data directory of this name that was removed: its server ends, its files stay. */
async function freshOutside(dataDir) {
  for (let n = 1; ; n++) {
    const folder = reachablePlace("data", n === 1 ? dataDir : `${dataDir}#${n}`);
    if (!existsSync(folder)) return folder;
    await stopPostmaster(dataOf(folder));
  }
}

/** Where the cluster of a new data directory goes: inside it, or in a place that Postgres' account can reach. */
export async function newClusterFolder(dataDir, account) {
  if (account && !isReachable(dataDir)) return freshOutside(dataDir);
  const folder = path.join(dataDir, "postgres");
  if (existsSync(path.join(dataOf(folder), "PG_VERSION"))) {
    throw new Error(`${folder} holds a database whose password was in ${path.join(dataDir, "cluster.json")}, which is gone. Bring that file back, or remove both to begin anew.`);
  }
  return folder;
}

/** Where the server's socket goes: a folder of its own that sandboxes may enter, with a path short enough for a socket and plain enough for pg_ctl. */
export function newSocketFolder(dataDir, account) {
  const inside = path.join(dataDir, "pgsock");
  const fits = inside.length <= LONGEST_SOCKET_FOLDER && /^[\w./-]+$/.test(inside);
  return fits && (!account || isReachable(dataDir)) ? inside : reachablePlace("sock", dataDir);
}
