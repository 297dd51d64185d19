import { readFileSync, statSync } from "node:fs";

const NOBODY = { uid: 65534, gid: 65534 };

function passwdLines() {
  try {
    return readFileSync("/etc/passwd", "utf8").split("\n");
  } catch {
    return [];
  }
}

/** The unprivileged account that Postgres runs as when we are root: `postgres` if there is one, else `nobody`. Null when we are not root. */
export function postgresAccount() {
  if (process.getuid?.() !== 0) return null;
  const lines = passwdLines();
  for (const name of ["postgres", "nobody"]) {
    const fields = lines.find((line) => line.startsWith(`${name}:`))?.split(":");
    if (fields) return { uid: Number(fields[2]), gid: Number(fields[3]) };
  }
  return NOBODY;
}

/** The account for a cluster: the owner of its files if there are any, else the one that new files would get. */
export function accountOf(data) {
  const account = postgresAccount();
  const found = account && data ? statSync(data, { throwIfNoEntry: false }) : undefined;
  return found && found.uid !== 0 ? { uid: found.uid, gid: found.gid } : account;
}
