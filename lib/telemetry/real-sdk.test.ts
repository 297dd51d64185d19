import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { context, type SpanContext, SpanKind, trace } from "@opentelemetry/api";
import { CompressionAlgorithm, OTLPExporterBase } from "@opentelemetry/otlp-exporter-base";
import { convertLegacyHttpOptions, createOtlpHttpExportDelegate } from "@opentelemetry/otlp-exporter-base/node-http";
import {
  type ISerializer,
  LogsExporterMetricsHelper,
  MetricsExporterMetricsHelper,
  ProtobufLogsSerializer,
  ProtobufMetricsSerializer,
  ProtobufTraceSerializer,
  TraceExporterMetricsHelper,
} from "@opentelemetry/otlp-transformer";
import { resourceFromAttributes } from "@opentelemetry/resources";
import { LoggerProvider, SimpleLogRecordProcessor } from "@opentelemetry/sdk-logs";
import { AggregationTemporality, MeterProvider, PeriodicExportingMetricReader } from "@opentelemetry/sdk-metrics";
import { BatchSpanProcessor, NodeTracerProvider } from "@opentelemetry/sdk-trace-node";
import { afterAll, beforeAll, expect, test } from "vitest";
import { databaseNow } from "@/lib/core/ctx";
import { useOwnDatabase } from "@/tests/setup/own-database";
import { aPerson, aTeam, type SignedIn, signedIn } from "@/tests/setup/people";
import { anEnvironment } from "@/tests/setup/telemetry-world";
import { getTelemetrySummary, getTrace, listTraces } from "./queries";
import { receiveOtlp } from "./receive";

// The exporters that services use, in protobuf and gzip over a real connection.

useOwnDatabase();

let ada: SignedIn;
let environment: { id: string; token: string };
let server: Server;
/** Answers of the receiver, in their order. */
const statuses: number[] = [];
/** How many requests are first answered with 503. */
let refusals = 0;

beforeAll(async () => {
  await aTeam("checkout");
  ada = await signedIn(await aPerson("ada", { teams: { checkout: "member" } }));
  environment = await anEnvironment("checkout", ada.actor.id);
  server = createServer(async (req, res) => {
    const headers = Object.fromEntries(Object.entries(req.headers).filter(([, value]) => typeof value === "string")) as Record<string, string>;
    const body = await buffer(req);
    const response =
      refusals-- > 0
        ? new Response(null, { status: 503, headers: { "retry-after": "0" } })
        : await receiveOtlp(new Request(`http://x${req.url}`, { method: "POST", headers, body }), req.url?.split("/").at(-1) ?? "");
    statuses.push(response.status);
    res.writeHead(response.status, Object.fromEntries(response.headers));
    res.end(Buffer.from(await response.arrayBuffer()));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
});
afterAll(() => server.close());

function exporter<Items, Answer>(
  signal: "TRACES" | "METRICS" | "LOGS",
  serializer: ISerializer<Items, Answer>,
  helper: Parameters<typeof createOtlpHttpExportDelegate<Items, Answer>>[3],
) {
  const path = `v1/${signal.toLowerCase()}`;
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/otlp/${path}`;
  const options = convertLegacyHttpOptions({ url, compression: CompressionAlgorithm.GZIP, headers: { authorization: `Bearer ${environment.token}` } }, signal, path, {
    "Content-Type": "application/x-protobuf",
  });
  return new OTLPExporterBase(createOtlpHttpExportDelegate(options, serializer, "test", helper, undefined));
}

const now = async () => ({ ...ada, now: await databaseNow() });
const resource = resourceFromAttributes({ "service.name": "shop", "service.version": "c0ffee" });

/** A request that was answered, with a query below it and an error in it. */
async function sendRequest(): Promise<SpanContext> {
  const provider = new NodeTracerProvider({ resource, spanProcessors: [new BatchSpanProcessor(exporter("TRACES", ProtobufTraceSerializer, TraceExporterMetricsHelper) as never)] });
  const tracer = provider.getTracer("test");
  const root = tracer.startSpan("GET", {
    kind: SpanKind.SERVER,
    attributes: { "http.request.method": "GET", "http.route": "/orders/:id", "http.response.status_code": 500, "http.request.header.x": ["a", "b"] },
  });
  const inside = trace.setSpan(context.active(), root);
  // Frameworks trace the same request once more below it: no second request.
  tracer.startSpan("handler", { kind: SpanKind.SERVER }, inside).end();
  const query = tracer.startSpan("pg.query", { kind: SpanKind.CLIENT }, inside);
  query.recordException(new Error("relation does not exist"));
  query.setStatus({ code: 2, message: "relation does not exist" });
  query.end();
  root.end();
  await provider.forceFlush();
  await provider.shutdown();
  return root.spanContext();
}

test("traces, metrics and logs of the real SDK arrive and are told together", async () => {
  const { traceId, spanId } = await sendRequest();

  const logs = new LoggerProvider({
    resource,
    processors: [new SimpleLogRecordProcessor({ exporter: exporter("LOGS", ProtobufLogsSerializer, LogsExporterMetricsHelper) as never })],
  });
  const active = trace.setSpanContext(context.active(), { traceId, spanId, traceFlags: 1 });
  logs.getLogger("test").emit({ severityNumber: 17, body: "the order is gone", context: active });
  await logs.shutdown();

  const metrics = Object.assign(exporter("METRICS", ProtobufMetricsSerializer, MetricsExporterMetricsHelper), {
    selectAggregationTemporality: () => AggregationTemporality.CUMULATIVE,
  });
  const meters = new MeterProvider({
    resource,
    readers: [new PeriodicExportingMetricReader({ exporter: metrics as never, exportIntervalMillis: 60_000, exportTimeoutMillis: 5_000 })],
  });
  meters
    .getMeter("test")
    .createObservableGauge("process.memory.usage")
    .addCallback((result) => result.observe(64_000_000));
  meters.getMeter("test").createHistogram("shop.basket").record(3);
  await meters.shutdown();

  expect(statuses).toEqual([200, 200, 200]);
  const summary = await getTelemetrySummary(await now(), { environmentId: environment.id });
  expect(summary.total).toMatchObject({ requests: 1, errors: 1, errorShare: 1 });
  expect(summary.routes).toMatchObject([{ route: "GET /orders/:id", requests: 1 }]);
  expect(summary.points.reduce((sum, { requests }) => sum + requests, 0)).toBe(1);
  expect(summary.sources).toMatchObject([{ environmentId: environment.id, version: "c0ffee", refused: null }]);
  expect(summary.process?.memoryBytes).toBe(64_000_000);
  expect((await listTraces(await now(), { environmentId: environment.id, only: "errors" })).items).toMatchObject([{ traceId, spans: 3, statusCode: 500, isError: true }]);
  const told = await getTrace(await now(), { traceId });
  expect(told.spans.map(({ name, depth, isError }) => `${depth} ${name} ${isError}`).sort()).toEqual(["0 GET false", "1 handler false", "1 pg.query true"]);
  const query = told.spans.find(({ name }) => name === "pg.query");
  expect(query).toMatchObject({ message: "relation does not exist", events: [{ name: "exception", attributes: { "exception.message": "relation does not exist" } }] });
  expect(told.spans.find(({ name }) => name === "GET")?.attributes["http.request.header.x"]).toBe("a, b");
  expect(told.logs).toMatchObject([{ level: "error", text: "the order is gone", spanId }]);
});

test("an answer that asks to come again is followed, and counts once", async () => {
  refusals = 1;
  statuses.length = 0;
  const before = (await getTelemetrySummary(await now(), { environmentId: environment.id })).total.requests;
  await sendRequest();
  expect(statuses).toEqual([503, 200]);
  expect((await getTelemetrySummary(await now(), { environmentId: environment.id })).total.requests).toBe(before + 1);
});
