// Loaded before a sandbox's own code by `node --require`, as one bundled file: traces of HTTP requests and Postgres queries, figures of the
// process and what it writes go to the receiver without any dependency in the service. Whatever fails here must not hinder the service.
import Module, { createRequire, syncBuiltinESMExports } from "node:module";
import { registerInstrumentations } from "@opentelemetry/instrumentation";
import { HttpInstrumentation } from "@opentelemetry/instrumentation-http";
import { PgInstrumentation } from "@opentelemetry/instrumentation-pg";
import { BatchSpanProcessor, NodeTracerProvider } from "@opentelemetry/sdk-trace-node";
import { captureOutput } from "./output.mjs";
import { resource } from "./resource.mjs";

const EXPORT_EVERY_MS = 2_000;
/** What need not be there before the service's own code begins is loaded when it has begun. */
const LATER_MS = 1_500;
const POSTGRES_CLIENT = /[\\/]node_modules[\\/]pg[\\/]lib[\\/]index\.js$/;
const PROBE = "waymark-probe";

/** The parts for sending are a good half of the bundle: they are loaded at the first use. */
const later = () => import("./later.mjs");

const lazyExporter = {
  export: (spans, done) =>
    later().then(
      ({ traceExporter }) => traceExporter().export(spans, done),
      (error) => done({ code: 1, error }),
    ),
  forceFlush: async () => {},
  shutdown: async () => (await later()).traceExporter().shutdown(),
};

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

/** Express and what imitates it leave the route at the request. */
function nameByRoute(span, request) {
  const route = request?.route?.path;
  if (typeof route !== "string" || typeof request.method !== "string") return;
  const whole = `${request.baseUrl ?? ""}${route}`.replace(/(?<=.)\/$/, "");
  span.setAttribute("http.route", whole);
  span.updateName(`${request.method} ${whole}`);
}

function start() {
  const provider = new NodeTracerProvider({ resource, spanProcessors: [new BatchSpanProcessor(lazyExporter, { scheduledDelayMillis: EXPORT_EVERY_MS })] });
  provider.register();
  const http = new HttpInstrumentation({
    ignoreIncomingRequestHook: (request) => request.headers["user-agent"] === PROBE,
    applyCustomAttributesOnSpan: nameByRoute,
  });
  const postgres = new PgInstrumentation({ requireParentSpan: true });
  registerInstrumentations({ instrumentations: [http, postgres], tracerProvider: provider });
  const require = createRequire(`${process.cwd()}/`);
  for (const name of ["http", "https"]) require(name);
  syncBuiltinESMExports();
  patchPostgresEverywhere(postgres);
  const output = captureOutput();
  setTimeout(() => later().then(({ startMetrics, startLogs }) => [startMetrics(), startLogs(output)], output.warn), LATER_MS).unref();
  process.once("beforeExit", () => provider.shutdown());
}

try {
  if (process.env.OTEL_EXPORTER_OTLP_ENDPOINT && process.env.OTEL_SDK_DISABLED !== "true") start();
} catch (error) {
  console.error(JSON.stringify({ time: new Date().toISOString(), level: "warn", message: `Telemetry is off: ${error.message}` }));
}
