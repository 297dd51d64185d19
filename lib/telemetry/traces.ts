import { and, asc, desc, eq, gte, inArray, lt, lte, or, type SQL, sql } from "drizzle-orm";
import type { Connection } from "@/db/client";
import { telemetryLogs, telemetrySources, telemetryTraces } from "@/db/schema";
import type { Ctx } from "@/lib/core/ctx";
import { decodeCursor, encodeCursor } from "@/lib/core/cursor";
import { DomainError } from "@/lib/core/errors";
import { query } from "@/lib/core/operation";
import { SPAN_KINDS, type Trace, TraceInput, type TraceItem, TraceListInput, type TraceLog, type TraceSpan } from "./contract";
import { SLOW_MS } from "./limits";
import { aboutSubject, ofWhat, readable } from "./visible";

const MAX_LOGS = 500;
const ERROR = 17;
const WARN = 13;

const countSpans = sql<number>`(select count(*)::int from jsonb_object_keys(${telemetryTraces.spans}))`;

function selectTraces(on: Connection) {
  const { traceId, name, route, startedAt, durationMs, statusCode, isError, sourceId } = telemetryTraces;
  const { service, environment, environmentId } = telemetrySources;
  return on
    .select({ traceId, name, route, startedAt, durationMs, statusCode, isError, spans: countSpans, service, environment, environmentId, sourceId })
    .from(telemetryTraces)
    .innerJoin(telemetrySources, eq(telemetrySources.id, sourceId));
}

const item = ({ startedAt, sourceId: _source, ...row }: Awaited<ReturnType<typeof selectTraces>>[number]): TraceItem => ({ ...row, startedAt: startedAt.toISOString() });

export const listTraces = query({
  name: "telemetry.read",
  summary: "Traces that were kept, newest first: those with an error and slow ones are preferred. Only of teams whose environments you may see.",
  input: TraceListInput,
  subject: aboutSubject,
  run: async (on, input, ctx): Promise<{ items: TraceItem[]; nextCursor: string | null; total: number }> => {
    const { startedAt, durationMs, isError, route, traceId } = telemetryTraces;
    const filter = and(
      ofWhat(input),
      readable(ctx),
      input.from ? gte(startedAt, new Date(input.from)) : undefined,
      input.to ? lte(startedAt, new Date(input.to)) : undefined,
      input.route === undefined ? undefined : eq(route, input.route),
      input.only === "errors" ? eq(isError, true) : undefined,
      input.only === "slow" ? gte(durationMs, SLOW_MS) : undefined,
    );
    const after = input.cursor ? decodeCursor(input.cursor) : null;
    const page = after ? or(lt(startedAt, after.at), and(eq(startedAt, after.at), lt(traceId, after.id))) : undefined;
    const [rows, [totals]] = await Promise.all([
      selectTraces(on)
        .where(and(filter, page))
        .orderBy(desc(startedAt), desc(traceId))
        .limit(input.limit + 1),
      on.select({ n: sql<number>`count(*)::int` }).from(telemetryTraces).innerJoin(telemetrySources, eq(telemetrySources.id, telemetryTraces.sourceId)).where(filter),
    ]);
    const shown = rows.slice(0, input.limit);
    const last = shown.at(-1);
    return {
      items: shown.map(item),
      nextCursor: rows.length > input.limit && last ? encodeCursor({ at: last.startedAt, id: last.traceId }) : null,
      total: totals?.n ?? 0,
    };
  },
});

type Part = { row: typeof telemetryTraces.$inferSelect; source: typeof telemetrySources.$inferSelect };

/** Spans in the order in which they are read: each below its parent, siblings by time. What leads to no top (a loop) stands at the top. */
function inOrder(parts: Part[], beganMs: number): TraceSpan[] {
  const all = new Map(parts.flatMap(({ row, source }) => Object.entries(row.spans).map(([id, span]) => [id, { id, span, source }] as const)));
  const below = new Map<string | null, string[]>();
  for (const { id, span } of [...all.values()].sort((a, b) => a.span.start - b.span.start)) {
    const parent = span.parent && all.has(span.parent) ? span.parent : null;
    const siblings = below.get(parent);
    if (siblings) siblings.push(id);
    else below.set(parent, [id]);
  }
  const ordered: TraceSpan[] = [];
  const placed = new Set<string>();
  const place = (first: string) => {
    const open = [{ id: first, depth: 0 }];
    for (let next = open.pop(); next; next = open.pop()) {
      const found = all.get(next.id);
      if (!found || placed.has(next.id)) continue;
      placed.add(next.id);
      ordered.push(presentSpan(found, next.depth, beganMs, all.has(found.span.parent ?? "")));
      for (const id of [...(below.get(next.id) ?? [])].reverse()) open.push({ id, depth: next.depth + 1 });
    }
  };
  for (const id of below.get(null) ?? []) place(id);
  for (const id of all.keys()) place(id);
  return ordered;
}

function presentSpan(
  { id, span, source }: { id: string; span: Part["row"]["spans"][string]; source: Part["source"] },
  depth: number,
  beganMs: number,
  hasParent: boolean,
): TraceSpan {
  const { name, kind, start, end, error, message, attributes = {}, events = [] } = span;
  return {
    id,
    parentId: hasParent ? (span.parent ?? null) : null,
    depth,
    name,
    kind: SPAN_KINDS[kind] ?? "internal",
    startMs: start - beganMs,
    durationMs: end - start,
    isError: error === true,
    message: message ?? null,
    service: source.service,
    environment: source.environment,
    attributes,
    events: events.map((event) => ({ name: event.name, atMs: event.at - beganMs, attributes: event.attributes ?? {} })),
  };
}

const levelOf = (severity: number): TraceLog["level"] => (severity >= ERROR ? "error" : severity >= WARN ? "warn" : "info");

async function logsOf(on: Connection, traceId: string, sourceIds: number[]): Promise<TraceLog[]> {
  const rows = await on
    .select()
    .from(telemetryLogs)
    .where(and(eq(telemetryLogs.traceId, traceId), inArray(telemetryLogs.sourceId, sourceIds)))
    .orderBy(asc(telemetryLogs.at))
    .limit(MAX_LOGS);
  return rows.map(({ at, spanId, severity, body }) => ({ at: at.toISOString(), spanId, level: levelOf(severity), text: body }));
}

const visibleParts = (on: Connection, filter: SQL | undefined) =>
  on.select({ row: telemetryTraces, source: telemetrySources }).from(telemetryTraces).innerJoin(telemetrySources, eq(telemetrySources.id, telemetryTraces.sourceId)).where(filter);

async function readTrace(on: Connection, traceId: string, ctx: Ctx): Promise<Trace> {
  const parts = await visibleParts(on, and(eq(telemetryTraces.traceId, traceId), readable(ctx)));
  if (parts.length === 0) throw new DomainError("not_found", "There is no such trace, it is not kept any more, or you may not see it.");
  const beganMs = Math.min(...parts.flatMap(({ row }) => Object.values(row.spans).map((span) => span.start)));
  const endedMs = Math.max(...parts.flatMap(({ row }) => Object.values(row.spans).map((span) => span.end)));
  const spans = inOrder(parts, beganMs);
  const head = parts.toSorted((a, b) => b.row.durationMs - a.row.durationMs)[0];
  return {
    traceId,
    name: head?.row.name ?? traceId,
    startedAt: new Date(beganMs).toISOString(),
    durationMs: endedMs - beganMs,
    isError: parts.some(({ row }) => row.isError),
    services: parts.map(({ source: { service, environment, environmentId, entityRef } }) => ({ service, environment, environmentId, entityRef })),
    spans,
    logs: await logsOf(
      on,
      traceId,
      parts.map(({ source }) => source.id),
    ),
  };
}

export const getTrace = query({
  name: "telemetry.read",
  summary: "One trace: its spans in order, across all services that you may see, and what they logged during it.",
  input: TraceInput,
  subject: () => null,
  run: (on, { traceId }, ctx) => readTrace(on, traceId, ctx),
});
