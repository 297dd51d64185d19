import { MAX_NAME_CHARS } from "./limits";
import { SERVER, type Span } from "./otlp/spans";

/** Requests of programs that only look whether a service lives. They prove that telemetry arrives and count nowhere else. */
const PROBES = /^(waymark-probe|kube-probe|ELB-HealthChecker|GoogleHC|Prometheus\/)/;
const METHOD = /^[A-Z]{1,12}$/;
const MAX_SEGMENTS = 6;
/** Numbers, UUIDs, hashes and whatever is too long to be a word. */
const VALUE = /^(\d+|[0-9a-f]{8}-[0-9a-f-]{27}|(?=.*\d)[0-9a-f]{8,}|.{33,})$/i;

const textIn = ({ attributes }: Span, ...names: string[]): string | null => {
  for (const name of names) if (typeof attributes[name] === "string" && attributes[name] !== "") return attributes[name];
  return null;
};

function pathOf(target: string): string {
  const path = /^https?:\/\/[^/]*(\/.*)?$/i.exec(target)?.[1] ?? target;
  return path.replace(/[?#].*$/s, "") || "/";
}

/** An address without what differs from request to request. */
function shapeOf(path: string): string {
  const segments = path.split("/").filter(Boolean);
  const shown = segments.slice(0, MAX_SEGMENTS).map((segment) => (VALUE.test(segment) ? "{id}" : segment));
  return `/${shown.join("/")}${segments.length > MAX_SEGMENTS ? "/…" : ""}`;
}

/** True for a request that a service answered; what its framework traces below that is no second one. */
export const isRequest = (span: Span): boolean => span.kind === SERVER && !span.isInner;

/** True for a request of a health probe. */
export const isProbe = (span: Span): boolean => PROBES.test(textIn(span, "user_agent.original", "http.user_agent") ?? "");

/** `GET /orders/{id}`: the route as the framework has it, else the address with its values left out, else the span's name. */
export function routeOf(span: Span): string {
  const said = textIn(span, "http.request.method", "http.method")?.toUpperCase();
  const method = said && METHOD.test(said) ? said : null;
  const route = textIn(span, "http.route");
  const target = textIn(span, "url.path", "http.target", "url.full", "http.url");
  const where = route ?? (target === null ? null : shapeOf(pathOf(target)));
  const rpc = textIn(span, "rpc.service");
  const name = where !== null ? [method, where].filter(Boolean).join(" ") : rpc ? `${rpc}/${textIn(span, "rpc.method") ?? "*"}` : span.name;
  return name.slice(0, MAX_NAME_CHARS);
}

/** The status code of an HTTP answer; null for other spans. */
export function statusCodeOf({ attributes }: Span): number | null {
  const code = attributes["http.response.status_code"] ?? attributes["http.status_code"];
  return typeof code === "number" && code >= 100 && code < 1000 ? Math.trunc(code) : null;
}

/** True if the request failed through the service: it says so, or answered with 500 or above. */
export const isFailed = (span: Span): boolean => span.error === true || (statusCodeOf(span) ?? 0) >= 500;
