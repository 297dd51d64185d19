import { sql } from "drizzle-orm";
import { bigint, boolean, doublePrecision, index, integer, jsonb, pgTable, primaryKey, smallint, text, uniqueIndex } from "drizzle-orm/pg-core";
import { moment } from "../columns";
import { environments } from "./environments";
import { teams } from "./identity";

const source = () =>
  integer("source_id")
    .notNull()
    .references(() => telemetrySources.id, { onDelete: "cascade" });

/** Who sends telemetry: an environment that Waymark runs, or a service that runs elsewhere in an environment of that name. */
export const telemetrySources = pgTable(
  "telemetry_sources",
  {
    id: integer("id").primaryKey().generatedAlwaysAsIdentity(),
    environmentId: text("environment_id").references(() => environments.id, { onDelete: "cascade" }),
    entityRef: text("entity_ref"),
    teamId: text("team_id")
      .notNull()
      .references(() => teams.id, { onDelete: "cascade" }),
    /** `service.name`, `deployment.environment.name` and `service.version` as sent last. */
    service: text("service").notNull(),
    environment: text("environment").notNull(),
    version: text("version"),
    lastSpanAt: moment("last_span_at"),
    lastMetricAt: moment("last_metric_at"),
    lastLogAt: moment("last_log_at"),
    /** When something it sent was last refused, and why. */
    refusedAt: moment("refused_at"),
    refusedBecause: text("refused_because"),
    isDemo: boolean("is_demo").notNull().default(false),
    firstSeenAt: moment("first_seen_at").notNull(),
  },
  (t) => [
    uniqueIndex("telemetry_sources_environment").on(t.environmentId),
    uniqueIndex("telemetry_sources_service").on(t.entityRef, t.environment).where(sql`environment_id is null`),
    index("telemetry_sources_entity").on(t.entityRef),
  ],
);

/** Requests that a service answered, by route; per minute, and per hour once they are older than a day. */
export const telemetryMinutes = pgTable(
  "telemetry_minutes",
  {
    sourceId: source(),
    minute: moment("minute").notNull(),
    route: text("route").notNull(),
    requests: integer("requests").notNull(),
    errors: integer("errors").notNull(),
    /** How many fell into each bucket of lib/core/latency.ts. */
    buckets: integer("buckets").array().notNull(),
  },
  (t) => [primaryKey({ columns: [t.sourceId, t.minute, t.route] })],
);

/** Spans that were counted, for as long as a repeat of them would be taken. */
export const telemetryCounted = pgTable(
  "telemetry_counted",
  {
    sourceId: source(),
    /** The span's id as a signed number. */
    span: bigint("span", { mode: "bigint" }).notNull(),
    endedAt: moment("ended_at").notNull(),
  },
  (t) => [primaryKey({ columns: [t.sourceId, t.span] }), index("telemetry_counted_ended").using("brin", t.endedAt)],
);

export interface StoredSpan {
  /** Of the span above it; left out for the first. */
  parent?: string;
  name: string;
  kind: number;
  /** Epoch milliseconds with fractions. */
  start: number;
  end: number;
  error?: true;
  message?: string;
  attributes?: Record<string, string | number | boolean>;
  events?: { name: string; at: number; attributes?: Record<string, string | number | boolean> }[];
}

/** What one source told of a trace. */
export const telemetryTraces = pgTable(
  "telemetry_traces",
  {
    sourceId: source(),
    traceId: text("trace_id").notNull(),
    startedAt: moment("started_at").notNull(),
    endedAt: moment("ended_at").notNull(),
    /** Of the span without another above it, as far as it came. */
    name: text("name").notNull(),
    route: text("route"),
    durationMs: doublePrecision("duration_ms").notNull(),
    statusCode: smallint("status_code"),
    isError: boolean("is_error").notNull(),
    /** By span id, so that a repeat replaces itself. */
    spans: jsonb("spans").$type<Record<string, StoredSpan>>().notNull(),
  },
  (t) => [primaryKey({ columns: [t.sourceId, t.traceId] }), index("telemetry_traces_recent").on(t.sourceId, t.startedAt), index("telemetry_traces_id").on(t.traceId)],
);

export const telemetryLogs = pgTable(
  "telemetry_logs",
  {
    sourceId: source(),
    at: moment("at").notNull(),
    /** Of what it says, so that a repeat is no second line. */
    hash: bigint("hash", { mode: "bigint" }).notNull(),
    severity: smallint("severity").notNull(),
    body: text("body").notNull(),
    traceId: text("trace_id"),
    spanId: text("span_id"),
  },
  (t) => [primaryKey({ columns: [t.sourceId, t.at, t.hash] }), index("telemetry_logs_trace").on(t.traceId).where(sql`trace_id is not null`)],
);

/** The few figures of a process that are kept, one a minute: the newest of it. */
export const telemetryReadings = pgTable(
  "telemetry_readings",
  {
    sourceId: source(),
    name: text("name").notNull(),
    minute: moment("minute").notNull(),
    at: moment("at").notNull(),
    value: doublePrecision("value").notNull(),
  },
  (t) => [primaryKey({ columns: [t.sourceId, t.name, t.minute] })],
);
