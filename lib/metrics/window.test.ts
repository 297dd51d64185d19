import fc from "fast-check";
import { expect, test } from "vitest";
import { outcome } from "@/tests/setup/people";
import { addDays, bucketsOf, dayOf, daysBetween, previousOf, startOfDay, windowOf } from "./window";

const BERLIN = "Europe/Berlin";
const hours = (from: string, to: string, zone: string) => (startOfDay(to, zone).getTime() - startOfDay(from, zone).getTime()) / 3_600_000;

test("a week with a change to or from summer time has 167 or 169 hours", () => {
  expect(hours("2026-03-23", "2026-03-30", BERLIN)).toBe(167);
  expect(hours("2026-10-19", "2026-10-26", BERLIN)).toBe(169);
  expect(startOfDay("2026-03-29", BERLIN).toISOString()).toBe("2026-03-28T23:00:00.000Z");
  expect(startOfDay("2026-03-30", BERLIN).toISOString()).toBe("2026-03-29T22:00:00.000Z");
});

test("a moment shortly before midnight belongs to the organisation's day, not to UTC's", () => {
  expect(dayOf(new Date("2026-03-01T23:30:00Z"), BERLIN)).toBe("2026-03-02");
  expect(dayOf(new Date("2026-03-01T23:30:00Z"), "America/New_York")).toBe("2026-03-01");
});

test("every moment lies in the day that it is said to lie in", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: Date.UTC(2015, 0, 1), max: Date.UTC(2035, 0, 1) }),
      fc.constantFrom("UTC", BERLIN, "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe"),
      (ms, zone) => {
        const day = dayOf(new Date(ms), zone);
        expect(startOfDay(day, zone).getTime()).toBeLessThanOrEqual(ms);
        expect(startOfDay(addDays(day, 1), zone).getTime()).toBeGreaterThan(ms);
      },
    ),
  );
});

test("buckets cover the window without gap; those that reach beyond it or beyond today are partial", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 800 }), fc.integer({ min: 1, max: 400 }), fc.constantFrom("day" as const, "week" as const, "month" as const), (start, length, grain) => {
      const from = addDays("2025-01-01", start);
      const window = { from, to: addDays(from, length), timeZone: "UTC" };
      const buckets = bucketsOf(window, grain, "2026-06-17");
      expect((buckets[0]?.from ?? "") <= window.from).toBe(true);
      expect((buckets.at(-1)?.to ?? "") >= window.to).toBe(true);
      for (const [index, bucket] of buckets.entries()) {
        expect(bucket.to).toBe(buckets[index + 1]?.from ?? bucket.to);
        expect(bucket.partial).toBe(bucket.from < window.from || bucket.to > window.to || bucket.to > "2026-06-17");
      }
      expect(daysBetween(previousOf(window).from, previousOf(window).to)).toBe(length);
    }),
  );
});

test("left out, the window is 52 whole weeks and the one in progress", () => {
  const window = windowOf({}, new Date("2026-11-26T14:00:00Z"), "UTC");
  expect(window).toEqual({ from: "2025-11-24", to: "2026-11-27", timeZone: "UTC" });
  expect(bucketsOf(window, "week", "2026-11-26").filter((bucket) => bucket.partial)).toHaveLength(1);
});

test("times are rounded outward to whole days; an end at midnight is exclusive", () => {
  const now = new Date("2026-11-26T14:00:00Z");
  expect(windowOf({ from: "2026-03-02T08:00:00Z", to: "2026-03-09T00:00:00Z" }, now, "UTC")).toMatchObject({ from: "2026-03-02", to: "2026-03-09" });
  expect(windowOf({ from: "2026-03-02", to: "2026-03-08T10:00:00Z" }, now, "UTC")).toMatchObject({ to: "2026-03-09" });
});

test.each([
  [{ from: "yesterday" }],
  [{ from: "2026-02-30" }],
  [{ from: "NaN", to: "NaN" }],
  [{ from: "2026-03-09", to: "2026-03-02" }],
  [{ from: "1970-01-02", to: "2026-03-02" }],
  [{ from: "9999-12-31" }],
  [{ from: "2026-03-02T00:00:00" }],
])("%j is no window", async (given) => {
  expect(await outcome(Promise.resolve().then(() => windowOf(given, new Date("2026-11-26T14:00:00Z"), "UTC")))).toBe("invalid");
});
