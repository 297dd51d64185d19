import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bandOf, npsChange, npsOf } from "./nps";

const bands = (promoters: number, passives: number, detractors: number) => ({ promoters, passives, detractors });

describe("the score", () => {
  // Worked by hand from the formula: centre ± margin, in percent.
  it.each([
    [bands(3, 1, 1), { value: 40, low: -30, high: 80, n: 5 }],
    [bands(5, 1, 4), { value: 10, low: -41, high: 56, n: 10 }],
    [bands(55, 36, 27), { value: 24, low: 9, high: 37, n: 118 }],
    [bands(0, 0, 8), { value: -100, low: -100, high: -39, n: 8 }],
    [bands(0, 4, 0), { value: 0, low: -34, high: 34, n: 4 }],
  ])("of %j is %j", (given, expected) => {
    expect(npsOf(given)).toEqual(expected);
  });

  it("is nothing without answers", () => expect(npsOf(bands(0, 0, 0))).toBeNull());

  it("stays within its interval's limits, and the interval shrinks with more answers", () => {
    const some = fc.record({ promoters: fc.nat(200), passives: fc.nat(200), detractors: fc.nat(200) }).filter((b) => b.promoters + b.passives + b.detractors > 4);
    fc.assert(
      fc.property(some, (one) => {
        const few = npsOf(one);
        const many = npsOf(bands(one.promoters * 10, one.passives * 10, one.detractors * 10));
        return few !== null && many !== null && few.low >= -100 && few.high <= 100 && few.low <= few.high && many.high - many.low <= few.high - few.low;
      }),
    );
  });
});

it("sorts answers into bands at 7 and 9", () => {
  expect([0, 6, 7, 8, 9, 10].map(bandOf)).toEqual(["detractors", "detractors", "passives", "passives", "promoters", "promoters"]);
});

it("a change counts only when chance does not explain it", () => {
  expect(npsChange(bands(10, 5, 5), bands(12, 4, 4))).toBe("within-chance");
  expect(npsChange(bands(20, 40, 60), bands(60, 40, 20))).toBe("better");
  expect(npsChange(bands(60, 40, 20), bands(20, 40, 60))).toBe("worse");
});
