import { eq } from "drizzle-orm";
import fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import { db } from "@/db/client";
import { telemetryMinutes, telemetrySources } from "@/db/schema";
import { bucketOf } from "@/lib/core/latency";
import { useOwnDatabase } from "@/tests/setup/own-database";
import { aPerson, aTeam } from "@/tests/setup/people";
import { anEnvironment, newSpanId, newTraceId } from "@/tests/setup/telemetry-world";
import { SERVER, type Span } from "./otlp/spans";
import { sourceOf } from "./sources";
import { storeSpans } from "./store-spans";

useOwnDatabase();

let ownerId: string;
beforeAll(async () => {
  await aTeam("checkout");
  ownerId = await aPerson("ada", { teams: { checkout: "member" } });
});

const NOW = Date.UTC(2026, 10, 24, 12, 10);
const aRequest = fc.record({
  route: fc.constantFrom("/", "/orders", "/orders/:id"),
  status: fc.constantFrom(200, 404, 500, 503),
  ms: fc.double({ min: 0, max: 40_000, noNaN: true }),
  agoMs: fc.integer({ min: 0, max: 300_000 }),
});
/** Requests, and the batches that they come in: each an order of some of them, together all of them, many more than once. */
const aStory = fc.array(aRequest, { minLength: 1, maxLength: 12 }).chain((requests) => {
  const some = fc.array(fc.nat(requests.length - 1), { maxLength: 20 });
  return fc.record({ requests: fc.constant(requests), batches: fc.array(some, { maxLength: 4 }), last: fc.shuffledSubarray([...requests.keys()], { minLength: requests.length }) });
});

async function anySource(): Promise<number> {
  const { id } = await anEnvironment("checkout", ownerId);
  const sender = {
    type: "environment" as const,
    key: id,
    environmentId: id,
    teamId: "tea_checkout",
    entityRef: null,
    service: "t",
    environment: "sandbox",
    version: null,
    isDemo: false,
  };
  return Number(await sourceOf(db(), sender, {}));
}

const spansOf = (requests: { route: string; status: number; ms: number; agoMs: number }[]): Span[] =>
  requests.map(({ route, status, ms, agoMs }) => ({
    traceId: newTraceId(),
    spanId: newSpanId(),
    name: "GET",
    kind: SERVER,
    isInner: false,
    start: NOW - agoMs - ms,
    end: NOW - agoMs,
    attributes: { "http.request.method": "GET", "http.route": route, "http.response.status_code": status },
  }));

test("the same requests give the same figures in any batches, any order and however often they are repeated", async () => {
  await fc.assert(
    fc.asyncProperty(aStory, async ({ requests, batches, last }) => {
      const sourceId = await anySource();
      const spans = spansOf(requests);
      const pick = (indexes: number[]) => indexes.flatMap((index) => spans[index] ?? []);
      await Promise.all(batches.map((batch) => db().transaction((tx) => storeSpans(tx, sourceId, pick(batch), NOW))));
      await db().transaction((tx) => storeSpans(tx, sourceId, pick(last), NOW));
      const rows = await db().select().from(telemetryMinutes).where(eq(telemetryMinutes.sourceId, sourceId));
      const expected = new Map<string, { requests: number; errors: number; buckets: Record<number, number> }>();
      for (const [at, span] of spans.entries()) {
        const key = `${new Date(Math.floor(span.end / 60_000) * 60_000).toISOString()} GET ${requests[at]?.route}`;
        const one = expected.get(key) ?? { requests: 0, errors: 0, buckets: {} };
        expected.set(key, one);
        one.requests++;
        if ((requests[at]?.status ?? 0) >= 500) one.errors++;
        const bucket = bucketOf(span.end - span.start);
        one.buckets[bucket] = (one.buckets[bucket] ?? 0) + 1;
      }
      const found = rows.map((row) => [
        `${row.minute.toISOString()} ${row.route}`,
        { requests: row.requests, errors: row.errors, buckets: Object.fromEntries([...row.buckets.entries()].filter(([, count]) => count > 0)) },
      ]);
      expect(Object.fromEntries(found)).toEqual(Object.fromEntries(expected));
      await db().delete(telemetrySources).where(eq(telemetrySources.id, sourceId));
    }),
    { numRuns: 60 },
  );
});
