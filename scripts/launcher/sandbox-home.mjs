import { readdirSync, readFileSync, realpathSync, rmdirSync, rmSync } from "node:fs";
import path from "node:path";

const CONTROL_GROUPS = "/sys/fs/cgroup";

function installationOf(dataDir) {
  try {
    return readFileSync(path.join(dataDir, "installation"), "utf8").trim();
  } catch {
    return null;
  }
}

/** Folders of that name below a control group tree; the kernel's own files are not looked at. */
function* groupsNamed(name, folder = CONTROL_GROUPS, depth = 6) {
  if (depth === 0) return;
  for (const entry of readdirSync(folder, { withFileTypes: true }).filter((found) => found.isDirectory())) {
    if (entry.name === name) yield path.join(folder, entry.name);
    else yield* groupsNamed(name, path.join(folder, entry.name), depth - 1);
  }
}

function quietly(work) {
  try {
    work();
  } catch (error) {
    if (!["ENOENT", "EBUSY", "EACCES", "EPERM", "EROFS"].includes(error.code)) throw error;
  }
}

/** Removes what sandboxes use outside of a data directory: sockets, folders for other accounts, empty control groups. For throw-away ones, after a stop. */
export function removeSandboxHome(dataDir) {
  const installation = installationOf(dataDir);
  if (!installation) return;
  for (const name of ["sandboxes", "dependencies"]) quietly(() => rmSync(realpathSync(path.join(dataDir, name)), { recursive: true, force: true }));
  rmSync(path.join("/tmp", `wm-${installation}`), { recursive: true, force: true });
  quietly(() => {
    for (const group of [...groupsNamed(`waymark-${installation}`)]) {
      for (const entry of readdirSync(group, { withFileTypes: true })) if (entry.isDirectory()) quietly(() => rmdirSync(path.join(group, entry.name)));
      quietly(() => rmdirSync(group));
    }
  });
}
