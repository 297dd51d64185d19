import { setTimeout as wait } from "node:timers/promises";
import { report, timed } from "./setup/measure";
import { benchPortal } from "./setup/portal";

interface Accepted {
  environment: { id: string; status: string; provisioning: { totalMs: number } | null };
  run: { id: string; status: string; createdAt: string; steps: { startedAt: string | null }[] };
}

const ROUNDS = 10;
const AT_ONCE = 20;

const portal = await benchPortal();
const ada = portal.token("ada");
const pat = portal.token("pat", "read,admin");
await portal.call(pat, "PUT", "/settings", { "environments.teamQuotaCount": AT_ONCE });

async function ended(id: string): Promise<Accepted["run"]> {
  for (;;) {
    const run = await portal.call<Accepted["run"]>(ada, "GET", `/runs/${id}`);
    if (!["queued", "running"].includes(run.status)) return run;
    await wait(10);
  }
}

async function oneLife() {
  const accepted = await portal.call<Accepted>(ada, "POST", "/environments", { goldenPath: "node-express", ttl: "1h" });
  const run = await ended(accepted.run.id);
  const { environment } = { environment: await portal.call<Accepted["environment"]>(ada, "GET", `/environments/${accepted.environment.id}`) };
  const startMs = Date.parse(run.steps[0]?.startedAt ?? run.createdAt) - Date.parse(run.createdAt);
  const deleteMs = await timed(async () => ended((await portal.call<Accepted>(ada, "DELETE", `/environments/${environment.id}`)).run.id));
  return { createMs: environment.provisioning?.totalMs ?? Number.NaN, startMs, deleteMs };
}

await oneLife();
const lives = [];
for (let i = 0; i < ROUNDS; i++) lives.push(await oneLife());
report(
  "environment-ready",
  "ms",
  lives.map((life) => life.createMs),
);
report(
  "enqueue-to-step-start",
  "ms",
  lives.map((life) => life.startMs),
);
report(
  "delete-to-receipt",
  "ms",
  lives.map((life) => life.deleteMs),
);

const pages: number[] = [];
let busy = true;
const watcher = (async () => {
  while (busy) pages.push(await timed(() => portal.call(ada, "GET", "/environments?limit=50")));
})();
const accepted = await Promise.all(Array.from({ length: AT_ONCE }, () => portal.call<Accepted>(ada, "POST", "/environments", { goldenPath: "node-express", ttl: "1h" })));
const allMs = await timed(() => Promise.all(accepted.map(({ run }) => ended(run.id))));
busy = false;
await watcher;
report("twenty-at-once", "ms", [allMs]);
report("list-api-while-twenty-start", "ms", pages);
await portal.stop();
