import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { isDomainError } from "@/lib/core/errors";
import { type GoldenPathDefinition, parseDefinition } from "./definition";
import { Renderer } from "./engine/renderer";
import { validateValues } from "./values";

const thread = new Renderer(process.cwd());
beforeAll(() => thread.ask("texts", { sources: [""], context: {}, options: {} }));
afterAll(() => thread.close());

function form(parameters: unknown): GoldenPathDefinition {
  const steps = [{ action: "debug:log" }];
  return parseDefinition(
    JSON.stringify({ apiVersion: "scaffolder.backstage.io/v1beta3", kind: "Template", metadata: { name: "x" }, spec: { type: "service", parameters, steps } }),
  );
}

const SERVICE = form([
  {
    title: "One",
    required: ["name"],
    properties: {
      name: { type: "string", pattern: "^[a-z]+$", maxLength: 10, "ui:help": "Lower case letters only" },
      level: { type: "string", enum: ["debug", "info", "warn"], default: "info" },
    },
  },
  {
    title: "Two",
    properties: {
      copies: { type: "integer", minimum: 1, maximum: 5, default: 2 },
      tags: { type: "array", items: { type: "string" }, uniqueItems: true },
      token: { type: "string", minLength: 8, pattern: "^t_", "ui:field": "Secret" },
      limits: { type: "object", properties: { memory: { type: "integer", default: 256 } } },
    },
  },
]);

const DEPENDENT = form({
  required: ["store"],
  properties: { store: { type: "string", enum: ["none", "postgres", "bucket"], default: "none" } },
  dependencies: {
    store: {
      oneOf: [
        { properties: { store: { enum: ["none"] } } },
        { properties: { store: { enum: ["postgres"] }, size: { type: "string", enum: ["small", "large"], default: "small" } }, required: ["size"] },
        { properties: { store: { enum: ["bucket"] }, region: { type: "string" } }, required: ["region"] },
      ],
    },
  },
});

const CONDITIONAL = form({
  properties: { isPublic: { type: "boolean", default: false } },
  if: { properties: { isPublic: { const: true } } },
  // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
  then: { properties: { domain: { type: "string", default: "example.com" } } },
  else: { properties: { network: { type: "string", default: "internal" } } },
});

async function problems(definition: GoldenPathDefinition, values: Record<string, unknown>): Promise<Record<string, string>> {
  try {
    await validateValues(definition, values, thread);
  } catch (error) {
    if (isDomainError(error) && error.code === "invalid") return Object.fromEntries(error.fields.map((field) => [field.path, field.message]));
    throw error;
  }
  return {};
}

describe("validateValues", () => {
  it("returns the values with defaults, also nested ones", async () => {
    expect(await validateValues(SERVICE, { name: "shop" }, thread)).toEqual({ name: "shop", level: "info", copies: 2, limits: { memory: 256 } });
    expect(await validateValues(SERVICE, { name: "shop", level: "warn", copies: 5, limits: { memory: 1 } }, thread)).toMatchObject({
      level: "warn",
      copies: 5,
      limits: { memory: 1 },
    });
  });

  it("does not change what it was given", async () => {
    const given = Object.freeze({ name: "shop", limits: Object.freeze({}) });
    await validateValues(SERVICE, given, thread);
    expect(given).toEqual({ name: "shop", limits: {} });
  });

  it("takes the defaults of the branch that is chosen", async () => {
    expect(await validateValues(DEPENDENT, {}, thread)).toEqual({ store: "none" });
    expect(await validateValues(DEPENDENT, { store: "postgres" }, thread)).toEqual({ store: "postgres", size: "small" });
    expect(await validateValues(CONDITIONAL, {}, thread)).toEqual({ isPublic: false, network: "internal" });
    expect(await validateValues(CONDITIONAL, { isPublic: true }, thread)).toEqual({ isPublic: true, domain: "example.com" });
  });

  it.each([
    ["nothing for a required one", {}, { "values.name": "Give a value. Lower case letters only." }],
    ["a pattern", { name: "Shop 1" }, { "values.name": '"Shop 1" does not fit. Lower case letters only.' }],
    ["too long", { name: "abcdefghijkl" }, { "values.name": "At most 10 characters; this has 12." }],
    ["a choice", { name: "a", level: "wran" }, { "values.level": '"wran" is not possible. Did you mean "warn"? Choose one of: debug, info, warn.' }],
    ["a type", { name: 5 }, { "values.name": "Expected text." }],
    ["text for a number", { name: "a", copies: "3" }, { "values.copies": "Expected a whole number." }],
    ["too much", { name: "a", copies: 9 }, { "values.copies": "At most 5." }],
    ["a repeated entry", { name: "a", tags: ["x", "x"] }, { "values.tags": "An entry is there twice. Keep one." }],
    ["a wrong entry", { name: "a", tags: ["x", 1] }, { "values.tags.1": "Expected text." }],
    ["a nested one", { name: "a", limits: { memory: "x" } }, { "values.limits.memory": "Expected a whole number." }],
    ["several at once", { name: "A", copies: 0 }, { "values.name": '"A" does not fit. Lower case letters only.', "values.copies": "At least 1." }],
  ])("explains %s", async (_name, values, expected) => {
    expect(await problems(SERVICE, values)).toEqual(expected);
  });

  it("never repeats a secret", async () => {
    const found = await problems(SERVICE, { name: "a", token: "hunter2-hunter2" });
    expect(found["values.token"]).toContain("This value does not fit");
    expect(JSON.stringify(found)).not.toContain("hunter2");
  });

  it("explains the branch that was chosen, not the others", async () => {
    expect(await problems(DEPENDENT, { store: "bucket" })).toEqual({ "values.region": "Give a value." });
    expect(await problems(DEPENDENT, { store: "postgres", size: "huge" })).toHaveProperty(["values.size"]);
  });

  it.each([
    ["nmae", 'Did you mean "name"?'],
    ["LEVEL", 'Did you mean "level"?'],
    ["something-else", "It asks for: name, level, copies"],
  ])("refuses the unknown %s", async (name, hint) => {
    expect((await problems(SERVICE, { name: "a", [name]: "x" }))[`values.${name}`]).toContain(hint);
  });

  it("knows the questions of branches that are not chosen", async () => {
    expect(Object.keys(await problems(DEPENDENT, { store: "none", size: "small" }))).toEqual([]);
  });

  it.each([
    ["deep values", { name: "a", limits: JSON.parse(`${'{"a":'.repeat(30)}1${"}".repeat(30)}`) }, "deeper than 20"],
    ["huge values", { name: "x".repeat(70_000) }, "larger than 64 kB"],
    ["reserved names", JSON.parse('{"name":"a","limits":{"__proto__":{"polluted":1}}}'), "reserved"],
    ["reserved names at the top", JSON.parse('{"__proto__":{"polluted":1}}'), "reserved"],
  ])("refuses %s", async (_name, values, expected) => {
    expect(Object.values(await problems(SERVICE, values)).join()).toContain(expected);
    expect(Object.prototype).not.toHaveProperty("polluted");
  });
});

const EVIL = ["(a+)+$", "(a*)*$", "(a|a)*$", "(a|aa)+$", "(.*a){20}$", "^(([a-z])+.)+[A-Z]([a-z])+$", "(x+x+)+y", "^(a?){30}a{30}$", "(\\w+\\s?)*$", "([a-zA-Z]+)*!$"];

describe("a slow pattern", () => {
  it.each(EVIL)("%s cannot hold the server", async (pattern) => {
    const definition = form({ properties: { text: { type: "string", pattern: `^${pattern.replace(/^\^/, "")}` } } });
    let ticks = 0;
    const clock = setInterval(() => (ticks += 1), 20);
    const started = performance.now();
    const found = await problems(definition, { text: `${"a".repeat(5_000)}!` });
    clearInterval(clock);
    expect(performance.now() - started).toBeLessThan(10_000);
    expect(Object.keys(found).length).toBeLessThanOrEqual(1);
    if (performance.now() - started > 200) expect(ticks).toBeGreaterThan(2);
  });
});
