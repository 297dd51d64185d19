import { randomUUID } from "node:crypto";

/** Gives every request an id (a sensible incoming one is kept) and logs it once it is answered. */
export function requestLog(log) {
  return (req, res, next) => {
    const startedAt = performance.now();
    const incoming = req.get("x-request-id") ?? "";
    req.id = /^[\w-]{8,64}$/.test(incoming) ? incoming : randomUUID();
    res.set("X-Request-Id", req.id);
    res.on("close", () => {
      const level = isProbe(req) ? "debug" : res.statusCode >= 500 ? "error" : "info";
      const durationMs = Math.round((performance.now() - startedAt) * 10) / 10;
      log[level]("request", { requestId: req.id, method: req.method, path: req.originalUrl.split("?")[0], status: res.statusCode, durationMs, ...(!res.writableFinished && { aborted: true }) });
    });
    next();
  };
}

function isProbe(req) {
  return req.originalUrl === "/healthz" || req.originalUrl === "/readyz";
}
