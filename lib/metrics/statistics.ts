/** Two-sided 95 %. */
const Z = 1.96;

export type Verdict = "better" | "worse" | "within-chance";

/** Ranks (0-based) of the interval around a median of n values that covers it with 95 % (binomial, normal approximation). */
export function medianRanks(n: number): { low: number; high: number } {
  const half = (Z * Math.sqrt(n)) / 2;
  return { low: Math.max(0, Math.floor(n / 2 - half)), high: Math.min(n - 1, Math.ceil(n / 2 + half)) };
}

interface Interval {
  value: number;
  low: number;
  high: number;
}

/** Whether two values with 95 % intervals differ by more than chance; `lowerIsBetter` says which way is good. */
export function compare(now: Interval, before: Interval, lowerIsBetter: boolean): Verdict {
  const error = Math.hypot((now.high - now.low) / (2 * Z), (before.high - before.low) / (2 * Z));
  const difference = now.value - before.value;
  if (difference === 0 || Math.abs(difference) <= Z * error) return "within-chance";
  return difference < 0 === lowerIsBetter ? "better" : "worse";
}

/** A rate of events per day with its 95 % interval (Poisson, normal approximation on the square root). */
export function rateInterval(count: number, days: number): Interval {
  const root = Math.sqrt(count + 3 / 8);
  return { value: count / days, low: Math.max(0, root - Z / 2) ** 2 / days, high: (root + Z / 2) ** 2 / days };
}

/** A share with its 95 % interval (Wilson). */
export function shareInterval(part: number, whole: number): Interval {
  const share = part / whole;
  const centre = (share + (Z * Z) / (2 * whole)) / (1 + (Z * Z) / whole);
  const half = (Z * Math.sqrt((share * (1 - share)) / whole + (Z * Z) / (4 * whole * whole))) / (1 + (Z * Z) / whole);
  return { value: share, low: centre - half, high: centre + half };
}

/**
 * How many times as often something happened per thing as in another group, with its 95 % interval exp(ln ratio ± 1.96·√(1/a + 1/b)) of two
 * Poisson counts; null where either happened never.
 */
export function rateRatio(one: { count: number; of: number }, other: { count: number; of: number }): Interval | null {
  if (one.count <= 0 || other.count <= 0) return null;
  const value = one.count / one.of / (other.count / other.of);
  const reach = Math.exp(Z * Math.sqrt(1 / one.count + 1 / other.count));
  return { value, low: value / reach, high: value * reach };
}
