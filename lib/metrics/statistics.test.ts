import fc from "fast-check";
import { expect, test } from "vitest";
import { addStored, sizeOf, valuesAtRanks } from "./histogram";
import { BUCKET_FACTOR, FIRST_BUCKET_SECONDS } from "./rollup";
import { compare, medianRanks, rateInterval, shareInterval } from "./statistics";

const bucketOf = (seconds: number) => (seconds < FIRST_BUCKET_SECONDS ? 0 : Math.floor(Math.log(seconds) / Math.log(BUCKET_FACTOR)));

function stored(values: number[]): [number[], number[]] {
  const counts = new Map<number, number>();
  for (const value of values) counts.set(bucketOf(value), (counts.get(bucketOf(value)) ?? 0) + 1);
  return [[...counts.keys()], [...counts.values()]];
}

test("a percentile read from histograms, added up in any parts, is off by 2.5 % at most", () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: FIRST_BUCKET_SECONDS, max: 40_000_000 }), { minLength: 1, maxLength: 300 }),
      fc.integer({ min: 0, max: 300 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (values, cut, share) => {
        const histogram = new Map<number, number>();
        addStored(histogram, ...stored(values.slice(0, cut)));
        addStored(histogram, ...stored(values.slice(cut)));
        const rank = Math.floor(share * (values.length - 1));
        const exact = [...values].sort((a, b) => a - b)[rank] ?? 0;
        expect(sizeOf(histogram)).toBe(values.length);
        expect(Math.abs((valuesAtRanks(histogram, [rank])[0] ?? 0) - exact) / exact).toBeLessThanOrEqual(0.0255);
      },
    ),
  );
});

test("an empty histogram has no percentile", () => {
  expect(valuesAtRanks(new Map(), [0])).toEqual([null]);
});

test("better and worse follow the measure's good direction; what the intervals cannot tell apart is chance", () => {
  const at = (value: number, half: number) => ({ value, low: value - half, high: value + half });
  expect(compare(at(10, 1), at(20, 1), true)).toBe("better");
  expect(compare(at(20, 1), at(10, 1), true)).toBe("worse");
  expect(compare(at(20, 1), at(10, 1), false)).toBe("better");
  expect(compare(at(10, 8), at(14, 8), true)).toBe("within-chance");
  expect(compare(at(10, 0), at(10, 0), true)).toBe("within-chance");
});

test("intervals hold their value and stay in range", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 5_000 }), fc.integer({ min: 1, max: 5_000 }), (part, more) => {
      const share = shareInterval(part, part + more);
      expect(share.low).toBeGreaterThanOrEqual(-1e-9);
      expect(share.high).toBeLessThanOrEqual(1 + 1e-9);
      expect(share.low - 1e-9 <= share.value && share.value <= share.high + 1e-9).toBe(true);
      const rate = rateInterval(part, more);
      expect(rate.low <= rate.value + 1e-9 && rate.value <= rate.high).toBe(true);
      const ranks = medianRanks(more);
      expect(ranks.low).toBeGreaterThanOrEqual(0);
      expect(ranks.high).toBeLessThan(more);
    }),
  );
});
