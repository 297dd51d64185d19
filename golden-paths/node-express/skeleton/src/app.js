import { fileURLToPath } from "node:url";
import express from "express";
import { parseId, parseText } from "./input.js";
import { renderPage } from "./page.js";
import { Problem, problemHandler } from "./problem.js";
import { requestLog } from "./request-log.js";

const PUBLIC = fileURLToPath(new URL("../public/", import.meta.url));
const POLICY = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/**
 * The HTTP side of the service. `service` is name, version and description;{% if values.database %} `database` has `ping()` and `describe()`;{% endif %}
 * `status.isReady` is false until {% if values.database %}the migrations are applied{% else %}it listens{% endif %} and while the process stops.
 */
export function createApp({ service, notes,{% if values.database %} database,{% endif %} status, log }) {
  const app = express();
  app.disable("x-powered-by");
  app.use(requestLog(log), securityHeaders);

  app.get("/healthz", (_req, res) => res.json({ status: "ok" }));
  app.get("/readyz", {% if values.database %}async {% endif %}(_req, res) => {
    if (!status.isReady) throw new Problem(503, "The service is starting or stopping.");
{%- if values.database %}
    await database.ping();
{%- endif %}
    res.json({ status: "ready" });
  });

  app.use(express.static(PUBLIC, { index: false, maxAge: "1h" }), refuseForeignForms, whileReady(status));
  app.use(express.json({ limit: "16kb" }), express.urlencoded({ extended: false, limit: "16kb" }));

  app.get("/", async (_req, res) => {
{%- if values.database %}
    const [about, list] = await Promise.all([database.describe(), notes.list()]);
    res.type("html").send(renderPage({ service, database: about, notes: list }));
{%- else %}
    res.type("html").send(renderPage({ service, notes: await notes.list() }));
{%- endif %}
  });
  app.post("/notes", async (req, res) => {
    await notes.add(parseText(req.body));
    res.redirect(303, "/");
  });
  app.post("/notes/:id/delete", async (req, res) => {
    await notes.remove(parseId(req.params.id));
    res.redirect(303, "/");
  });

  app.get("/api/notes", async (_req, res) => res.json({ items: await notes.list() }));
  app.post("/api/notes", async (req, res) => res.status(201).json(await notes.add(parseText(req.body))));
  app.delete("/api/notes/:id", async (req, res) => {
    if (!(await notes.remove(parseId(req.params.id)))) throw new Problem(404, "There is no such note.");
    res.status(204).end();
  });

  app.use((req) => {
    throw new Problem(404, `There is nothing at ${req.method} ${req.path}.`);
  });
  app.use(problemHandler(log));
  return app;
}

function securityHeaders(_req, res, next) {
  res.set({ "Content-Security-Policy": POLICY, "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer" });
  next();
}

/** A form on another site must not write here with the visitor's browser. */
function refuseForeignForms(req, _res, next) {
  const isWrite = !["GET", "HEAD", "OPTIONS"].includes(req.method);
  if (isWrite && req.get("sec-fetch-site") === "cross-site") throw new Problem(403, "Requests from other sites cannot change anything here.");
  next();
}

function whileReady(status) {
  return (_req, _res, next) => {
    if (!status.isReady) throw new Problem(503, "The service is starting or stopping. Try again in a moment.");
    next();
  };
}
