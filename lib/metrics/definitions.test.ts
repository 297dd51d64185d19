import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { DEFINITIONS, MEASURES, METRICS } from "./definitions";

const docs = readFileSync("docs/metrics.md", "utf8");

test.each(METRICS)("the documentation has the formula of %s word for word", (name) => {
  expect(docs).toContain(`| \`${name}\` | ${DEFINITIONS[name].title} | ${DEFINITIONS[name].formula} |`);
});

test("what can be added is what the page does not show anyway", () => {
  expect(METRICS.filter((name) => !(MEASURES as readonly string[]).includes(name))).toEqual(["lead-time", "deployment-frequency"]);
});
