import assert from "node:assert/strict";
import { test } from "node:test";
import { greetingFor } from "../../lib/greeting.js";

test("a name is greeted without its blanks", () => assert.deepEqual(greetingFor("  Ada "), { text: "Hello, Ada!" }));

for (const [name, value] of [["nothing", undefined], ["blanks", "  "], ["a number", 5], ["too much", "x".repeat(81)], ["a NUL character", "a\0b"]]) {
  test(`${name} is refused with what to do`, () => assert.ok(greetingFor(value).problem.length > 10));
}
