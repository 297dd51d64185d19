import fc from "fast-check";
import { expect, it } from "vitest";
import { byteSize } from "./format";

it.each([
  [0, "0 B"],
  [999, "999 B"],
  [1_000, "1.0 kB"],
  [12_345, "12 kB"],
  [3_400_000, "3.4 MB"],
  [999_999, "1000 kB"],
  [41_000_000_000, "41 GB"],
  [2e15, "2000 TB"],
])("%d bytes are %s", (bytes, words) => {
  expect(byteSize(bytes)).toBe(words);
});

it("is within a twentieth of what it says", () => {
  const factor: Record<string, number> = { B: 1, kB: 1e3, MB: 1e6, GB: 1e9, TB: 1e12 };
  fc.assert(
    fc.property(fc.nat({ max: 2 ** 53 - 1 }), (bytes) => {
      const [value, unit] = byteSize(bytes).split(" ");
      expect(Math.abs(Number(value) * (factor[unit ?? ""] ?? 0) - bytes)).toBeLessThanOrEqual(bytes * 0.05 + 0.5);
    }),
  );
});
