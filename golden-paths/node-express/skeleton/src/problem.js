{% if values.database %}import { isUnreachable } from "./db.js";

{% endif %}/** A foreseen failure of a request, answered as RFC 9457 problem+json. */
export class Problem extends Error {
  constructor(status, detail, errors = []) {
    super(detail);
    this.name = "Problem";
    this.status = status;
    this.errors = errors;
  }
}

/** Express's last handler: turns anything thrown into problem+json and logs what was not foreseen. */
export function problemHandler(log) {
  return (error, req, res, next) => {
    if (res.headersSent) return next(error);
    const problem = toProblem(error);
    if (problem !== error && problem.status >= 500) log.error("A request failed.", { requestId: req.id, error });
    if (problem.status === 503) res.set("Retry-After", "1");
    res.status(problem.status).type("application/problem+json").send({
      title: TITLES[problem.status] ?? "Request refused",
      status: problem.status,
      detail: problem.message,
      ...(problem.errors.length > 0 && { errors: problem.errors }),
      requestId: req.id,
    });
  };
}

const TITLES = { 400: "Unreadable request", 403: "Not allowed", 404: "Not found", 413: "Too large", 415: "Unsupported content", 422: "Invalid values", 500: "Unexpected failure", 503: "Not available" };

function toProblem(error) {
  if (error instanceof Problem) return error;
{%- if values.database %}
  if (isUnreachable(error)) return new Problem(503, "The database cannot be reached. Try again in a moment.");
{%- endif %}
  if (error.type === "entity.too.large") return new Problem(413, "The body is too large. Send at most 16 kB.");
  if (error.expose && error.status < 500) return new Problem(error.status, "The request cannot be read. Check its address and its body.");
  return new Problem(500, "Something unexpected happened. The log has the details under this request id.");
}
