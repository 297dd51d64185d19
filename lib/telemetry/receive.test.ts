import { gzipSync } from "node:zlib";
import { eq, sql } from "drizzle-orm";
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { db } from "@/db/client";
import { environments, telemetryLogs, telemetryMinutes, telemetryReadings, telemetrySources, telemetryTraces } from "@/db/schema";
import { createToken } from "@/lib/identity/mutations";
import { aService } from "@/tests/setup/action-world";
import { useOwnDatabase } from "@/tests/setup/own-database";
import { aPerson, aTeam, type SignedIn, signedIn } from "@/tests/setup/people";
import { anEnvironment, newSpanId, newTraceId, resource, send, span, tracesRequest } from "@/tests/setup/telemetry-world";
import { environmentToken } from "./environment-token";
import { MAX_BODY_BYTES, OTHER_ROUTES } from "./limits";
import { encodeStatus } from "./otlp/messages";
import { forgetSources } from "./sources";
import { forgetBudgets } from "./store-spans";

useOwnDatabase();

let ada: SignedIn;
let own: { id: string; token: string };

beforeAll(async () => {
  for (const team of ["checkout", "search"]) await aTeam(team);
  ada = await signedIn(await aPerson("ada", { teams: { checkout: "member" } }));
});
beforeEach(async () => {
  forgetSources();
  forgetBudgets();
  // A sender of its own for each test: what one has sent counts against its rate.
  own = await anEnvironment("checkout", ada.actor.id);
});

async function sourceOf(environmentId: string) {
  const [row] = await db().select().from(telemetrySources).where(eq(telemetrySources.environmentId, environmentId));
  return row;
}
async function countsOf(environmentId: string) {
  const source = await sourceOf(environmentId);
  // Over minutes: a test may begin in one and end in the next.
  const { route, requests, errors, sourceId } = telemetryMinutes;
  const sums = { route, requests: sql<number>`sum(${requests})::int`, errors: sql<number>`sum(${errors})::int` };
  return source ? db().select(sums).from(telemetryMinutes).where(eq(sourceId, source.id)).groupBy(route).orderBy(route) : [];
}
const tokenWith = async (...scopes: ("read" | "events:write")[]) => (await createToken(ada, { name: `t${Math.random()}`, scopes, ttl: "1d" } as never)).token;

describe("what comes in", () => {
  test("a request is counted by route, and its trace is kept", async () => {
    const traceId = newTraceId();
    const head = span({ traceId, route: "/orders/:id", ms: 40 });
    const query = { ...span({ traceId, name: "pg.query:SELECT", kind: 3, ms: 10 }), parentSpanId: head.spanId };
    const answer = await send("traces", own.token, tracesRequest([head, query], { "service.version": "abc" }));
    expect(answer).toMatchObject({ status: 200, body: {} });
    expect(await countsOf(own.id)).toMatchObject([{ route: "GET /orders/:id", requests: 1, errors: 0 }]);
    const [trace] = await db().select().from(telemetryTraces).where(eq(telemetryTraces.traceId, traceId));
    expect(trace).toMatchObject({ name: "GET /orders/:id", statusCode: 200, isError: false });
    expect(Object.keys(trace?.spans ?? {})).toHaveLength(2);
    expect(await sourceOf(own.id)).toMatchObject({ version: "abc", environment: "sandbox", lastMetricAt: null });
  });

  test("answers with 500 and above count as errors, requests of probes not at all", async () => {
    await send("traces", own.token, tracesRequest([span({ status: 503 }), span({ status: 404 }), span({ userAgent: "waymark-probe" }), span({ userAgent: "kube-probe/1.30" })]));
    expect(await countsOf(own.id)).toMatchObject([{ requests: 2, errors: 1 }]);
    expect((await sourceOf(own.id))?.lastSpanAt).not.toBeNull();
  });

  test("log records from INFO on are kept with their trace, the same line once", async () => {
    const traceId = newTraceId();
    const at = `${BigInt(Math.round(Date.now())) * 1_000_000n}`;
    const record = (severityNumber: number, body: string) => ({ timeUnixNano: at, severityNumber, body: { stringValue: body }, traceId, spanId: newSpanId() });
    const records = [
      record(5, "chatter"),
      record(9, "sold"),
      record(17, "broke\u0000n"),
      { observedTimeUnixNano: at, body: { kvlistValue: { values: [{ key: "a", value: { intValue: 1 } }] } } },
    ];
    const request = { resourceLogs: [{ resource: resource(), scopeLogs: [{ logRecords: records }] }] };
    expect(await send("logs", own.token, request)).toMatchObject({ status: 200, body: {} });
    await send("logs", own.token, request);
    const source = await sourceOf(own.id);
    const rows = await db()
      .select()
      .from(telemetryLogs)
      .where(eq(telemetryLogs.sourceId, source?.id ?? 0))
      .orderBy(telemetryLogs.body);
    const said = rows.map(({ body, severity }) => `${severity} ${body}`);
    expect(said.sort()).toEqual(["17 broke\uFFFDn", "9 sold", '9 {"a":1}']);
  });

  test("of metrics the figures of the process are kept, the newest of a minute; any other proves that they arrive", async () => {
    const minute = Math.floor(Date.now() / 60_000) * 60_000;
    const point = (atMs: number, asDouble: number, mode: string) => ({
      timeUnixNano: `${BigInt(atMs) * 1_000_000n}`,
      asDouble,
      attributes: [{ key: "cpu.mode", value: { stringValue: mode } }],
    });
    const cpu = (atMs: number, user: number, system: number) => ({
      name: "process.cpu.utilization",
      gauge: { dataPoints: [point(atMs, user, "user"), point(atMs, system, "system")] },
    });
    const request = (...metrics: unknown[]) => ({ resourceMetrics: [{ resource: resource(), scopeMetrics: [{ metrics }] }] });
    await send("metrics", own.token, request({ name: "shop.sales", sum: { dataPoints: [{ asInt: "3" }] } }));
    const source = await sourceOf(own.id);
    expect(source?.lastMetricAt).not.toBeNull();
    await send("metrics", own.token, request(cpu(minute - 40_000, 0.25, 0.25)));
    await send("metrics", own.token, request(cpu(minute - 50_000, 0.1, 0.1)));
    const rows = await db()
      .select()
      .from(telemetryReadings)
      .where(eq(telemetryReadings.sourceId, source?.id ?? 0));
    expect(rows).toMatchObject([{ name: "cpu", value: 0.5 }]);
  });

  test("a part of a trace that comes later is added, and a repeat of it changes nothing", async () => {
    const traceId = newTraceId();
    const head = span({ traceId, ms: 50 });
    const child = { ...span({ traceId, kind: 3, name: "later" }), parentSpanId: head.spanId };
    for (const spans of [[child], [head], [child], [head, child]]) await send("traces", own.token, tracesRequest(spans));
    const [trace] = await db().select().from(telemetryTraces).where(eq(telemetryTraces.traceId, traceId));
    expect(Object.keys(trace?.spans ?? {})).toHaveLength(2);
    expect(trace?.name).toBe("GET /orders");
    expect(await countsOf(own.id)).toMatchObject([{ requests: 1 }]);
  });
});

describe("who may send", () => {
  test("nobody without a token, with a forged one, or with one that lacks the scope", async () => {
    const forged = environmentToken(own.id).replace(/.$/, (last) => (last === "A" ? "B" : "A"));
    const foreign = `${environmentToken(own.id).slice(0, 40)}${environmentToken("env_000000000").slice(40)}`;
    for (const token of [null, "nonsense", forged, foreign]) expect((await send("traces", token, tracesRequest([span()]))).status).toBe(401);
    expect((await send("traces", await tokenWith("read"), tracesRequest([span()]))).status).toBe(403);
    expect(await countsOf(own.id)).toEqual([]);
  });

  test("an environment reports as itself, whatever it calls itself", async () => {
    const other = await anEnvironment("search", ada.actor.id);
    await send("traces", own.token, tracesRequest([span()], { "service.name": other.id, "service.instance.id": other.id, "deployment.environment.name": "production" }));
    expect(await countsOf(other.id)).toEqual([]);
    expect(await countsOf(own.id)).toMatchObject([{ requests: 1 }]);
    expect(await sourceOf(own.id)).toMatchObject({ environment: "sandbox", teamId: "tea_checkout" });
  });

  test("its token ends with it", async () => {
    await db().update(environments).set({ status: "deleted" }).where(eq(environments.id, own.id));
    expect((await send("traces", own.token, tracesRequest([span()]))).status).toBe(401);
  });

  test("a person's token reports for the services of their teams, by name", async () => {
    const shop = await aService("shop", "checkout");
    await aService("finder", "search");
    const token = await tokenWith("events:write");
    const both = {
      resourceSpans: ["shop", "finder", "ghost"].flatMap((name) => tracesRequest([span()], { "service.name": name, "deployment.environment.name": "production" }).resourceSpans),
    };
    const answer = await send("traces", token, both);
    expect(answer).toMatchObject({ status: 200, body: { partialSuccess: { rejectedSpans: "2", errorMessage: expect.stringContaining("component:default/finder") } } });
    const rows = await db().select().from(telemetrySources).where(sql`environment_id is null`);
    expect(rows).toMatchObject([{ entityRef: shop, environment: "production", teamId: "tea_checkout" }]);
  });
});

describe("hostile bodies", () => {
  const now = () => BigInt(Date.now()) * 1_000_000n;
  test.each([
    ["not JSON", "{", {}, 400],
    ["a list", "[]", {}, 400],
    ["null", "null", {}, 400],
    ["spans that are no list", JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans: "x" }] }] }), {}, 400],
    ["resources that are no list", JSON.stringify({ resourceSpans: { a: 1 } }), {}, 400],
    ["deeply nested", `${"[".repeat(200_000)}${"]".repeat(200_000)}`, {}, 400],
    ["protobuf that is cut off", encodeStatus({ code: 1, message: "x".repeat(100) }).subarray(0, 40), { type: "application/x-protobuf" }, 400],
    ["protobuf of noise", Buffer.from("ff".repeat(500), "hex"), { type: "application/x-protobuf" }, 400],
    ["not gzip", "plain", { headers: { "content-encoding": "gzip" } }, 400],
    ["an unknown encoding", "{}", { headers: { "content-encoding": "br" } }, 415],
    ["an unknown type", "{}", { type: "text/plain" }, 415],
    ["10 MiB", "x".repeat(10 * 1_048_576), {}, 413],
    ["a gzip bomb", gzipSync(Buffer.alloc(100 * 1_048_576)), { headers: { "content-encoding": "gzip" } }, 413],
    ["too many spans", JSON.stringify(tracesRequest(new Array(10_001).fill({}))), {}, 413],
  ] as const)("%s", async (_name, body, options, status) => {
    const answer = await send("traces", own.token, body, options);
    expect(answer.status).toBe(status);
    expect(answer.headers.get("retry-after")).toBeNull();
    if ("type" in options && options.type === "application/x-protobuf") expect(answer.headers.get("content-type")).toBe("application/x-protobuf");
    else expect(answer.body).toMatchObject({ code: expect.any(Number), message: expect.stringMatching(/\w+ .*\.$/) });
    expect(await countsOf(own.id)).toEqual([]);
  });

  test.each([
    ["an id of the wrong length", { traceId: "abc" }],
    ["an id of zeros", { spanId: "0".repeat(16) }],
    ["a parent of the wrong length", { parentSpanId: "12" }],
    ["an id that is a number", { traceId: 12 }],
    ["no times", { startTimeUnixNano: undefined }],
    ["a time that is an object", { endTimeUnixNano: { low: 1 } }],
    ["the past", { startTimeUnixNano: "1", endTimeUnixNano: "2" }],
    ["the future", { endTimeUnixNano: String(now() + 3_600_000_000_000n) }],
    ["an end before the beginning", { startTimeUnixNano: String(now()), endTimeUnixNano: String(now() - 1_000_000_000n) }],
    ["a name that is a list", { name: ["x"] }],
    ["attributes that are a text", { attributes: "x" }],
  ])("a span with %s is refused, and its neighbours are taken", async (_name, wrong) => {
    const answer = await send("traces", own.token, tracesRequest([{ ...span(), ...wrong }, span(), null, "text"]));
    expect(answer).toMatchObject({ status: 200, body: { partialSuccess: { rejectedSpans: "3" } } });
    expect(await countsOf(own.id)).toMatchObject([{ requests: 1 }]);
    expect((await sourceOf(own.id))?.refusedBecause).toMatch(/^A span/);
  });

  test("a flood of attributes, NUL characters, secrets and odd values are stored within bounds", async () => {
    const traceId = newTraceId();
    const flood = Array.from({ length: 5_000 }, (_, at) => ({ key: `k${at}`, value: { stringValue: "v".repeat(600) } }));
    const odd = [
      { key: "authorization", value: { stringValue: "Bearer abc" } },
      { key: "nul\u0000", value: { stringValue: "a\u0000b\ud800" } },
      { key: "__proto__", value: { stringValue: "x" } },
      { key: "http.target", value: { stringValue: "/orders?key=s3cret" } },
      { key: "nothing", value: null },
      { key: 7, value: { stringValue: "x" } },
    ];
    await send("traces", own.token, tracesRequest([{ ...span({ traceId, name: "n".repeat(10_000) }), attributes: [...odd, ...flood] }]));
    const [trace] = await db().select().from(telemetryTraces).where(eq(telemetryTraces.traceId, traceId));
    const text = JSON.stringify(trace?.spans);
    expect(text.length).toBeLessThan(20_000);
    expect(text).not.toMatch(/s3cret|Bearer abc|\\u0000/);
    expect(text).toContain('"(hidden)"');
    expect(trace?.route).toBe("/orders");
  });

  test("10,000 spans at once are taken, of their routes as many as there may be", async () => {
    const spans = Array.from({ length: 10_000 }, (_, at) => span({ route: `/made-up/${at % 500}x` }));
    expect((await send("traces", own.token, tracesRequest(spans), { gzip: true })).status).toBe(200);
    const counts = await countsOf(own.id);
    expect(counts.reduce((sum, { requests }) => sum + requests, 0)).toBe(10_000);
    expect(new Set(counts.map(({ route }) => route)).size).toBe(61);
    expect(counts.some(({ route }) => route === OTHER_ROUTES)).toBe(true);
    const source = await sourceOf(own.id);
    const [kept] = await db()
      .select({ n: sql<number>`count(*)::int` })
      .from(telemetryTraces)
      .where(eq(telemetryTraces.sourceId, source?.id ?? 0));
    expect(kept?.n).toBeLessThanOrEqual(200);
  });

  test("one sender's flood is held back with a time to come again, another's batch is not", async () => {
    const other = await anEnvironment("search", ada.actor.id);
    const batch = () => tracesRequest(Array.from({ length: 9_000 }, () => span()));
    const answers = [];
    for (let at = 0; at < 3; at++) answers.push(await send("traces", own.token, batch(), { gzip: true }));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 429]);
    expect(Number(answers[2]?.headers.get("retry-after"))).toBeGreaterThan(0);
    expect((await send("traces", other.token, tracesRequest([span()]))).status).toBe(200);
  });

  test("more than two requests of one sender at a time are told to wait", async () => {
    const answers = await Promise.all(Array.from({ length: 5 }, () => send("traces", own.token, tracesRequest([span()]))));
    const statuses = answers.map(({ status }) => status);
    expect(statuses.filter((status) => status === 200).length).toBeGreaterThanOrEqual(2);
    expect(statuses.every((status) => status === 200 || status === 429)).toBe(true);
  });

  test("an unknown signal is not there", async () => {
    expect((await send("profiles", own.token, {})).status).toBe(404);
    expect(MAX_BODY_BYTES).toBeLessThan(10 * 1_048_576);
  });
});
