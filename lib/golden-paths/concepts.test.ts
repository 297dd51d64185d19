import { afterAll, describe, expect, it } from "vitest";
import { stringify } from "yaml";
import { conceptsOf } from "./concepts";
import { Renderer } from "./engine/renderer";
import { isPublishable, lintFiles } from "./lint/lint";

const thread = new Renderer(process.cwd());
afterAll(() => thread.close());

const text = (title: string, more: object = {}) => ({ type: "string", title, ...more });
const page = (properties: object, more: object = {}) => ({ properties, ...more });

describe("concepts", () => {
  it("are the questions that are shown, whether they have a default or not", () => {
    expect(conceptsOf([page({ name: text("Name"), size: text("Size", { default: "s" }) }), page({ plain: { type: "string" } })], undefined)).toEqual(["Name", "Size", "plain"]);
  });

  it("leave out hidden questions, and folded ones with a default", () => {
    const properties = { a: text("A", { "ui:widget": "hidden" }), b: text("B", { "ui:advanced": true, default: "x" }), c: text("C", { "ui:options": { advanced: true } }) };
    expect(conceptsOf([page(properties)], undefined)).toEqual(["C"]);
  });

  it("count a choice among many once more", () => {
    expect(conceptsOf([page({ region: text("Region", { enum: ["a", "b", "c", "d", "e", "f"] }), few: text("Few", { enum: ["a", "b"] }) })], undefined)).toEqual([
      "Region",
      "Region: 6 choices",
      "Few",
    ]);
  });

  it("count the largest branch only, without the question that leads to it", () => {
    const dependencies = {
      kind: {
        oneOf: [
          { properties: { kind: { enum: ["small"] } } },
          { properties: { kind: { enum: ["large"] }, cpu: text("Cores"), memory: text("Memory") } },
          { properties: { kind: { const: "odd" }, shape: text("Shape") } },
        ],
      },
    };
    // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
    const conditional = { if: { properties: { x: { const: 1 } } }, then: { properties: { one: text("One") } }, else: { properties: { two: text("Two"), three: text("Three") } } };
    expect(conceptsOf([page({ kind: text("Kind", { enum: ["small", "large", "odd"] }) }, { dependencies, allOf: [conditional] })], undefined)).toEqual([
      "Kind",
      "Two",
      "Three",
      "Cores",
      "Memory",
    ]);
  });

  it("count what a group asks, not the group", () => {
    expect(conceptsOf([page({ limits: { type: "object", title: "Limits", properties: { cpu: text("Cores"), memory: text("Memory") } } })], undefined)).toEqual(["Cores", "Memory"]);
  });

  it("are terms of other products in the questions, each once, and as words of their own", () => {
    const properties = { a: text("Helm chart", { description: "For kubernetes; helm again." }), b: text("Overwhelm", { "ui:help": "An ARN such as arn:aws:…" }) };
    expect(conceptsOf([page(properties)], undefined)).toEqual(["Helm chart", "Overwhelm", "Helm", "Kubernetes", "ARN"]);
  });

  it("are what is left to do by hand", () => {
    expect(conceptsOf([], { text: [{ title: "Ask for a certificate", content: "…" }, { content: "Merge it\nthen wait" }], links: [{ title: "Docs", url: "x" }] })).toEqual([
      "Afterwards: Ask for a certificate",
      "Afterwards: Merge it",
    ]);
  });
});

describe("the limit of seven", () => {
  const NOW = new Date("2026-03-01T12:00:00Z");

  async function lint(questions: number, exception?: string) {
    const properties = Object.fromEntries(Array.from({ length: questions }, (_, at) => [`q${at}`, text(`Question ${at}`)]));
    const template = {
      apiVersion: "scaffolder.backstage.io/v1beta3",
      kind: "Template",
      metadata: { name: "tiny", title: "Tiny", description: "x", ...(exception ? { annotations: { "waymark.dev/concepts-exception": exception } } : {}) },
      spec: { owner: "group:default/platform", type: "service", parameters: [page(properties)], steps: [{ id: "say", action: "debug:log", input: { message: "x" } }] },
    };
    const result = await lintFiles(new Map([["template.yaml", { mode: 0o644, content: Buffer.from(stringify(template)) }]]), { thread, now: NOW });
    return { isPublishable: isPublishable(result), remarks: result.findings.map(({ severity, rule }) => `${severity} ${rule}`), message: result.findings[0]?.message };
  }

  it("lets seven pass and refuses nine, saying which and what to do", async () => {
    expect(await lint(7)).toMatchObject({ isPublishable: true, remarks: [] });
    expect(await lint(9)).toMatchObject({
      isPublishable: false,
      remarks: ["error concepts"],
      message: expect.stringMatching(/^9 concepts to know; at most 7: Question 0, .*ui:advanced.*until 2027/),
    });
  });

  it.each([
    ["until 2026-06-30: the regulator asks for these fields", true, ["warning concepts"]],
    ["until 2026-03-01: the last day still counts as one", true, ["warning concepts"]],
    ["until 2026-02-28: the regulator asks for these fields", false, ["error concepts"]],
    ["until 2027-06-30: the regulator asks for these fields", false, ["error concepts-exception"]],
    ["for ever", false, ["error concepts-exception"]],
    ["until 2026-13-45: no such day in the year", false, ["error concepts-exception"]],
    ["until 2026-06-30: short", false, ["error concepts-exception"]],
  ])("takes the exception %j for %s", async (exception, passes, remarks) => {
    expect(await lint(9, exception)).toMatchObject({ isPublishable: passes, remarks });
  });

  it("wants an exception gone that is not needed", async () => {
    expect(await lint(7, "until 2026-06-30: the regulator asks for these fields")).toMatchObject({ isPublishable: true, remarks: ["warning concepts-exception"] });
  });
});
