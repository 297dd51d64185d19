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

/**
 * Upper bounds of the latency buckets, inclusive, in milliseconds; one more bucket holds everything slower. Latency is the time from
 * the request's headers to the answer's headers, so that long downloads and event streams do not count as slow.
 * Stored histograms depend on these: never change a bound, only add at the end.
 */
export const BOUNDS_MS = [1, 2, 3, 5, 7, 10, 15, 20, 30, 50, 70, 100, 150, 200, 300, 500, 700, 1000, 1500, 2000, 3000, 5000, 7000, 10_000, 15_000, 30_000];

/** The index of the bucket that a latency falls into. */
export function bucketOf(ms: number): number {
  const index = BOUNDS_MS.findIndex((bound) => ms <= bound);
  return index < 0 ? BOUNDS_MS.length : index;
}

/**
 * The latency in milliseconds below which the share `quantile` (0–1) of the requests lies, interpolated linearly within its bucket;
 * null without requests. What lies beyond the last bound is given as that bound.
 */
export function quantileMs(buckets: number[], quantile: number): number | null {
  const total = buckets.reduce((sum, count) => sum + count, 0);
  if (total === 0) return null;
  const rank = quantile * total;
  let below = 0;
  for (const [index, count] of buckets.entries()) {
    if (count > 0 && below + count >= rank) {
      const low = BOUNDS_MS[index - 1] ?? 0;
      const high = BOUNDS_MS[index];
      if (high === undefined) return low;
      return Math.round((low + ((rank - below) / count) * (high - low)) * 10) / 10;
    }
    below += count;
  }
  return BOUNDS_MS.at(-1) ?? null;
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
