import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { fileURLToPath } from "node:url";
import next from "next";
import { readConfig } from "./config.js";
{% if values.database %}import { createPool } from "./db.js";
{% endif %}import { listen } from "./listen.js";
import { createLog } from "./log.js";
{% if values.database %}import { migrateWhenReachable } from "./migrate.js";
{% endif %}
const STOP_WAIT_MS = 10_000;

const about = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));
Object.assign(process.env, { APP_NAME: about.name, APP_DESCRIPTION: about.description, APP_VERSION: about.version });
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
  globalThis.databasePool = pool;
{%- endif %}
  const app = next({ dev: process.argv.includes("--dev"), dir: fileURLToPath(new URL("../", import.meta.url)) });
  const handle = app.getRequestHandler();
  const server = createServer((req, res) => answer(req, res, { handle, status{% if values.database %}, pool{% endif %} }));
  for (const signal of ["SIGTERM", "SIGINT"]) process.once(signal, () => stop({ server, app,{% if values.database %} pool,{% endif %} status, signal }));
  log.info("listening", { service: about.name, on: await listen(server, config.listen) });
{%- if values.database %}
  const [applied] = await Promise.all([migrateWhenReachable(pool, log), app.prepare()]);
{%- else %}
  await app.prepare();
{%- endif %}
  status.isReady = true;
  log.info("ready", { {% if values.database %}migrations: applied, {% endif %}startedInMs: Math.round(performance.now()) });
}

/** Probes and the request's log line are answered here, everything else by Next.js. */
async function answer(req, res, { handle, status{% if values.database %}, pool{% endif %} }) {
  const path = req.url.split("?")[0];
  if (path === "/healthz") return json(res, 200, { status: "ok" });
  if (!status.isReady) return json(res, 503, { status: "starting or stopping" });
{%- if values.database %}
  if (path === "/readyz") return pool.query("select 1").then(() => json(res, 200, { status: "ready" }), () => json(res, 503, { status: "no database" }));
{%- else %}
  if (path === "/readyz") return json(res, 200, { status: "ready" });
{%- endif %}
  const startedAt = performance.now();
  res.on("close", () => {
    const level = res.statusCode >= 500 ? "error" : path.startsWith("/_next/") ? "debug" : "info";
    log[level]("request", { method: req.method, path, status: res.statusCode, durationMs: Math.round((performance.now() - startedAt) * 10) / 10 });
  });
  return handle(req, res);
}

function json(res, status, body) {
  res.writeHead(status, { "Content-Type": "application/json" });
  res.end(JSON.stringify(body));
}

/** Finishes running requests, then {% if values.database %}closes the database and {% endif %}ends. */
async function stop({ server, app,{% if values.database %} pool,{% endif %} status, signal }) {
  log.info("stopping", { signal });
  status.isReady = false;
  setTimeout(() => process.exit(1), STOP_WAIT_MS).unref();
  await new Promise((resolve) => server.close(resolve));
  await app.close();
{%- if values.database %}
  await pool.end();
{%- endif %}
  log.info("stopped");
}
