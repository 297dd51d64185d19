// Response times as counts in fixed buckets: they add up over minutes, routes and replicas.

/**
 * Upper bounds of the latency buckets, inclusive, in milliseconds; one more bucket holds everything slower.
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
