import { describe, expect, it } from "vitest";
import { isDomainError } from "@/lib/core/errors";
import { pagesOf, parseDefinition, readDefinition, summarize } from "./definition";

const WHOLE = `apiVersion: scaffolder.backstage.io/v1beta3
kind: Template
metadata:
  name: node-express
  title: Node service
  description: A service.
  tags: [node, express]
  annotations:
    waymark.dev/version: "1.2.0"
    backstage.io/techdocs-ref: dir:.
  links:
    - url: https://example.com
spec:
  owner: platform
  type: service
  lifecycle: production
  parameters:
    - title: One
      required: [name]
      properties:
        name: { type: string, pattern: "^[a-z]+$", ui:autofocus: true }
    - title: Two
      properties:
        size: { type: integer }
  steps:
    - id: fetch
      action: fetch:template
      input: { url: ./skeleton }
    - action: debug:log
      if: \${{ parameters.size }}
      each: [a, b]
      continueOnFailure: true
`;

function problem(text: string): string {
  try {
    parseDefinition(text);
  } catch (error) {
    if (isDomainError(error)) return [error.message, ...error.fields.map((field) => `${field.path}: ${field.message}`)].join(" | ");
    throw error;
  }
  return "accepted";
}

describe("parseDefinition", () => {
  it("reads a template and keeps what it does not know", () => {
    const definition = parseDefinition(WHOLE);
    expect(definition.metadata.links).toEqual([{ url: "https://example.com" }]);
    expect(definition.spec.lifecycle).toBe("production");
    expect(definition.spec.steps[1]).toMatchObject({ each: ["a", "b"], continueOnFailure: true, if: `\${{ parameters.size }}` });
    expect(readDefinition(JSON.parse(JSON.stringify(definition)))).toEqual(definition);
  });

  it("summarizes for lists", () => {
    expect(summarize(parseDefinition(WHOLE))).toEqual({
      name: "node-express",
      title: "Node service",
      description: "A service.",
      tags: ["node", "express"],
      ownerRef: "group:default/platform",
      version: "1.2.0",
      concepts: ["name", "size"],
      isInternal: false,
    });
  });

  it.each([
    ["group:default/platform", "group:default/platform"],
    ["Team-A", "group:default/team-a"],
    ["user:jane", "user:default/jane"],
    ["other/team", "group:other/team"],
  ])("understands the owner %s", (owner, ref) => {
    expect(summarize(parseDefinition(WHOLE.replace("owner: platform", `owner: ${owner}`))).ownerRef).toBe(ref);
  });

  it("takes a single page as one page, and no page as none", () => {
    const single = parseDefinition(WHOLE.replace(/parameters:[\s\S]*?steps:/, "parameters: { properties: { a: { type: string } } }\n  steps:"));
    expect(pagesOf(single)).toHaveLength(1);
    expect(pagesOf(parseDefinition(WHOLE.replace(/ {2}parameters:[\s\S]*? {2}steps:/, "  steps:")))).toEqual([]);
  });

  it.each([
    ["another version", WHOLE.replace("v1beta3", "v1beta2"), "Line 1: expected scaffolder.backstage.io/v1beta3"],
    ["another kind", WHOLE.replace("kind: Template", "kind: Component"), "Line 2: expected Template"],
    ["a name with spaces", WHOLE.replace("name: node-express", "name: node express"), "Line 4: expected letters, digits and hyphens"],
    ["a name that climbs", WHOLE.replace("name: node-express", "name: ../x"), "metadata.name"],
    ["an annotation that is a number", WHOLE.replace('"1.2.0"', "1.2"), "Line 9: expected text; put it in quotes"],
    ["no steps", WHOLE.replace(/ {2}steps:[\s\S]*/, "  steps: []\n"), "add at least one step"],
    ["a step without an action", WHOLE.replace("action: fetch:template", "name: x"), "spec.steps.0.action: Line 26"],
    ["an id with a slash", WHOLE.replace("id: fetch", "id: a/b"), "Line 26: expected letters"],
    ["two steps with one id", WHOLE.replace("- action: debug:log", "- id: fetch\n      action: debug:log"), "two steps have the id fetch"],
    ["a broken pattern", WHOLE.replace("^[a-z]+$", "^[a-z+$"), "spec.parameters.0.properties.name.pattern"],
    ["a very long pattern", WHOLE.replace("^[a-z]+$", "a".repeat(201)), "longer than 200 characters"],
    ["a schema from elsewhere", WHOLE.replace("type: integer", "$ref: https://example.com/schema.json"), "only references within the file"],
    ["a huge form", WHOLE.replace("type: integer", `type: integer, description: ${"x".repeat(70_000)}`), "larger than 64 kB"],
    ["a deep form", WHOLE.replace("type: integer", `allOf: ${"[{ allOf: ".repeat(12)}[]${"}]".repeat(12)}`), "nested deeper than 20"],
    ["a skeleton that is not rendered", `metadata:\n  name: \${{ values.name }}\n{%- if values.x %}\n  title: x\n`, "template.yaml, line 3"],
  ])("refuses %s and says where", (_name, text, expected) => {
    expect(problem(text)).toContain(expected);
  });

  it("refuses a stored definition that was damaged", () => {
    expect(() => readDefinition({ apiVersion: "x" })).toThrow(/damaged/);
  });
});
