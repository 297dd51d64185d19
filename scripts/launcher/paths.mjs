import path from "node:path";
import { fileURLToPath } from "node:url";

export const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../..");

/** The bundled commands for the server's own machine, below the root. */
export const HOST_COMMAND = "dist/host/command.mjs";

/** Files of a data directory; everything the launcher remembers is in here. */
export function dataFiles(dataDir) {
  const file = (name) => path.join(dataDir, name);
  return {
    secrets: file("secrets.json"),
    portal: file("portal.json"),
    cluster: file("cluster.json"),
    installation: file("installation"),
    sandboxes: file("sandboxes"),
    logs: file("logs"),
    launcherLog: file("logs/launcher.log"),
    portalLog: file("logs/portal.log"),
  };
}
