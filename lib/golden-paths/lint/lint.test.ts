// biome-ignore-all lint/suspicious/noTemplateCurlyInString: template code under test
import { afterAll, describe, expect, it } from "vitest";
import type { TemplateFiles } from "../archive";
import { Renderer } from "../engine/renderer";
import { readPathFolder } from "../engine/template-folder";
import { isPublishable, lintFiles } from "./lint";

const thread = new Renderer(process.cwd());
afterAll(() => thread.close());

const GOOD = `apiVersion: scaffolder.backstage.io/v1beta3
kind: Template
metadata:
  name: tiny
  title: Tiny
  description: As small as possible.
  annotations:
    example.com/note: HTTP
spec:
  owner: group:default/platform
  type: service
  parameters:
    - title: Your service
      required: [name]
      properties:
        name:
          type: string
          title: Name
        size:
          type: string
          title: Size
          enum: [small, large]
          default: small
  steps:
    - id: copy
      action: fetch:template
      input:
        url: ./skeleton
        values:
          name: \${{ parameters.name }}
    - id: tell
      action: debug:log
      input:
        message: \${{ steps.copy.output }} \${{ parameters["size"] }}
`;

function files(template: string, others: Record<string, string | Buffer> = { "skeleton/README.md": "# ${{ values.name }}\n" }): TemplateFiles {
  const all = Object.entries({ "template.yaml": template, ...others });
  return new Map(all.map(([path, content]) => [path, { mode: 0o644, content: Buffer.isBuffer(content) ? content : Buffer.from(content) }]));
}

async function remarks(template: string, others?: Record<string, string | Buffer>): Promise<string[]> {
  const { findings } = await lintFiles(files(template, others), { thread, name: "tiny" });
  return findings.map(({ file, line, severity, rule, message }) => `${file}:${line} ${severity} ${rule}: ${message}`);
}

describe("lintFiles", () => {
  it("finds nothing in a good path, and outlines it", async () => {
    const result = await lintFiles(files(GOOD), { thread, name: "tiny" });
    expect(result.findings).toEqual([]);
    expect(result.concepts).toEqual(["Name", "Size"]);
    expect(result.steps.map(({ id, line }) => [id, line])).toEqual([
      ["copy", 25],
      ["tell", 31],
    ]);
    expect(result.formLine).toBe(12);
  });

  it.each(["node-express", "probe"])("lets the shipped path %s be published", async (name) => {
    const result = await lintFiles(await readPathFolder(`golden-paths/${name}`), { thread, name });
    expect(result.findings.filter(({ severity }) => severity === "error")).toEqual([]);
    expect(isPublishable(result)).toBe(true);
  });

  it.each<[name: string, change: [from: string, to: string], expected: string]>([
    ["broken YAML", ["  name: tiny", "  name: [tiny"], "template.yaml:5 error yaml"],
    ["a missing kind", ["kind: Template\n", ""], "template.yaml:1 error schema: kind: expected Template"],
    ["an action that is close", ["fetch:template", "fetch:tempalte"], "template.yaml:26 error unknown-action: There is no action fetch:tempalte. Did you mean fetch:template?"],
    ["an action that nobody has", ["debug:log", "acme:deploy"], "template.yaml:32 error unknown-action: There is no action acme:deploy. Known: "],
    ["a step that is not there", ["steps.copy", "steps.kopy"], 'template.yaml:34 error unknown-step: There is no step "kopy". Did you mean steps["copy"]?'],
    ["a step that reads itself", ["steps.copy", "steps.tell"], "template.yaml:34 error circular-step: Step tell reads its own result"],
    ["a step that comes later", ["${{ parameters.name }}", "${{ steps.tell.output }}"], "error circular-step: Steps copy and tell each need the other's result"],
    [
      "a question that is not there",
      ["parameters.name", "parameters.nmae"],
      'template.yaml:30 error unknown-parameter: The form does not ask for "nmae". Did you mean parameters.name?',
    ],
    [
      "an unknown type",
      ["          type: string\n          title: Size", "          type: sting\n          title: Size"],
      'template.yaml:20 error form-schema: There is no type "sting". Did you mean string?',
    ],
    ["a default outside the choices", ["default: small", "default: medium"], 'template.yaml:23 error form-schema: The default "medium" is none of the choices: small, large.'],
    [
      "a required question that is not asked",
      ["[name]", "[name, sise]"],
      'template.yaml:14 error form-schema: required names "sise", which the page does not ask. Did you mean size?',
    ],
    [
      "a pattern that is no expression",
      ["title: Name", "title: Name\n          pattern: '('"],
      "template.yaml:19 error form-schema: the pattern is not a valid regular expression",
    ],
    ["a question without title", ["          title: Size\n", ""], "template.yaml:19 warning no-title: size has no title: people see “size”."],
    ["a folder that is not there", ["./skeleton", "./skeletton"], "template.yaml:28 error missing-files: The golden path has no files in ./skeletton"],
    ["an address", ["./skeleton", "https://example.com/x"], "template.yaml:28 error missing-files: Only folders beside template.yaml"],
    ["a path that leaves the folder", ["url: ./skeleton", "url: ./skeleton\n        targetPath: ../../etc"], "template.yaml:29 error path-escape: "],
    [
      "an input that the action refuses",
      ["url: ./skeleton", "url: ./skeleton\n        replace: perhaps"],
      "template.yaml:29 error step-input: input.replace: expected true or false",
    ],
    ["an expression that cannot be read", ["${{ parameters.name }}", "${{ parameters.name + }}"], "template.yaml:30 error template-syntax: "],
    [
      "a filter that is not there",
      ["${{ parameters.name }}", "${{ parameters.name | shout }}"],
      'template.yaml:30 error template-syntax: Unknown template filter "shout"; did you mean "sort"?',
    ],
    ["another name", ["  name: tiny", "  name: other"], "template.yaml:4 error name: This is the path tiny"],
    ["an id that is taken", ["id: tell", "id: copy"], "template.yaml:31 error duplicate-step: The id copy is taken by step 1."],
  ])("finds %s", async (_name, [from, to], expected) => {
    expect(GOOD).toContain(from);
    const found = await remarks(GOOD.replace(from, () => to));
    expect(found.filter((line) => line.includes(expected))).toHaveLength(1);
  });

  it("finds template code that cannot be read, with its line, and values that nobody gives", async () => {
    const found = await remarks(GOOD, { "skeleton/a.js": "one\n\n{% if values.name %}\n", "skeleton/b.js": "x = 1\ny = ${{ values.nmae }}\n" });
    expect(found).toEqual([
      "skeleton/a.js:3 error template-syntax: Missing endif tag.",
      'skeleton/b.js:2 warning unknown-value: The step gives no value "nmae", so this is empty. Did you mean values.name?',
    ]);
  });

  it("leaves files alone that are copied as they are, or are no text", async () => {
    const template = GOOD.replace("url: ./skeleton", "url: ./skeleton\n        copyWithoutTemplating: ['*.yml']");
    expect(await remarks(template, { "skeleton/ci.yml": "${{ github.token ", "skeleton/logo.png": Buffer.from([0, 1, 2, 255]) })).toEqual([]);
  });

  it.each([
    ["../x", "leads out"],
    [".git/hooks/pre-commit", "git's own data"],
    ["a\\b", "backslash"],
    ["/etc/passwd", "absolute"],
    ["con", "device name"],
  ])("refuses a file called %s", async (path, why) => {
    expect((await remarks(GOOD, { "skeleton/a": "", [path]: "x" })).join()).toContain(why);
  });

  it("answers at once for 100,000 files and for texts made to be slow", async () => {
    const many = Object.fromEntries(Array.from({ length: 2_100 }, (_, index) => [`skeleton/${index}`, ""]));
    expect((await remarks(GOOD, many)).join()).toContain("more than 2000 files");
    for (const text of ["[".repeat(20_000), "a: &a [1]\n".concat("b: *a\n".repeat(60)), "${{ ".repeat(5_000), `x: ${"{% for a in b %}".repeat(500)}`]) {
      expect((await remarks(text)).length).toBeGreaterThan(0);
      await remarks(GOOD, { "skeleton/slow": text });
    }
  });

  it("says what is missing when there is no template.yaml", async () => {
    const { findings } = await lintFiles(new Map(), { thread });
    expect(findings[0]?.message).toContain("There is no template.yaml");
  });
});
