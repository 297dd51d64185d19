import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { type LocalHarness, openLocalHarness } from "@/tests/setup/local-driver";
import { memoryRun } from "@/tests/setup/run-context";
import { shippedPath } from "@/tests/setup/shipped-path";
import { until } from "@/tests/setup/until";
import { buildPreload } from "../../../../scripts/otel/build.mjs";
import { testEnvironment } from "../driver.suite";

interface Span {
  name: string;
  traceId: string;
  kind: number;
}

let collector: Server;
let harness: LocalHarness | null = null;
let services: string[] = [];
let spans: Span[] = [];
let lines: { body: { stringValue: string }; traceId?: string; severityText: string }[] = [];
let headers: (string | undefined)[] = [];
const paths = new Set<string>();
const metrics = new Set<string>();

/** A collector that understands OTLP as JSON over HTTP. */
beforeAll(async () => {
  await buildPreload();
  collector = createServer(async (req, res) => {
    const body = JSON.parse(await text(req));
    headers.push(req.headers.authorization);
    paths.add(req.url ?? "");
    for (const { scopeLogs } of body.resourceLogs ?? []) for (const { logRecords } of scopeLogs) lines.push(...logRecords);
    for (const { scopeMetrics } of body.resourceMetrics ?? []) for (const scope of scopeMetrics) for (const { name } of scope.metrics) metrics.add(name);
    for (const resource of body.resourceSpans ?? []) {
      services.push(resource.resource.attributes.find((attribute: { key: string }) => attribute.key === "service.name").value.stringValue);
      for (const scope of resource.scopeSpans) spans.push(...scope.spans);
    }
    res.end("{}");
  }).listen(0, "127.0.0.1");
  await once(collector, "listening");
});
afterEach(async () => {
  await harness?.close();
  harness = null;
  services = [];
  spans = [];
  lines = [];
  headers = [];
  paths.clear();
  metrics.clear();
});
afterAll(() => collector.close());

const endpoint = () => `http://127.0.0.1:${(collector.address() as AddressInfo).port}`;

const TOKEN = "wmk_otlp_env_test";
const telemetry = { token: TOKEN, service: "shop-api", attributes: { "deployment.environment.name": "staging", "service.version": "c0ffee" } };
type Overrides = NonNullable<Parameters<typeof openLocalHarness>[0]>;

/** Starts the shipped service, asks it once, and waits until something of it has arrived. */
async function asked(overrides: Overrides, arrived: () => boolean, variables: Record<string, string> = {}) {
  harness = await openLocalHarness(overrides);
  const { spec, environment } = testEnvironment({ materialize: shippedPath("node-express", { name: "shop" }), memoryMiB: 256, variables });
  await harness.driver.provision(memoryRun(environment.environmentId).context, { ...spec, telemetry });
  expect((await harness.get(environment, "/")).status).toBe(200);
  await until("telemetry", async () => arrived());
  const target = await harness.driver.telemetry(environment);
  const log = await harness.driver.logs(environment, { tail: 50 });
  await harness.driver.destroy(memoryRun(environment.environmentId).context, environment);
  return { target, log };
}
const hasTraces = () => spans.some((one) => one.name.startsWith("pg.query")) && spans.some((one) => one.kind === 2);
const receiver = () => ({ receiverUrl: `${endpoint()}/otlp` });

test("with nothing configured a service without any such dependency sends traces, figures and its log to Waymark, from its own network", async () => {
  const { target, log } = await asked(receiver(), () => hasTraces() && metrics.size > 0 && lines.some((line) => line.traceId));
  expect(target).toEqual({ to: "waymark", endpoint: `${endpoint()}/otlp` });
  expect([...paths].sort()).toEqual(["/otlp/v1/logs", "/otlp/v1/metrics", "/otlp/v1/traces"]);
  expect(new Set(headers)).toEqual(new Set([`Bearer ${TOKEN}`]));
  expect(new Set(services)).toEqual(new Set(["shop-api"]));
  const query = spans.find((one) => one.name.startsWith("pg.query"));
  expect(spans.some((one) => one.kind === 2 && one.traceId === query?.traceId && one.name === "GET /")).toBe(true);
  expect([...metrics].sort()).toEqual(["nodejs.eventloop.delay.p99", "process.cpu.utilization", "process.memory.usage"]);
  // The line of the request is found from its trace, and the trace from the line.
  const line = lines.find((one) => one.traceId === query?.traceId);
  expect(line?.severityText).toBe("info");
  expect(log.some((one) => one.text.includes(query?.traceId ?? "-"))).toBe(true);
});

test("a collector that is configured gets it instead, and no token; from a plain process too", async () => {
  const { target } = await asked({ otlpEndpoint: endpoint(), strongest: "process" }, hasTraces);
  expect(target).toEqual({ to: "collector", endpoint: endpoint() });
  expect(new Set(headers)).toEqual(new Set([undefined]));
});

test("an endpoint that the team has set is followed, known to be another, and hinders nothing where nobody answers", async () => {
  const { target, log } = await asked(receiver(), () => true, { OTEL_EXPORTER_OTLP_ENDPOINT: "http://127.0.0.1:9" });
  expect(target).toEqual({ to: "variable", endpoint: "http://127.0.0.1:9" });
  expect(log.some((line) => line.text.includes("ready"))).toBe(true);
  expect(headers).toEqual([]);
});

test("a team can switch it off", async () => {
  const { target } = await asked(receiver(), () => true, { OTEL_SDK_DISABLED: "true" });
  expect(target).toMatchObject({ to: "off", because: expect.stringContaining("OTEL_SDK_DISABLED") });
});
