import { readFileSync } from "node:fs";
import { createServer } from "node:http";
{% if values.database %}import { setTimeout as delay } from "node:timers/promises";
{% endif %}import { createApp } from "./app.js";
import { readConfig } from "./config.js";
{% if values.database %}import { createPool, describeDatabase, isUnreachable } from "./db.js";
{% endif %}import { listen } from "./listen.js";
import { createLog } from "./log.js";
{% if values.database %}import { migrate } from "./migrate.js";
{% endif %}import { createNotes } from "./notes.js";

{% if values.database %}const DATABASE_WAIT_MS = 30_000;
{% endif %}const STOP_WAIT_MS = 10_000;

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
  const status = { isReady: false };
{%- if values.database %}
  const pool = createPool(config.databaseUrl, log);
  const database = { ping: () => pool.query("select 1"), describe: () => describeDatabase(pool) };
  const server = createServer(createApp({ service, notes: createNotes(pool), database, status, log }));
{%- else %}
  const server = createServer(createApp({ service, notes: createNotes(), status, log }));
{%- endif %}
  server.requestTimeout = 30_000;
  for (const signal of ["SIGTERM", "SIGINT"]) process.once(signal, () => stop({ server,{% if values.database %} pool,{% endif %} status, signal }));

  log.info("listening", { service: service.name, on: await listen(server, config.listen) });
{%- if values.database %}
  const applied = await migrateWhenReachable(pool);
{%- endif %}
  status.isReady = true;
  log.info("ready", { {% if values.database %}migrations: applied, {% endif %}startedInMs: Math.round(performance.now()) });
}
{%- if values.database %}

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

{%- endif %}

/** Finishes running requests, then {% if values.database %}closes the database and {% endif %}ends. */
async function stop({ server,{% if values.database %} pool,{% endif %} status, signal }) {
  log.info("stopping", { signal });
  status.isReady = false;
  setTimeout(() => process.exit(1), STOP_WAIT_MS).unref();
  await new Promise((resolve) => server.close(resolve));
{%- if values.database %}
  await pool.end();
{%- endif %}
  log.info("stopped");
}
