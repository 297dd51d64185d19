import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { readConcurrency } from "./concurrency.js";
import { readConfig } from "./config.js";
import { createPool } from "./db.js";
import { createHandler } from "./http.js";
import { handlers } from "./jobs.js";
import { listen } from "./listen.js";
import { createLog } from "./log.js";
import { migrateWhenReachable } from "./migrate.js";
import { createQueue } from "./queue.js";
import { wakeOnNotify } from "./wake.js";
import { createWorker } from "./worker.js";

const STOP_WAIT_MS = 15_000;

const service = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));
let log = createLog();

try {
  await start();
} catch (error) {
  log.error(error.message, { error });
  process.exit(1);
}

async function start() {
  const config = readConfig(process.env);
  const concurrency = readConcurrency(process.env.CONCURRENCY);
  log = createLog({ level: config.logLevel });
  const pool = createPool(config.databaseUrl, log, { max: concurrency + 3 });
  const queue = createQueue(pool);
  const status = { isReady: false };
  const database = { ping: () => pool.query("select 1") };
  const server = createServer(createHandler({ service, queue, kinds: Object.keys(handlers), database, status, log }));
  server.requestTimeout = 30_000;
  log.info("listening", { service: service.name, on: await listen(server, config.listen) });
  const applied = await migrateWhenReachable(pool, log);
  const worker = createWorker({ queue, handlers, concurrency, log });
  const waking = wakeOnNotify(pool, queue.channel, worker.wake, log);
  status.isReady = true;
  for (const signal of ["SIGTERM", "SIGINT"]) process.once(signal, () => stop({ server, worker, waking, pool, status, signal }));
  log.info("ready", { migrations: applied, concurrency, startedInMs: Math.round(performance.now()) });
}

/** Takes no more jobs, finishes those under way, then ends. What takes longer is done again by another process. */
async function stop({ server, worker, waking, pool, status, signal }) {
  log.info("stopping", { signal });
  status.isReady = false;
  setTimeout(() => process.exit(1), STOP_WAIT_MS).unref();
  await worker.stop();
  await waking.stop();
  await new Promise((resolve) => server.close(resolve));
  await pool.end();
  log.info("stopped");
}
