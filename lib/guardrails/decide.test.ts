import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Outcome as Answer } from "@/lib/core/cel/cel";
import { fieldErrors, outcomeOf, type Rule, resultOf, warningsOf } from "./decide";
import { momentOf } from "./document";

const ruleOf = (name: string, effect: "refuse" | "warn", more: Partial<Rule> = {}): Rule => ({
  name,
  revision: 1,
  exception: null,
  keeper: null,
  definition: { title: name, why: "So.", abilities: ["environment.create"], teams: [], condition: "true", effect, message: `${name} minds.`, fix: "Do less.", examples: [] },
  ...more,
});
const EXCEPTION = { id: "gre_1", reason: "Later.", until: "2027-01-01T00:00:00.000Z" };

const answer: fc.Arbitrary<Answer | undefined> = fc.constantFrom<Answer | undefined>(
  true,
  false,
  { missing: ["request", "ttlHours"] },
  { because: "It takes too long." },
  undefined,
);
const asked = fc.array(fc.record({ name: fc.stringMatching(/^[a-z]{3,8}$/), effect: fc.constantFrom("refuse" as const, "warn" as const), answer, excepted: fc.boolean() }), {
  maxLength: 12,
});

type Asked = { name: string; effect: "refuse" | "warn"; answer: Answer | undefined; excepted: boolean };
const resultsOf = (all: Asked[]) => all.map((one) => resultOf(ruleOf(one.name, one.effect, { exception: one.excepted ? EXCEPTION : null }), one.answer, "submit"));

describe("what guardrails come to", () => {
  test("does not hang on their order", () => {
    fc.assert(
      fc.property(asked, fc.infiniteStream(fc.nat()), (all, picks) => {
        const shuffled = [...all];
        for (let at = shuffled.length - 1; at > 0; at -= 1) {
          const other = (picks.next().value as number) % (at + 1);
          [shuffled[at], shuffled[other]] = [shuffled[other] as Asked, shuffled[at] as Asked];
        }
        expect(outcomeOf(resultsOf(shuffled))).toBe(outcomeOf(resultsOf(all)));
        expect(
          fieldErrors(resultsOf(shuffled))
            .map(({ message }) => message)
            .sort(),
        ).toEqual(
          fieldErrors(resultsOf(all))
            .map(({ message }) => message)
            .sort(),
        );
      }),
    );
  });

  test("does not hang on how many pass beside them", () => {
    fc.assert(
      fc.property(asked, fc.nat(20), (all, passing) => {
        const more = Array.from({ length: passing }, (_, index) => ({ name: `pass${index}`, effect: "refuse" as const, answer: true as const, excepted: false }));
        expect(outcomeOf(resultsOf([...all, ...more]))).toBe(outcomeOf(resultsOf(all)));
        expect(warningsOf(resultsOf([...all, ...more]))).toEqual(warningsOf(resultsOf(all)));
      }),
    );
  });

  test("is refused as soon as one refuses, whatever others warn; only a clear yes or an exception lets through", () => {
    fc.assert(
      fc.property(asked, (all) => {
        const open = all.filter(({ excepted, answer: said }) => !excepted && said !== true);
        const expected = open.some(({ effect }) => effect === "refuse") ? "refused" : open.length > 0 ? "warned" : "allowed";
        expect(outcomeOf(resultsOf(all))).toBe(expected);
      }),
    );
  });
});

describe("one guardrail", () => {
  test("that refuses and cannot be evaluated refuses, and says whom to ask", () => {
    expect(resultOf(ruleOf("ttl", "refuse", { keeper: "Pat" }), { because: "It takes too long." }, "submit")).toMatchObject({
      verdict: "refuses",
      message: "It could not be evaluated. It takes too long.",
      fix: "Ask Pat or a platform admin to put the guardrail right.",
    });
    expect(resultOf(ruleOf("ttl", "warn"), { missing: ["request", "ttlHours"] }, "submit")).toMatchObject({ verdict: "warns", undecided: "request.ttlHours is not known." });
  });

  test("waits for what is still being typed, and does not wait for what is broken", () => {
    expect(resultOf(ruleOf("ttl", "refuse"), { missing: ["request", "ttlHours"] }, "early").verdict).toBe("open");
    expect(resultOf(ruleOf("ttl", "refuse"), { because: "It takes too long." }, "early").verdict).toBe("refuses");
    expect(resultOf(ruleOf("ttl", "refuse"), false, "early").verdict).toBe("refuses");
  });
});

describe("the moment of a request", () => {
  test.each([
    ["2026-11-27T22:30:00Z", "UTC", { hour: 22, minute: 30, weekday: "friday", date: "2026-11-27" }],
    ["2026-11-27T23:30:00Z", "Europe/Berlin", { hour: 0, minute: 30, weekday: "saturday", date: "2026-11-28" }],
    ["2026-11-27T00:00:00Z", "UTC", { hour: 0, minute: 0, weekday: "friday", date: "2026-11-27" }],
    ["2026-03-29T01:30:00Z", "Europe/Berlin", { hour: 3, minute: 30, weekday: "sunday", date: "2026-03-29" }],
    ["2026-11-27T05:00:00Z", "America/Los_Angeles", { hour: 21, minute: 0, weekday: "thursday", date: "2026-11-26" }],
  ])("%s in %s", (at, zone, expected) => expect(momentOf(new Date(at), zone)).toEqual(expected));
});
