import path from "node:path";
import { DomainError } from "@/lib/core/errors";
import { isId } from "@/lib/core/id";
import type { Home } from "./home";

/**
 * Everything of one version of an environment that is outside the table, derivable from the environment's id and the version's number
 * alone: so a crash can lose nothing. Version 0 was made together with the environment; each deployment adds one beside it.
 */
export interface Place {
  environmentId: string;
  version: number;
  /** Names the version in the world: its control group and the folder of its socket. */
  label: string;
  installation: string;
  /** The account that its process runs under; null = the portal's own. */
  uid: number | null;
  /** Of the environment; holds the versions. */
  root: string;
  /** Of the version. */
  folder: string;
  /** The rendered sources; belongs to the environment's account. */
  app: string;
  /** How to start it, as rendered; belongs to the portal. */
  manifest: string;
  /** Identity of the process, `{pid, startTime, bootId, cgroup?, environmentId}`; there exactly while one was started. */
  run: string;
  /** Exit code of the last process. */
  exit: string;
  log: string;
  socketDir: string;
  socket: string;
  /** Database and role have the same name; all versions share them. */
  database: string;
}

const DATABASE_PREFIX = "wm_";
const RUN_FILE = "run.json";

/** Where the process of a folder is written down. */
export const runFileOf = (folder: string) => path.join(folder, RUN_FILE);

/** The name under which a version shows in the world; that of version 0 is the environment's id. */
export const labelOf = (environmentId: string, version: number) => (version === 0 ? environmentId : `${environmentId}-v${version}`);

/** The environment and version that a label names; null for what is not a label of ours. */
export function readLabel(label: string): { environmentId: string; version: number } | null {
  const [, environmentId = "", version = "0"] = /^(env_[^-]+)(?:-v([1-9]\d{0,8}))?$/.exec(label) ?? [];
  return isId("environment", environmentId) ? { environmentId, version: Number(version) } : null;
}

/** The number of the version that a folder's name stands for; null for other folders. */
export function versionOfFolder(name: string): number | null {
  const [, version] = /^v([1-9]\d{0,8})$/.exec(name) ?? [];
  return version === undefined ? null : Number(version);
}

/** All names and paths of a version. Throws DomainError("invalid") for what is not an environment's id. */
export function placeOf(home: Home, environmentId: string, version: number, uid: number | null): Place {
  if (!isId("environment", environmentId)) throw new DomainError("invalid", `${JSON.stringify(environmentId)} is not the id of an environment.`);
  const label = labelOf(environmentId, version);
  const root = path.join(home.sandboxes, environmentId);
  const folder = version === 0 ? root : path.join(root, `v${version}`);
  const socketDir = path.join(home.sockets, label);
  return {
    environmentId,
    version,
    label,
    installation: home.installation,
    uid,
    root,
    folder,
    app: path.join(folder, "app"),
    manifest: path.join(folder, "manifest.json"),
    run: runFileOf(folder),
    exit: path.join(folder, "exit"),
    log: path.join(folder, "app.log"),
    socketDir,
    socket: path.join(socketDir, "http.sock"),
    database: `${DATABASE_PREFIX}${environmentId.slice("env_".length)}`,
  };
}

const ADDED_NAME = /^[a-z][a-z0-9_]{0,26}$/;

/** Name of a database, and of its role, that was added to an environment; null = that of its golden path. */
export function databaseNamed(place: Pick<Place, "database">, name: string | null): string {
  if (name === null) return place.database;
  if (!ADDED_NAME.test(name)) throw new DomainError("invalid", `${JSON.stringify(name)} is not a name for a database. Use at most 27 lower-case letters, digits and _.`);
  return `${place.database}_${name}`;
}

/** The environment whose database or role that is, also an added one; null for a name that is not ours. */
export function environmentOfDatabase(name: string): string | null {
  const [part = "", ...added] = name.slice(DATABASE_PREFIX.length).split("_");
  const isOurs = name.startsWith(DATABASE_PREFIX) && (added.length === 0 || ADDED_NAME.test(added.join("_")));
  return isOurs && isId("environment", `env_${part}`) ? `env_${part}` : null;
}
