import { describe, expect, it } from "vitest";
import { z } from "zod";
import { isDomainError } from "./errors";
import { parseYaml, parseYamlAs } from "./yaml";

function refusal(run: () => unknown): { message: string; fields: { path: string; message: string }[] } {
  try {
    run();
  } catch (error) {
    if (isDomainError(error)) return error;
    throw error;
  }
  throw new Error("nothing was refused");
}

const aliasFlood = ["a: &a [x,x,x,x,x,x,x,x,x]", ...[..."bcdefghi"].map((key, at) => `${key}: &${key} [${Array(9).fill(`*${"abcdefgh"[at]}`)}]`)].join("\n");

const BOMBS: Record<string, string> = {
  "20,000 open brackets": "[".repeat(20_000),
  "a million open brackets": "[".repeat(1_000_000),
  "open brackets on lines of their own": "[\n".repeat(300_000),
  "balanced brackets": "[".repeat(5_000) + "]".repeat(5_000),
  "open braces": "{a: ".repeat(200_000),
  "dashes on one line": `${"- ".repeat(400_000)}x`,
  "question marks on one line": `${"? ".repeat(400_000)}x`,
  "1,300 indented maps": Array.from({ length: 1_300 }, (_, depth) => `${" ".repeat(depth)}a:`).join("\n"),
  "alias flood": aliasFlood,
  "100 aliases": `a: &a 1\n${Array.from({ length: 100 }, (_, n) => `b${n}: *a`).join("\n")}`,
  "60,000 keys": Array.from({ length: 60_000 }, (_, n) => `k${n}: 1`).join("\n"),
  "400,000 list entries": `[${"1,".repeat(400_000)}1]`,
  "400,000 comments": "#\n".repeat(400_000),
  "more than a megabyte": `a: ${"x".repeat(1024 * 1024)}`,
  "endless quoted text": `"${"a\\n".repeat(300_000)}`,
};

describe("parseYaml", () => {
  it.each(Object.entries(BOMBS))("refuses %s quickly", (_name, text) => {
    const before = process.memoryUsage().heapUsed;
    const started = performance.now();
    expect(refusal(() => parseYaml(text, "bomb.yaml")).message).toContain("bomb.yaml");
    expect(performance.now() - started).toBeLessThan(5_000);
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(150 * 1024 * 1024);
  });

  it.each([
    ["a custom tag", "a: 1\nb: !!js/function 'x'", "line 2"],
    ["a binary tag", "a: !!binary aGk=", "line 1"],
    ["a directive", "%YAML 1.1\n---\na: yes", "line 1"],
    ["a reserved key", "a: 1\nb:\n  __proto__: { polluted: true }", "line 3"],
    ["a repeated key", "a: 1\nb: 2\na: 3", "line 3"],
    ["a map as key", "{a: 1}: b", "line 1"],
    ["a second document", "a: 1\n---\nb: 2", "line 2"],
    ["a syntax error", "a: 1\nb: [1, 2", "line"],
    ["nothing", "", "empty"],
  ])("refuses %s and says where", (_name, text, where) => {
    expect(refusal(() => parseYaml(text, "x.yaml")).message).toContain(where);
  });

  it("keeps plain values and finds their lines", () => {
    const source = parseYaml("a:\n  b:\n    - 1\n    - two\n  c: &anchor yes\nd: *anchor\n", "x.yaml");
    expect(source.data).toEqual({ a: { b: [1, "two"], c: "yes" }, d: "yes" });
    expect(source.lineOf(["a", "b", 1])).toBe(4);
    expect(source.lineOf(["a", "c"])).toBe(5);
    expect(source.lineOf(["a", "missing", "deeper"])).toBe(2);
  });

  it("reads text blocks with deep indentation and brackets", () => {
    const code = "if (a) {\n  b([[[{ '${{ x }}' }]]]);\n}\n";
    const indented = code
      .split("\n")
      .map((line) => `  ${line}`)
      .join("\n");
    expect(parseYaml(`code: |\n${indented}`, "x.yaml").data).toEqual({ code });
  });
});

describe("parseYamlAs", () => {
  const schema = z.object({ spec: z.object({ steps: z.array(z.object({ action: z.string() })) }) });

  it("returns what the schema gives", () => {
    expect(parseYamlAs(schema, "spec: { steps: [{ action: a }] }", "x.yaml").spec.steps[0]?.action).toBe("a");
  });

  it("names path and line of each problem", () => {
    const { message, fields } = refusal(() => parseYamlAs(schema, "spec:\n  steps:\n    - action: a\n    - action: 3\n    - name: x\n", "x.yaml"));
    expect(message).toContain("x.yaml: spec.steps.1.action: Line 4");
    expect(fields.map((field) => field.path)).toEqual(["spec.steps.1.action", "spec.steps.2.action"]);
    expect(fields[1]?.message).toContain("Line 5");
  });
});
