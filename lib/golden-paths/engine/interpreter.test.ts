import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { DomainError } from "@/lib/core/errors";
import { parseDefinition } from "../definition";
import { materialize } from "./materialize";
import { Renderer } from "./renderer";
import { type StepAction, stepAction } from "./step-action";

const thread = new Renderer(process.cwd());
const parent = mkdtempSync(path.join(tmpdir(), "steps-"));
beforeAll(() => thread.ask("texts", { sources: [""], context: {}, options: {} }));
afterAll(async () => {
  await thread.close();
  rmSync(parent, { recursive: true });
});

interface Trace {
  ran: unknown[];
  lines: string[];
  skippedSteps: string[];
  output: Record<string, unknown>;
  error: string | null;
}

/** Actions that note what they were given, give it back, or fail. */
function testActions(ran: unknown[], stop: AbortController): StepAction[] {
  const note = (id: string, effect: "workspace" | "outside") =>
    stepAction({
      id,
      effect,
      input: z.looseObject({ value: z.unknown() }),
      run: async ({ input }) => {
        ran.push(input.value);
        return { value: input.value };
      },
    });
  const strict = stepAction({
    id: "test:strict",
    effect: "workspace",
    input: z.strictObject({ count: z.number("expected a number") }),
    run: async ({ input }) => ({ double: input.count * 2 }),
  });
  const fail = stepAction({
    id: "test:fail",
    effect: "workspace",
    input: z.looseObject({ message: z.string().default("broken") }),
    run: async ({ input }) => {
      throw new DomainError("conflict", input.message);
    },
  });
  const cancel = stepAction({
    id: "test:cancel",
    effect: "workspace",
    input: z.looseObject({}),
    run: async ({ signal }) => {
      stop.abort(new Error("cancelled by test"));
      signal.throwIfAborted();
      return undefined;
    },
  });
  return [note("test:note", "workspace"), note("publish:test", "outside"), strict, fail, cancel];
}

async function run(steps: object[], options: { values?: Record<string, unknown>; output?: object; scope?: "workspace" | "all" } = {}): Promise<Trace> {
  const stop = new AbortController();
  const trace: Trace = { ran: [], lines: [], skippedSteps: [], output: {}, error: null };
  const spec = { type: "service", steps, ...(options.output && { output: options.output }) };
  const definition = parseDefinition(JSON.stringify({ apiVersion: "scaffolder.backstage.io/v1beta3", kind: "Template", metadata: { name: "x" }, spec }));
  try {
    const { skippedSteps, output } = await materialize({
      files: new Map(),
      definition,
      values: options.values ?? {},
      targetDir: mkdtempSync(path.join(parent, "t-")),
      context: { runId: "run_1", user: { ref: "user:default/ada", name: "Ada" }, environment: { name: "shop-1" } },
      scope: options.scope ?? "all",
      signal: stop.signal,
      log: (text, level) => trace.lines.push(`${level ?? "info"} ${text}`),
      registry: new Map(testActions(trace.ran, stop).map((action) => [action.id, action])),
      renderer: thread,
    });
    return { ...trace, skippedSteps, output };
  } catch (error) {
    return { ...trace, error: error instanceof Error ? error.message : String(error) };
  }
}

const x = (expression: string) => `\${{ ${expression} }}`;
const note = (value: unknown, rest: object = {}) => ({ action: "test:note", input: { value }, ...rest });

describe("the scope of expressions", () => {
  it("holds answers, outputs of earlier steps, the person, the run and the environment", async () => {
    const { ran } = await run(
      [
        note(x("parameters.list"), { id: "first" }),
        note({ from: x("steps.first.output.value"), text: `n: ${x("steps.first.output.value[1]")}` }),
        note([x("user.ref"), x("user.entity.metadata.name"), x("context.task.id"), x("environment.name"), x("secrets.token"), x("environment.secrets.token")]),
      ],
      { values: { list: [1, 2] } },
    );
    expect(ran).toEqual([[1, 2], { from: [1, 2], text: "n: 2" }, ["user:default/ada", "ada", "run_1", "shop-1", null, null]]);
  });

  it("numbers steps without an id", async () => {
    expect((await run([note("a"), note(x("steps['step-1'].output.value"))])).ran).toEqual(["a", "a"]);
  });
});

describe("if", () => {
  it.each([
    [true, true],
    [false, false],
    [x("parameters.on"), true],
    [x("parameters.off"), false],
    [x("parameters.missing"), false],
    [x("parameters.empty"), false],
    [x("parameters.list"), true],
    [x("parameters.zero"), false],
    ["false", true],
    ["", false],
    [x("parameters.on and not parameters.off"), true],
    [x("parameters.text === 'a'"), true],
  ])("%j decides %j", async (condition, runs) => {
    const values = { on: true, off: false, empty: [], list: [0], zero: 0, text: "a" };
    const { ran, skippedSteps } = await run([{ id: "s", ...note(1), if: condition }], { values });
    expect(ran).toEqual(runs ? [1] : []);
    expect(skippedSteps).toEqual(runs ? [] : ["s"]);
  });

  it("of a skipped step leaves no output behind", async () => {
    const { ran } = await run([note("a", { id: "first", if: false }), note({ v: x("steps.first.output.value"), known: x("'first' in steps") })]);
    expect(ran).toEqual([{ known: false }]);
  });
});

describe("each", () => {
  it("goes through lists and groups and collects outputs", async () => {
    const { ran } = await run([
      note([x("each.key"), x("each.value")], { id: "list", each: ["a", "b"] }),
      note([x("each.key"), x("each.value")], { id: "group", each: { k: 1 } }),
      note(x("steps.list.output.value"), {}),
    ]);
    expect(ran).toEqual([
      ["0", "a"],
      ["1", "b"],
      ["k", 1],
      [
        ["0", "a"],
        ["1", "b"],
      ],
    ]);
  });

  it.each([
    [x("parameters.missing"), "each gives nothing"],
    [x("parameters.text"), 'each gives "abc"'],
    [5, "each gives 5"],
  ])("refuses %j", async (each, message) => {
    expect((await run([note(1, { each })], { values: { text: "abc" } })).error).toContain(message);
  });

  it("checks every item's input before the first one runs", async () => {
    const steps = [note("before"), { action: "test:strict", each: [1, 2, "three"], input: { count: x("each.value") } }];
    const { ran, error } = await run(steps);
    expect(ran).toEqual(["before"]);
    expect(error).toContain("The input of test:strict[2] is wrong: input.count: expected a number");
  });

  it("asks if per item, as a model does", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 8 }), fc.integer({ min: 0, max: 9 }), async (items, limit) => {
        const { ran, error } = await run([note(x("each.value * 10"), { each: x("parameters.items"), if: x("each.value < parameters.limit") }), note("end")], {
          values: { items, limit },
        });
        expect(error).toBeNull();
        expect(ran).toEqual([...items.filter((item) => item < limit).map((item) => item * 10), "end"]);
      }),
      { numRuns: 60 },
    );
  });
});

describe("failures", () => {
  it("stop later steps, except those that ask for it, and are thrown at the end", async () => {
    const { ran, error, lines } = await run([
      { id: "bad", name: "Break it", action: "test:fail", input: { message: "first" } },
      note("no condition"),
      note("plain condition", { if: x("true") }),
      note("always", { if: x("always()") }),
      note("on failure", { if: x("failure()") }),
      note("only if", { if: x("always() and parameters.no") }),
      { action: "test:fail", if: x("always()"), input: { message: "second" } },
    ]);
    expect(ran).toEqual(["always", "on failure"]);
    expect(error).toBe('Step "Break it": first');
    expect(lines.join("\n")).toContain("second");
  });

  it("do not concern failure() while all is well", async () => {
    expect((await run([note("a"), note("b", { if: x("failure()") }), note("c", { if: x("always()") })])).ran).toEqual(["a", "c"]);
  });

  it("follow the model for any order of steps", async () => {
    const kinds = fc.array(fc.constantFrom("ok", "fail", "always", "failure", "false", "maybe"), { maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(kinds, async (list) => {
        const conditions: Record<string, unknown> = { ok: undefined, fail: undefined, always: x("always()"), failure: x("failure()"), false: false, maybe: x("true") };
        const steps = [
          note("start"),
          ...list.map((kind, at) => ({
            ...note(at),
            id: `s${at}`,
            action: kind === "fail" ? "test:fail" : "test:note",
            ...(conditions[kind] !== undefined && { if: conditions[kind] }),
          })),
        ];
        let failed = false;
        const expected: unknown[] = ["start"];
        for (const [at, kind] of list.entries()) {
          if (kind === "fail" && !failed) failed = true;
          else if (kind === "always" || (kind === "failure" && failed) || (!failed && (kind === "ok" || kind === "maybe"))) expected.push(at);
        }
        const { ran, error } = await run(steps);
        expect(ran).toEqual(expected);
        expect(error !== null).toBe(failed);
      }),
      { numRuns: 60 },
    );
  });

  it("by cancelling end everything at once", async () => {
    const { ran, error } = await run([note("a"), { action: "test:cancel" }, note("never", { if: x("always()") })]);
    expect(ran).toEqual(["a"]);
    expect(error).toBe("cancelled by test");
  });

  it("in an expression leave its text and a warning", async () => {
    const { ran, lines } = await run([note(x("parameters.a | nope"))]);
    expect(ran).toEqual([x("parameters.a | nope")]);
    expect(lines.join("\n")).toMatch(/warn .*input\.value is used as it stands/);
  });

  it("by too much work are failures", async () => {
    expect((await run([{ name: "Loop", ...note("{% for i in range(100000000) %}x{% endfor %}") }])).error).toMatch(/^Step "Loop": .*limit/);
  });
});

describe("actions", () => {
  it("that are unknown stop everything before the first step, all named", async () => {
    const { ran, error } = await run([note("a"), { action: "test:nope" }, { id: "z", action: "fetch:cookiecutter" }]);
    expect(ran).toEqual([]);
    expect(error).toContain("Step step-2 needs the action test:nope, which this Waymark does not have. Did you mean test:note?");
    expect(error).toContain("Step z needs the action fetch:cookiecutter");
  });

  it("that reach outside are left out of a workspace, known here or not", async () => {
    const outside = ["publish:test", "publish:github", "catalog:register", "github:actions:dispatch", "notification:send"];
    const steps = [
      note("a"),
      ...outside.map((action) => ({ id: action.replaceAll(":", "-"), action, input: { value: "no" } })),
      note({ url: x("steps['publish-test'].output.value"), end: true }),
    ];
    const { ran, skippedSteps, error } = await run(steps, { scope: "workspace" });
    expect(error).toBeNull();
    expect(ran).toEqual(["a", { end: true }]);
    expect(skippedSteps).toEqual(outside.map((action) => action.replaceAll(":", "-")));
    expect((await run([steps[1] ?? {}], { scope: "all" })).ran).toEqual(["no"]);
    expect((await run([{ action: "publish:github" }], { scope: "all" })).error).toContain("needs the action publish:github");
  });
});

describe("output", () => {
  it("is rendered, without links and texts whose condition is false", async () => {
    const output = {
      links: [
        { title: "A", url: x("steps.first.output.value") },
        { title: "B", if: x("parameters.no") },
        { title: "C", if: true },
      ],
      text: [{ title: "T", content: `Hello ${x("parameters.name")}`, if: x("parameters.name") }],
      count: x("1 + 1"),
    };
    const trace = await run([note("https://example.com", { id: "first" })], { output, values: { name: "Ada" } });
    expect(trace.output).toEqual({ links: [{ title: "A", url: "https://example.com" }, { title: "C" }], text: [{ title: "T", content: "Hello Ada" }], count: 2 });
  });
});

it("refuses a folder that is not empty", async () => {
  const definition = parseDefinition(
    JSON.stringify({ apiVersion: "scaffolder.backstage.io/v1beta3", kind: "Template", metadata: { name: "x" }, spec: { type: "service", steps: [{ action: "debug:log" }] } }),
  );
  const context = { runId: "run_1", user: { ref: "user:default/ada", name: "Ada" } };
  const args = { files: new Map(), definition, values: {}, context, scope: "all" as const, signal: new AbortController().signal, log: () => undefined, renderer: thread };
  mkdtempSync(path.join(parent, "full-"));
  await expect(materialize({ ...args, targetDir: parent })).rejects.toThrow(/is not empty/);
});
