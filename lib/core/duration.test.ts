import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { formatDuration, parseDuration } from "./duration";

describe("durations", () => {
  test.each([
    ["1m", 1],
    ["90m", 90],
    ["48h", 2880],
    ["7d", 10080],
    [" 30m ", 30],
  ])("%j is %i minutes", (text, minutes) => {
    expect(parseDuration(text)).toBe(minutes);
  });

  test.each(["", "0", "0m", "-1h", "+1h", "abc", "1.5h", "1e3h", "48", "48H", "1w", "h", "1 h", "1h1m", "9999999d", "١h", "1h\n2", "Infinityd"])(
    "%j is refused with what to write",
    (text) => {
      expect(() => parseDuration(text)).toThrow(/is not a duration\. Use a number above 0 and m, h or d: for example 30m, 48h or 7d\./);
    },
  );

  test("what is formatted reads back as the same minutes", () => {
    expect([2880, 10080, 90, 60, 1440].map(formatDuration)).toEqual(["48h", "7d", "90m", "1h", "24h"]);
    fc.assert(fc.property(fc.integer({ min: 1, max: 999_999 }), (minutes) => parseDuration(formatDuration(minutes)) === minutes));
  });
});
