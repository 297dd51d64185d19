import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { BOUNDS_MS, bucketOf, quantileMs } from "@/lib/core/latency";
import { TrafficCounter } from "./traffic";

const histogram = (samples: number[]) => {
  const buckets = new Array<number>(BOUNDS_MS.length + 1).fill(0);
  for (const ms of samples) buckets[bucketOf(ms)] = (buckets[bucketOf(ms)] ?? 0) + 1;
  return buckets;
};

describe("latency histogram", () => {
  test("a bound belongs to the bucket it closes", () => {
    expect(bucketOf(1)).toBe(0);
    expect(bucketOf(1.001)).toBe(1);
    expect(bucketOf(30_000)).toBe(BOUNDS_MS.length - 1);
    expect(bucketOf(30_001)).toBe(BOUNDS_MS.length);
  });

  test("the quantile is interpolated within its bucket", () => {
    // 100 requests between 50 and 70 ms: the 95th percentile lies at 95 % of that bucket.
    expect(quantileMs(histogram(new Array(100).fill(60)), 0.95)).toBe(69);
    expect(quantileMs(histogram([...new Array(90).fill(4), ...new Array(10).fill(900)]), 0.95)).toBe(850);
  });

  test("there is no quantile without requests, and beyond the last bound it is that bound", () => {
    expect(quantileMs([], 0.95)).toBeNull();
    expect(quantileMs(histogram([]), 0.95)).toBeNull();
    expect(quantileMs(histogram([60_000, 90_000]), 0.5)).toBe(30_000);
  });

  test("the quantile is never further from the exact one than its bucket is wide", () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0.01, max: 29_999, noNaN: true }), { minLength: 1, maxLength: 200 }), fc.double({ min: 0.01, max: 1, noNaN: true }), (samples, q) => {
        const exact = [...samples].sort((a, b) => a - b)[Math.ceil(q * samples.length) - 1] ?? 0;
        const bucket = bucketOf(exact);
        const estimate = quantileMs(histogram(samples), q) ?? Number.NaN;
        // Rounded to a tenth of a millisecond.
        return estimate >= (BOUNDS_MS[bucket - 1] ?? 0) - 0.05 && estimate <= (BOUNDS_MS[bucket] ?? 30_000) + 0.05;
      }),
    );
  });
});

describe("counting", () => {
  const minute = Date.UTC(2026, 0, 1, 12, 30);

  test("requests are counted per environment and minute, errors from 500 on", () => {
    const counter = new TrafficCounter();
    counter.record("env_a", { status: 200, durationMs: 4, atMs: minute + 59_999 });
    counter.record("env_a", { status: 499, durationMs: 4, atMs: minute });
    counter.record("env_a", { status: 500, durationMs: 4, atMs: minute });
    counter.record("env_a", { status: 200, durationMs: 4, atMs: minute + 60_000 });
    counter.record("env_b", { status: 502, durationMs: 4, atMs: minute });
    const drained = counter.drain().map(({ environmentId, minute: at, requests, errors }) => [environmentId, at.toISOString(), requests, errors]);
    expect(drained).toEqual([
      ["env_a", "2026-01-01T12:30:00.000Z", 3, 1],
      ["env_a", "2026-01-01T12:31:00.000Z", 1, 0],
      ["env_b", "2026-01-01T12:30:00.000Z", 1, 1],
    ]);
    expect(counter.drain()).toEqual([]);
  });

  test("what could not be stored is added to what came since", () => {
    const counter = new TrafficCounter();
    counter.record("env_a", { status: 200, durationMs: 4, atMs: minute });
    const lost = counter.drain();
    counter.record("env_a", { status: 503, durationMs: 4, atMs: minute });
    counter.restore(lost);
    expect(counter.drain()).toMatchObject([{ requests: 2, errors: 1 }]);
  });
});
