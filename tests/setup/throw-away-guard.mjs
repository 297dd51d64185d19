import { rmSync } from "node:fs";
import { setTimeout as wait } from "node:timers/promises";
import { isAlive } from "../../scripts/launcher/process-identity.mjs";
import { removeCluster, stopCluster } from "../../scripts/postgres/cluster.mjs";

// Postgres outlives who started it, on purpose. A test run that is killed would leave its servers behind; this ends them.
// Usage: throw-away-guard.mjs <data directory> <identity of the test run as JSON>
const [, , dataDir, owner] = process.argv;
while (isAlive(JSON.parse(owner))) await wait(1_000);
await stopCluster(dataDir);
removeCluster(dataDir);
rmSync(dataDir, { recursive: true, force: true });
