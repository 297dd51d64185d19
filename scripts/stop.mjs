import { setTimeout as wait } from "node:timers/promises";
import { readJson } from "./launcher/json-file.mjs";
import { dataFiles } from "./launcher/paths.mjs";
import { isAlive, signal } from "./launcher/process-identity.mjs";
import { stopSandboxes } from "./launcher/sandboxes.mjs";
import { fail } from "./launcher/say.mjs";
import { dataDirOf } from "./launcher/settings.mjs";
import { stopCluster } from "./postgres/cluster.mjs";

// Longer than the portal's own time to drain.
const LAUNCHER_MS = 28_000;
const PORTAL_MS = 25_000;

async function stopProcess(record, graceMs) {
  if (!isAlive(record)) return false;
  signal(record.pid, "SIGTERM");
  for (const end = performance.now() + graceMs; isAlive(record) && performance.now() < end; ) await wait(50);
  if (isAlive(record)) signal(record.pid, "SIGKILL");
  while (isAlive(record)) await wait(20);
  return true;
}

async function stopPortal(file) {
  const record = readJson(file);
  const hadLauncher = await stopProcess(record?.launcher, LAUNCHER_MS);
  // Where the launcher was killed its portal goes on alone.
  return (await stopProcess(record, PORTAL_MS)) || hadLauncher;
}

const dataDir = dataDirOf();
try {
  const portal = await stopPortal(dataFiles(dataDir).portal);
  const sandboxes = await stopSandboxes(dataDir);
  const database = await stopCluster(dataDir);
  const said = [portal && "the portal", sandboxes > 0 && `${sandboxes} sandbox${sandboxes === 1 ? "" : "es"}`, database && "embedded PostgreSQL"].filter(Boolean);
  console.log(said.length ? `Stopped ${said.join(", ")}.` : `Nothing was running from ${dataDir}.`);
} catch (error) {
  fail(error.message);
}
