import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { CHECK_STATES, EFFORTS } from "./contract";
import { counts, levelOf, missingForNext, type Standing } from "./levels";

const LEVELS = ["bronze", "silver", "gold"];
const standing = fc.record({
  id: fc.string({ minLength: 1, maxLength: 8 }),
  level: fc.constantFrom(...LEVELS),
  state: fc.constantFrom(...CHECK_STATES),
  lastKnown: fc.constantFrom("pass" as const, "fail" as const, null),
  effort: fc.constantFrom(...EFFORTS),
});
const standings = fc.array(standing, { maxLength: 20 });

describe("a level", () => {
  test("is reached exactly when everything of it and below counts", () => {
    fc.assert(
      fc.property(standings, (checks) => {
        const level = levelOf(LEVELS, checks);
        const upTo = (n: number) => checks.filter((check) => LEVELS.indexOf(check.level) < n).every(counts);
        expect(upTo(level)).toBe(true);
        if (level < LEVELS.length) expect(upTo(level + 1)).toBe(false);
      }),
    );
  });

  test("does not depend on the order of checks, and never falls when one more counts", () => {
    fc.assert(
      fc.property(standings, fc.nat(), (checks, at) => {
        expect(levelOf(LEVELS, [...checks].reverse())).toBe(levelOf(LEVELS, checks));
        const better = checks.map((check, index): Standing => (index === at % Math.max(1, checks.length) ? { ...check, state: "pass" } : check));
        expect(levelOf(LEVELS, better)).toBeGreaterThanOrEqual(levelOf(LEVELS, checks));
      }),
    );
  });

  test("is the same while sources of what was known are down", () => {
    fc.assert(
      fc.property(
        fc.array(standing.map((check) => ({ ...check, state: check.lastKnown ?? ("exempt" as const) }))),
        fc.array(fc.boolean(), { minLength: 20, maxLength: 20 }),
        (checks, down) => {
          const unknown = checks.map((check, index): Standing => (down[index] && check.lastKnown ? { ...check, state: "unknown" } : check));
          expect(levelOf(LEVELS, unknown)).toBe(levelOf(LEVELS, checks));
        },
      ),
    );
  });

  test("what is missing is of the next level alone, the cheapest first, and passing it all reaches that level", () => {
    fc.assert(
      fc.property(standings, (checks) => {
        const missing = missingForNext(LEVELS, checks);
        const level = levelOf(LEVELS, checks);
        expect(missing.length > 0).toBe(level < LEVELS.length);
        const efforts = missing.map(({ effort }) => EFFORTS.indexOf(effort));
        expect(efforts).toEqual([...efforts].sort());
        const done = checks.map((check) => (missing.includes(check) ? { ...check, state: "pass" as const } : check));
        expect(levelOf(LEVELS, done)).toBeGreaterThan(level - Number(level === LEVELS.length));
      }),
    );
  });
});
