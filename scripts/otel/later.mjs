// Sending, figures of the process and its log: loaded once the service has begun.
import { monitorEventLoopDelay } from "node:perf_hooks";
import { context, trace } from "@opentelemetry/api";
import { OTLPExporterBase } from "@opentelemetry/otlp-exporter-base";
import { convertLegacyHttpOptions, createOtlpHttpExportDelegate } from "@opentelemetry/otlp-exporter-base/node-http";
import {
  JsonLogsSerializer,
  JsonMetricsSerializer,
  JsonTraceSerializer,
  LogsExporterMetricsHelper,
  MetricsExporterMetricsHelper,
  TraceExporterMetricsHelper,
} from "@opentelemetry/otlp-transformer";
import { BatchLogRecordProcessor, LoggerProvider } from "@opentelemetry/sdk-logs";
import { AggregationTemporality, MeterProvider, PeriodicExportingMetricReader } from "@opentelemetry/sdk-metrics";
import { resource } from "./resource.mjs";

const LOGS_EVERY_MS = 2_000;
const METRICS_EVERY_MS = 15_000;
const FIRST_METRICS_MS = 1_000;
const WARN_EVERY_MS = 60_000;
/** How often the event loop is looked at; what comes later than that is delay. */
const TICK_MS = 20;

let warn = () => {};
let warnedAt = Number.NEGATIVE_INFINITY;

/** What goes wrong is said in the process's log, once a minute. */
function outspoken(exporter) {
  const send = exporter.export.bind(exporter);
  exporter.export = (items, done) =>
    send(items, (result) => {
      if (result.error && performance.now() - warnedAt > WARN_EVERY_MS) {
        warnedAt = performance.now();
        warn(result.error);
      }
      done(result);
    });
  return exporter;
}

function exporter(signal, serializer, component, helper) {
  const socketPath = process.env.WAYMARK_OTLP_SOCKET;
  const path = `v1/${signal.toLowerCase()}`;
  const url = new URL(`${process.env.OTEL_EXPORTER_OTLP_ENDPOINT.replace(/\/+$/, "")}/${path}`);
  // Behind the socket a relay encrypts, so that up to there it is plain HTTP.
  if (socketPath) url.protocol = "http:";
  const config = { url: url.href, ...(socketPath ? { httpAgentOptions: { socketPath, keepAlive: true } } : {}) };
  const options = convertLegacyHttpOptions(config, signal, path, { "Content-Type": "application/json" });
  return outspoken(new OTLPExporterBase(createOtlpHttpExportDelegate(options, serializer, component, helper)));
}

let traces;
export function traceExporter() {
  traces ??= exporter("TRACES", JsonTraceSerializer, "otlp_http_span_exporter", TraceExporterMetricsHelper);
  return traces;
}

/** Share of one CPU since the last time it was asked. */
function cpuShare() {
  let [before, since] = [process.cpuUsage(), performance.now()];
  return () => {
    const [now, at] = [process.cpuUsage(), performance.now()];
    const ms = Math.max(1, at - since);
    const shares = { user: (now.user - before.user) / 1000 / ms, system: (now.system - before.system) / 1000 / ms };
    [before, since] = [now, at];
    return shares;
  };
}

export function startMetrics() {
  const metrics = exporter("METRICS", JsonMetricsSerializer, "otlp_http_metric_exporter", MetricsExporterMetricsHelper);
  metrics.selectAggregationTemporality = () => AggregationTemporality.CUMULATIVE;
  const reader = new PeriodicExportingMetricReader({ exporter: metrics, exportIntervalMillis: METRICS_EVERY_MS, exportTimeoutMillis: METRICS_EVERY_MS - 1_000 });
  const meter = new MeterProvider({ resource, readers: [reader] }).getMeter("waymark");
  const cpu = cpuShare();
  meter.createObservableGauge("process.cpu.utilization", { unit: "1" }).addCallback((result) => {
    for (const [mode, share] of Object.entries(cpu())) result.observe(share, { "cpu.mode": mode });
  });
  meter.createObservableUpDownCounter("process.memory.usage", { unit: "By" }).addCallback((result) => result.observe(process.memoryUsage.rss()));
  const delay = monitorEventLoopDelay({ resolution: TICK_MS });
  delay.enable();
  meter.createObservableGauge("nodejs.eventloop.delay.p99", { unit: "s" }).addCallback((result) => {
    if (delay.count > 0) result.observe(Math.max(0, delay.percentile(99) / 1e6 - TICK_MS) / 1e3);
    delay.reset();
  });
  // The first soon, so that there is something to see.
  setTimeout(() => reader.forceFlush().catch(() => {}), FIRST_METRICS_MS).unref();
}

export function startLogs(output) {
  warn = output.warn;
  const logs = exporter("LOGS", JsonLogsSerializer, "otlp_http_log_exporter", LogsExporterMetricsHelper);
  const provider = new LoggerProvider({ resource, processors: [new BatchLogRecordProcessor({ exporter: logs, scheduledDelayMillis: LOGS_EVERY_MS })] });
  const logger = provider.getLogger("output");
  output.to(({ severity, word, body, at, span }) => {
    logger.emit({
      timestamp: at,
      severityNumber: severity,
      severityText: word,
      body,
      ...(span ? { context: trace.setSpanContext(context.active(), span) } : {}),
    });
  });
  process.once("beforeExit", () => provider.shutdown());
}
