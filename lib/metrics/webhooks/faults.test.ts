import fc from "fast-check";
import { expect, it } from "vitest";
import { z } from "zod";
import { faultsInWords } from "./faults";
import { Sha, Time } from "./read";

const said = (schema: z.ZodType, value: unknown) => faultsInWords(schema.safeParse(value).error as z.ZodError);

it.each([
  [z.object({ a: z.object({ b: z.string() }) }), { a: {} }, "“a.b” is missing; it has to be a text."],
  [z.object({ a: z.string() }), { a: null }, "“a” is empty; it has to be a text."],
  [z.object({ a: z.number() }), { a: "7" }, "“a” is a text; it has to be a number."],
  [z.object({ a: z.array(z.object({ b: z.boolean() })) }), { a: [{ b: true }, { b: 1 }] }, "“a.1.b” is a number; it has to be true or false."],
  [z.object({}), [], "The message is a list; it has to be an object."],
  [z.object({ a: z.enum(["open", "closed"]) }), { a: "x" }, "“a” has to be one of open, closed."],
  [z.object({ a: z.literal("4") }), { a: "5" }, "“a” has to be 4."],
  [z.object({ a: z.string().max(3) }), { a: "long" }, "“a” is too long; at most 3 characters."],
  [z.object({ a: z.number().min(1) }), { a: 0 }, "“a” is too small; at least 1."],
  [z.strictObject({}), { b: 1 }, "The message has the unknown field “b”."],
  [z.object({ a: Sha }), { a: "v1.2" }, "“a”: A git hash is expected, 7 to 64 characters 0-9 and a-f."],
  [z.object({ a: Time }), { a: "yesterday" }, "“a”: A time is expected, for example 2026-03-02T08:00:00Z."],
  [z.object({ a: z.string(), b: z.string(), c: z.string(), d: z.string() }), {}, expect.stringMatching(/“c” is missing; it has to be a text\. 1 more\.$/)],
])("%#: says which field and what was expected", (schema, value, sentence) => {
  expect(said(schema, value)).toEqual(sentence);
});

it("never uses the words of a library or of a parser, whatever was sent", () => {
  const Anything = z.object({ sha: Sha, at: Time, n: z.number().int(), list: z.array(z.string().min(2)).max(1), one: z.enum(["a", "b"]), none: z.union([z.string(), z.number()]) });
  fc.assert(
    fc.property(
      fc.oneof(fc.anything(), fc.record({ sha: fc.anything(), at: fc.anything(), n: fc.anything(), list: fc.array(fc.anything()), one: fc.string(), none: fc.anything() })),
      (value) => {
        const parsed = Anything.safeParse(value);
        if (parsed.success) return;
        const text = faultsInWords(parsed.error);
        expect(text).not.toMatch(/Invalid input|expected \w+, received|undefined|NaN|regex|pattern|>=|<=/);
        expect(text.endsWith(".")).toBe(true);
      },
    ),
  );
  expect(faultsInWords(new SyntaxError("Unexpected token < in JSON at position 0"))).toBe("The body is no JSON.");
});
