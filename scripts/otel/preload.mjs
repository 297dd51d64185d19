// Loaded before a sandbox's own code by `node --require`, as one bundled file: traces of HTTP requests and Postgres queries go to the
// collector without any dependency in the service. Whatever fails here must not hinder the service.
import Module, { createRequire, syncBuiltinESMExports } from "node:module";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { registerInstrumentations } from "@opentelemetry/instrumentation";
import { HttpInstrumentation } from "@opentelemetry/instrumentation-http";
import { PgInstrumentation } from "@opentelemetry/instrumentation-pg";
import { resourceFromAttributes } from "@opentelemetry/resources";
import { BatchSpanProcessor, NodeTracerProvider } from "@opentelemetry/sdk-trace-node";

const EXPORT_EVERY_MS = 2_000;
const POSTGRES_CLIENT = /[\\/]node_modules[\\/]pg[\\/]lib[\\/]index\.js$/;

function exporter() {
  const socketPath = process.env.WAYMARK_OTLP_SOCKET;
  const url = new URL(`${process.env.OTEL_EXPORTER_OTLP_ENDPOINT.replace(/\/+$/, "")}/v1/traces`);
  // Behind the socket a relay encrypts, so that up to there it is plain HTTP.
  if (socketPath) url.protocol = "http:";
  return new OTLPTraceExporter({ url: url.href, ...(socketPath ? { httpAgentOptions: { socketPath, keepAlive: true } } : {}) });
}

/** A service written as ES modules imports the client past `require`, where instrumentations listen; both ways end in `Module._load`. */
function patchPostgresEverywhere(instrumentation) {
  const definition = instrumentation.getModuleDefinitions().find(({ name }) => name === "pg");
  const load = Module._load;
  Module._load = function loadAndPatch(request, ...rest) {
    const exports = load.call(this, request, ...rest);
    if (typeof request === "string" && POSTGRES_CLIENT.test(request)) definition.patch(exports);
    return exports;
  };
}

function start() {
  const resource = resourceFromAttributes({
    "service.name": process.env.OTEL_SERVICE_NAME ?? "service",
    "service.instance.id": process.env.WAYMARK_ENVIRONMENT_ID ?? "",
    "deployment.environment.name": "sandbox",
  });
  const provider = new NodeTracerProvider({ resource, spanProcessors: [new BatchSpanProcessor(exporter(), { scheduledDelayMillis: EXPORT_EVERY_MS })] });
  provider.register();
  const http = new HttpInstrumentation({ ignoreIncomingRequestHook: (request) => request.headers["user-agent"] === "waymark-probe" });
  const postgres = new PgInstrumentation({ requireParentSpan: true });
  registerInstrumentations({ instrumentations: [http, postgres], tracerProvider: provider });
  const require = createRequire(`${process.cwd()}/`);
  for (const name of ["http", "https"]) require(name);
  syncBuiltinESMExports();
  patchPostgresEverywhere(postgres);
  process.once("beforeExit", () => provider.shutdown());
}

try {
  if (process.env.OTEL_EXPORTER_OTLP_ENDPOINT) start();
} catch (error) {
  console.error(JSON.stringify({ time: new Date().toISOString(), level: "warn", message: `Traces are off: ${error.message}` }));
}
