import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { createApp } from "./app.js";
import { readConfig } from "./config.js";
{% if values.database %}import { createPool, describeDatabase } from "./db.js";
{% endif %}import { listen } from "./listen.js";
import { createLog } from "./log.js";
{% if values.database %}import { migrateWhenReachable } from "./migrate.js";
{% endif %}import { createNotes } from "./notes.js";

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
  const applied = await migrateWhenReachable(pool, log);
{%- endif %}
  status.isReady = true;
  log.info("ready", { {% if values.database %}migrations: applied, {% endif %}startedInMs: Math.round(performance.now()) });
}

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
