// Started with `node --import` before the service: traces, metrics and logs without a line of code in it.
// OTEL_* variables say where to; without OTEL_EXPORTER_OTLP_ENDPOINT nothing is loaded.
import { subscribe } from "node:diagnostics_channel";
import { register } from "node:module";

const SEVERITY = { debug: 5, info: 9, warn: 13, error: 17 };

if (process.env.OTEL_EXPORTER_OTLP_ENDPOINT) {
  for (const signal of ["TRACES", "METRICS", "LOGS"]) process.env[`OTEL_${signal}_EXPORTER`] ??= "otlp";
  if (process.env.VERSION) process.env.OTEL_RESOURCE_ATTRIBUTES = [process.env.OTEL_RESOURCE_ATTRIBUTES, `service.version=${process.env.VERSION}`].filter(Boolean).join(",");
  process.env.OTEL_NODE_RESOURCE_DETECTORS ??= "env,host,process";
  // Every file that is opened would be a span.
  process.env.OTEL_NODE_DISABLED_INSTRUMENTATIONS ??= "fs,dns,net,router";
  register("@opentelemetry/instrumentation/hook.mjs", import.meta.url);
  await import("@opentelemetry/auto-instrumentations-node/register");
  const [{ trace }, { logs }] = await Promise.all([import("@opentelemetry/api"), import("@opentelemetry/api-logs")]);
  const logger = logs.getLogger("service");
  subscribe("log", (line) => {
    const span = trace.getActiveSpan()?.spanContext();
    if (span) line.traceId = span.traceId;
    const { level, message, time: _time, error, ...attributes } = line;
    logger.emit({ severityNumber: SEVERITY[level], severityText: level, body: message, attributes: { ...attributes, ...(error && { "exception.message": error.message, "exception.stacktrace": error.stack }) } });
  });
}
