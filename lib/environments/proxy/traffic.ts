import { BOUNDS_MS, bucketOf } from "@/lib/core/latency";

/** What is kept of one environment's requests in one minute. */
export interface MinuteCounts {
  environmentId: string;
  minute: Date;
  requests: number;
  /** Answers with status 500 and above, also those that the proxy gave because the process did not. */
  errors: number;
  /** How many requests fell into each latency bucket: see `BOUNDS_MS`. */
  buckets: number[];
}

const MINUTE_MS = 60_000;

/** Counts requests in memory until they are drained. */
export class TrafficCounter {
  private counts = new Map<string, MinuteCounts>();

  /** `atMs`: wall clock in milliseconds. */
  record(environmentId: string, { status, durationMs, atMs }: { status: number; durationMs: number; atMs: number }): void {
    const minute = Math.floor(atMs / MINUTE_MS) * MINUTE_MS;
    const found = this.at(environmentId, minute);
    found.requests++;
    if (status >= 500) found.errors++;
    const bucket = bucketOf(durationMs);
    found.buckets[bucket] = (found.buckets[bucket] ?? 0) + 1;
  }

  private at(environmentId: string, minuteMs: number): MinuteCounts {
    const key = `${environmentId} ${minuteMs}`;
    let found = this.counts.get(key);
    if (!found) {
      found = { environmentId, minute: new Date(minuteMs), requests: 0, errors: 0, buckets: new Array<number>(BOUNDS_MS.length + 1).fill(0) };
      this.counts.set(key, found);
    }
    return found;
  }

  /** Everything counted since the last time. */
  drain(): MinuteCounts[] {
    const drained = [...this.counts.values()];
    this.counts = new Map();
    return drained;
  }

  /** Puts back what could not be stored. */
  restore(counts: MinuteCounts[]): void {
    for (const { environmentId, minute, requests, errors, buckets } of counts) {
      const found = this.at(environmentId, minute.getTime());
      found.requests += requests;
      found.errors += errors;
      for (const [index, count] of buckets.entries()) found.buckets[index] = (found.buckets[index] ?? 0) + count;
    }
  }
}
