import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readFacts, writeFacts } from "./fact-lines";

describe("facts of an example", () => {
  test("are a line each", () => {
    expect(readFacts('request.ttlHours = 48\n\nrequest.tier= sandbox\nactor.isOwner =true\nrequest.values.size = "72"\nrequest.ref =')).toEqual({
      facts: { "request.ttlHours": 48, "request.tier": "sandbox", "actor.isOwner": true, "request.values.size": "72", "request.ref": "" },
      problem: null,
    });
  });

  test.each([
    ["request.tier", "Line 1: write a fact and its value, such as request.ttlHours = 48."],
    ["a = 1\n= 2", "Line 2: write a fact and its value, such as request.ttlHours = 48."],
    ["a = 1\na = 2", "Line 2: a is given twice."],
    ['a = "1', "Line 1: the quotes do not match."],
  ])("%s is told at its line", (text, problem) => expect(readFacts(text).problem).toBe(problem));

  test("say the same after they were written down", () => {
    const path = fc.stringMatching(/^[a-z]+\.[a-zA-Z]+$/);
    const value = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.boolean(),
      fc.integer(),
      fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e15, max: 1e15 }).map((n) => Math.round(n * 1000) / 1000),
    );
    fc.assert(
      fc.property(fc.dictionary(path, value, { noNullPrototype: true }), (facts) => {
        const plain = Object.fromEntries(Object.entries(facts).map(([key, one]) => [key, Object.is(one, -0) ? 0 : one]));
        expect(readFacts(writeFacts(plain))).toEqual({ facts: plain, problem: null });
      }),
    );
  });
});
