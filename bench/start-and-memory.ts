import { setTimeout as wait } from "node:timers/promises";
import { report, timed } from "./setup/measure";
import { benchPortal } from "./setup/portal";

const CONCURRENT = 4;
const REQUESTS = 200;
const IDLE_MS = 5_000;

const portal = await benchPortal();
report("second-start", "ms", [await portal.restart(), await portal.restart(), await portal.restart()]);
await wait(IDLE_MS);
report("idle-memory", "MiB", [portal.memoryMiB()]);

const ada = portal.token("ada");
const floor: number[] = [];
for (let i = 0; i < REQUESTS; i++) floor.push(await timed(() => fetch(`${portal.url}/api/health/live`)));
floor.sort((a, b) => a - b);
const samples: number[] = [];
await Promise.all(
  Array.from({ length: CONCURRENT }, async () => {
    for (let i = 0; i < REQUESTS / CONCURRENT; i++) samples.push(await timed(() => portal.call(ada, "GET", "/runs?limit=50")));
  }),
);
report("list-api-50-rows-4-people", "ms", samples, { floor: floor[Math.floor(REQUESTS / 2)] ?? 1 });
await portal.stop();
