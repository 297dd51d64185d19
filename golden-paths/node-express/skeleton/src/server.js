import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { setTimeout as delay } from "node:timers/promises";
import { createApp } from "./app.js";
import { readConfig } from "./config.js";
import { createPool, describeDatabase, isUnreachable } from "./db.js";
import { listen } from "./listen.js";
import { createLog } from "./log.js";
import { migrate } from "./migrate.js";
import { createNotes } from "./notes.js";

const DATABASE_WAIT_MS = 30_000;
const STOP_WAIT_MS = 10_000;

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
  log = createLog({ level: config.logLevel });
  const pool = createPool(config.databaseUrl, log);
  const status = { isReady: false };
  const database = { ping: () => pool.query("select 1"), describe: () => describeDatabase(pool) };
  const server = createServer(createApp({ service, notes: createNotes(pool), database, status, log }));
  server.requestTimeout = 30_000;
  for (const signal of ["SIGTERM", "SIGINT"]) process.once(signal, () => stop({ server, pool, status, signal }));

  log.info("listening", { service: service.name, on: await listen(server, config.listen) });
  const applied = await migrateWhenReachable(pool);
  status.isReady = true;
  log.info("ready", { migrations: applied, startedInMs: Math.round(performance.now()) });
}

async function migrateWhenReachable(pool) {
  const giveUpAt = performance.now() + DATABASE_WAIT_MS;
  for (;;) {
    try {
      return await migrate(pool);
    } catch (error) {
      if (!isUnreachable(error) || performance.now() > giveUpAt) throw new Error(`The database cannot be used: ${error.message}`, { cause: error });
      log.warn("The database cannot be reached yet.", { error });
      await delay(500);
    }
  }
}

/** Finishes running requests, then closes the database and ends. */
async function stop({ server, pool, status, signal }) {
  log.info("stopping", { signal });
  status.isReady = false;
  setTimeout(() => process.exit(1), STOP_WAIT_MS).unref();
  await new Promise((resolve) => server.close(resolve));
  await pool.end();
  log.info("stopped");
  process.exit(0);
}
