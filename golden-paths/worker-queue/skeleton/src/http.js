import { renderPage, STYLE } from "./page.js";

const POLICY = "default-src 'none'; style-src 'self'; img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
const MAX_BYTES = 16 * 1024;

/** Answers probes, shows the queue, and takes jobs. `status.isReady` is false until migrations are applied and while the process stops. */
export function createHandler({ service, queue, kinds, database, status, log }) {
  const routes = {
    "GET /healthz": async () => json(200, { status: "ok" }),
    "GET /readyz": async () => {
      if (!status.isReady) return problem(503, "The worker is starting or stopping.");
      await database.ping();
      return json(200, { status: "ready" });
    },
    "GET /style.css": async () => ({ status: 200, type: "text/css; charset=utf-8", body: STYLE }),
    "GET /": async () => ({ status: 200, type: "text/html; charset=utf-8", body: renderPage({ service, overview: await queue.overview() }) }),
    "GET /api/jobs": async () => json(200, await queue.overview()),
    "POST /api/jobs": async (req) => {
      const { kind, payload = {}, key = null } = parseJson(await bodyOf(req));
      if (!kinds.includes(kind)) return problem(422, `There is no job of this kind. Known: ${kinds.join(", ")}.`);
      if (typeof payload !== "object" || payload === null || (key !== null && typeof key !== "string")) return problem(422, "payload must be an object, key a text.");
      const id = await queue.add(kind, payload, { key });
      return id === null ? problem(409, "A job with this key waits or runs already.") : json(202, { id });
    },
    "POST /jobs": async (req) => {
      const text = new URLSearchParams(await bodyOf(req)).get("text")?.trim() ?? "";
      if (!text || text.includes("\0")) return problem(422, "Write a text.");
      await queue.add("count-words", { text });
      return { status: 303, location: "/", type: "text/plain", body: "" };
    },
  };
  return async (req, res) => {
    const name = `${req.method === "HEAD" ? "GET" : req.method} ${req.url.split("?")[0]}`;
    const answer = await answerOf(routes, name, req).catch((error) => foreseen(error, log, name));
    res.writeHead(answer.status, {
      "Content-Type": answer.type,
      "Content-Security-Policy": POLICY,
      "X-Content-Type-Options": "nosniff",
      ...(answer.location && { Location: answer.location }),
    });
    res.end(req.method === "HEAD" ? undefined : answer.body);
  };
}

async function answerOf(routes, name, req) {
  if (req.method === "POST" && req.headers["sec-fetch-site"] === "cross-site") return problem(403, "Requests from other sites cannot change anything here.");
  return Object.hasOwn(routes, name) ? routes[name](req) : problem(404, `There is nothing at ${name}.`);
}

function foreseen(error, log, name) {
  if (error instanceof BadRequest) return problem(error.status, error.message);
  log.error("A request failed.", { route: name, error });
  return problem(503, "The queue cannot be reached. Try again in a moment.");
}

class BadRequest extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

async function bodyOf(req) {
  const chunks = [];
  let size = 0;
  for await (const chunk of req) {
    size += chunk.length;
    if (size > MAX_BYTES) throw new BadRequest(413, "The body is too large. Send at most 16 kB.");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function parseJson(text) {
  try {
    const value = JSON.parse(text);
    if (typeof value === "object" && value !== null) return value;
  } catch {
    // Told below, like anything that is no object.
  }
  throw new BadRequest(400, "The body is no JSON object.");
}

const json = (status, value) => ({ status, type: "application/json", body: JSON.stringify(value) });
const problem = (status, detail) => ({ status, type: "application/problem+json", body: JSON.stringify({ status, detail }) });
