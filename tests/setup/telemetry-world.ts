import { gzipSync } from "node:zlib";
import { db } from "@/db/client";
import { environments } from "@/db/schema";
import { newId } from "@/lib/core/id";
import { environmentToken } from "@/lib/telemetry/environment-token";
import { receiveOtlp } from "@/lib/telemetry/receive";

export interface SentSpan {
  traceId?: string;
  spanId?: string;
  parentSpanId?: string;
  name?: string;
  kind?: number;
  /** When it ended, before now. */
  agoMs?: number;
  ms?: number;
  route?: string;
  status?: number;
  userAgent?: string;
}

let counter = 0;
const hex = (digits: number) => {
  counter += 1;
  return (BigInt(counter) * 0x9e3779b97f4a7c15n + 1n).toString(16).padStart(digits, "a").slice(-digits);
};
export const newTraceId = () => hex(32);
export const newSpanId = () => hex(16);
const nano = (ms: number) => `${BigInt(Math.round(ms * 1000)) * 1000n}`;
const text = (key: string, value: string) => ({ key, value: { stringValue: value } });

/** A span as OTLP's JSON has it; a request that was answered unless said otherwise. */
export function span({ agoMs = 1_000, ms = 12, route = "/orders", status = 200, ...more }: SentSpan = {}) {
  const end = performance.timeOrigin + performance.now() - agoMs;
  return {
    traceId: more.traceId ?? newTraceId(),
    spanId: more.spanId ?? newSpanId(),
    ...(more.parentSpanId ? { parentSpanId: more.parentSpanId } : {}),
    name: more.name ?? "GET",
    kind: more.kind ?? 2,
    startTimeUnixNano: nano(end - ms),
    endTimeUnixNano: nano(end),
    attributes: [
      text("http.request.method", "GET"),
      text("http.route", route),
      { key: "http.response.status_code", value: { intValue: String(status) } },
      ...(more.userAgent ? [text("user_agent.original", more.userAgent)] : []),
    ],
  };
}

export const resource = (attributes: Record<string, string> = {}) => ({ attributes: Object.entries(attributes).map(([key, value]) => text(key, value)) });
export const tracesRequest = (spans: unknown[], attributes: Record<string, string> = {}) => ({ resourceSpans: [{ resource: resource(attributes), scopeSpans: [{ spans }] }] });

/** A ready environment's row, with nothing behind it. */
export async function anEnvironment(team: string, ownerId: string, more: Partial<typeof environments.$inferInsert> = {}): Promise<{ id: string; token: string }> {
  const id = newId("environment");
  await db()
    .insert(environments)
    .values({ id, name: `t-${id.slice(-8)}`, lifetime: "ephemeral", tier: "sandbox", status: "ready", ownerId, teamId: `tea_${team}`, driver: "local", ...more });
  return { id, token: environmentToken(id) };
}

/** Sends to the receiver. Returns status, headers and the body as JSON, or as bytes. */
export async function send(signal: string, token: string | null, body: unknown, options: { type?: string; gzip?: boolean; headers?: Record<string, string> } = {}) {
  const bytes = body instanceof Uint8Array ? body : Buffer.from(typeof body === "string" ? body : JSON.stringify(body));
  const type = options.type ?? "application/json";
  const request = new Request(`http://portal.test/otlp/v1/${signal}`, {
    method: "POST",
    headers: { "content-type": type, ...(token ? { authorization: `Bearer ${token}` } : {}), ...(options.gzip ? { "content-encoding": "gzip" } : {}), ...options.headers },
    body: Buffer.from(options.gzip ? gzipSync(bytes) : bytes),
  });
  const response = await receiveOtlp(request, signal);
  const answer = Buffer.from(await response.arrayBuffer());
  const isJson = response.headers.get("content-type") === "application/json";
  return { status: response.status, headers: response.headers, bytes: answer, body: isJson ? (JSON.parse(answer.toString()) as Record<string, never>) : null };
}
