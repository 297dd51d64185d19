import { describe, expect, it } from "vitest";
import { isDomainError } from "@/lib/core/errors";
import { evaluateJsonata } from "./jsonata";

const never = new AbortController().signal;
const evaluate = (expression: string, data: unknown = {}) => evaluateJsonata(expression, data, never);
const DATA = {
  orders: [
    { id: "a", price: 3 },
    { id: "b", price: 4 },
  ],
  owner: { name: "Ada" },
};

const DEADLINE_MS = 1_000;

async function refusal(expression: string, data?: unknown): Promise<string> {
  try {
    return `gave ${JSON.stringify(await evaluateJsonata(expression, data, never, DEADLINE_MS))?.slice(0, 200)}`;
  } catch (error) {
    if (isDomainError(error) && error.code === "invalid") return error.message;
    throw error;
  }
}

describe("a JSONata expression", () => {
  it.each<[string, unknown]>([
    ["$sum(orders.price)", 7],
    ["orders[price > 3].id", "b"],
    ["orders.id", ["a", "b"]],
    ['{"who": $uppercase(owner.name)}', { who: "ADA" }],
    ["nothing.here", null],
    [
      "orders ~> |$|{'price': price * 2}|",
      [
        { id: "a", price: 6 },
        { id: "b", price: 8 },
      ],
    ],
    ["function($x) { $x }", null],
  ])("%s", async (expression, wanted) => {
    expect(await evaluate(expression, DATA)).toEqual(wanted);
  });

  it("does not reach the machine, and leaves nothing behind", async () => {
    for (const expression of ["constructor", "$.constructor", "__proto__", "owner.__proto__.constructor", "process", "globalThis", "$sum.constructor", "owner.toString"])
      expect(await evaluate(expression, DATA)).toBeNull();
    const polluting = '$merge([owner, {"__proto__": {"polluted": true}, "constructor": {"prototype": {"polluted": true}}}])';
    expect(await evaluate(polluting, DATA)).toEqual({ name: "Ada" });
    expect(await evaluate('$ ~> |__proto__|{"polluted": true}|', DATA)).toEqual(DATA);
    expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
    expect(await evaluate("polluted", {})).toBeNull();
  });

  it.each([
    ["one of 10^8 rounds", "$sum([1..10000].( $x := $; [1..10000].($x * $) ))"],
    ["a loop without end", "( $f := function($n) { $f($n + 1) }; $f(0) )"],
    ["a recursion without end", "( $f := function($n) { 1 + $f($n + 1) }; $f(0) )"],
    ["nested without end", `${"(".repeat(9_000)}1${")".repeat(9_000)}`],
    ["text that doubles", "( $f := function($t) { $f($t & $t) }; $f('xxxxxxxxxxxxxxxx') )"],
    ["a result too large", "[1..1000000]"],
    ["a slow pattern", `$match("${"a".repeat(40)}b", /^(a+)+$/)`],
    ["too long", `"${"x".repeat(20_001)}"`],
  ])(
    "%s is refused in time",
    async (_, expression) => {
      const begun = performance.now();
      expect(await refusal(expression)).toMatch(/cannot be evaluated|longer than 20,000/);
      expect(performance.now() - begun).toBeLessThan(40_000);
    },
    30_000,
  );

  it("says what is wrong with one that cannot be read", async () => {
    expect(await refusal("orders[")).toContain("cannot be evaluated");
    expect(await refusal("$nothing()")).toContain("cannot be evaluated");
    expect(await refusal("[1,2,3] + 'x'")).toContain("cannot be evaluated");
  });

  it("ends with the run", async () => {
    const stop = new AbortController();
    const working = evaluateJsonata("( $f := function($n) { $f($n + 1) }; $f(0) )", {}, stop.signal);
    setTimeout(() => stop.abort(new Error("cancelled")), 300);
    await expect(working).rejects.toThrow("cancelled");
  });
});
