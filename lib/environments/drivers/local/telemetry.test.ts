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

/** A collector that understands OTLP as JSON over HTTP. */
beforeAll(async () => {
  await buildPreload();
  collector = createServer(async (req, res) => {
    const body = JSON.parse(await text(req));
    for (const resource of body.resourceSpans) {
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
});
afterAll(() => collector.close());

const endpoint = () => `http://127.0.0.1:${(collector.address() as AddressInfo).port}`;

async function tracesOf(overrides: Parameters<typeof openLocalHarness>[0]) {
  harness = await openLocalHarness(overrides);
  const { spec, environment } = testEnvironment({ materialize: shippedPath("node-express", { name: "shop" }), memoryMiB: 256 });
  await harness.driver.provision(memoryRun(environment.environmentId).context, spec);
  expect((await harness.get(environment, "/")).status).toBe(200);
  if (overrides?.otlpEndpoint === endpoint()) await until("traces", async () => spans.some((span) => span.name.startsWith("pg.query")) && spans.some((span) => span.kind === 2));
  const lines = await harness.driver.logs(environment, { tail: 50 });
  await harness.driver.destroy(memoryRun(environment.environmentId).context, environment);
  return { spec, lines };
}

test("a service without any such dependency sends traces, from its own network, with its queries below its requests", async () => {
  const { spec } = await tracesOf({ otlpEndpoint: endpoint() });
  expect(new Set(services)).toEqual(new Set([spec.name]));
  const query = spans.find((span) => span.name.startsWith("pg.query"));
  expect(spans.some((span) => span.kind === 2 && span.traceId === query?.traceId)).toBe(true);
});

test("a plain process sends them too", async () => {
  await tracesOf({ otlpEndpoint: endpoint(), strongest: "process" });
  expect(spans.length).toBeGreaterThan(0);
});

test("a collector that is not there hinders nothing", async () => {
  const { lines } = await tracesOf({ otlpEndpoint: "http://127.0.0.1:1" });
  expect(lines.some((line) => line.text.includes("ready"))).toBe(true);
});
