import { lstatSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { DomainError } from "@/lib/core/errors";
import type { TemplateFiles } from "../archive";
import { parseDefinition } from "../definition";
import { runSteps } from "./interpreter";
import { Renderer } from "./renderer";
import { stepAction } from "./step-action";
import { stepRegistry } from "./steps";
import { Workspace } from "./workspace";

// Compares with what Backstage's own engine made of the same corpus; `npm run test:oracle` records and compares it live.

type Spec = string | { text?: string; base64?: string; mode?: number };
interface RenderCase {
  name: string;
  input: Record<string, unknown>;
  files?: Record<string, Spec>;
  before?: Record<string, string>;
  expressions?: string[];
}
interface StepCase {
  name: string;
  steps: object[];
  parameters?: Record<string, unknown>;
  secrets?: Record<string, string>;
  user?: { ref: string; entity?: object };
  environment?: { parameters: Record<string, string>; secrets: Record<string, string> };
  output?: object;
}
type Tree = Record<string, { mode: string; base64: string } | null>;
interface Expected {
  renders: Record<string, { tree?: Tree; fails?: true; texts?: Record<string, string | null> }>;
  steps: Record<string, { calls: unknown[]; output?: object; fails?: true }>;
}

const read = (name: string) => readFileSync(path.join("tests/oracle", name), "utf8");
const expected = JSON.parse(read("expected.json")) as Expected;
const thread = new Renderer(process.cwd());
const parent = mkdtempSync(path.join(tmpdir(), "oracle-"));
afterAll(async () => {
  await thread.close();
  rmSync(parent, { recursive: true });
});

function templateFiles(files: Record<string, Spec>): TemplateFiles {
  return new Map(
    Object.entries(files).map(([name, file]) => {
      const { text = "", base64, mode = 644 } = typeof file === "string" ? { text: file } : file;
      return [`skeleton/${name}`, { content: base64 === undefined ? Buffer.from(text) : Buffer.from(base64, "base64"), mode: Number.parseInt(String(mode), 8) }];
    }),
  );
}

function tree(dir: string, below = ""): Tree {
  const entries = readdirSync(path.join(dir, below), { withFileTypes: true }).flatMap((entry): [string, Tree[string]][] => {
    const name = below ? `${below}/${entry.name}` : entry.name;
    if (entry.isDirectory()) return [[`${name}/`, null], ...Object.entries(tree(dir, name))];
    const mode = (lstatSync(path.join(dir, name)).mode & 0o777).toString(8);
    return [[name, { mode, base64: readFileSync(path.join(dir, name)).toString("base64") }]];
  });
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

interface Ran {
  folder: string;
  calls: unknown[];
  output?: Record<string, unknown>;
  fails?: true;
}

async function run(one: Omit<StepCase, "name">, files: TemplateFiles, before: Record<string, string> = {}): Promise<Ran> {
  const folder = mkdtempSync(path.join(parent, "case-"));
  for (const [name, text] of Object.entries(before)) {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    writeFileSync(path.join(folder, name), text);
  }
  const calls: unknown[] = [];
  const note = (id: string, input: z.ZodType) =>
    stepAction({
      id,
      effect: "workspace",
      input,
      run: async ({ input: given }) => {
        calls.push(given);
        return id === "test:strict" ? undefined : (given as Record<string, unknown>);
      },
    });
  const fail = stepAction({
    id: "test:fail",
    effect: "workspace",
    input: z.looseObject({}),
    run: async () => {
      throw new DomainError("invalid", "broken");
    },
  });
  const registry = new Map(
    [note("test:echo", z.looseObject({})), note("test:strict", z.looseObject({ count: z.number() })), fail, ...stepRegistry.values()].map((action) => [action.id, action]),
  );
  const { steps, parameters = {}, secrets = {}, user = { ref: "user:default/ada" }, environment, output } = one;
  const head = { apiVersion: "scaffolder.backstage.io/v1beta3", kind: "Template", metadata: { name: "x" } };
  try {
    const result = await runSteps({
      definition: parseDefinition(JSON.stringify({ ...head, spec: { type: "service", steps, output } })),
      values: parameters,
      secrets,
      files,
      workspace: new Workspace(folder),
      renderer: thread,
      registry,
      scope: "all",
      context: { runId: "task", user: { name: "Ada", ...user }, ...(environment ? { environment } : {}) },
      signal: new AbortController().signal,
      log: () => {},
    });
    return { folder, calls, output: result.output };
  } catch (error) {
    if (error instanceof DomainError) return { folder, calls, fails: true };
    throw error;
  }
}

describe("fetch:template makes what Backstage makes", () => {
  it.each(parse(read("renders.yaml")) as RenderCase[])("$name", async ({ name, input, files = {}, before, expressions }) => {
    const wanted = expected.renders[name];
    const step = { id: "fetch", action: "fetch:template", input: { url: "./skeleton", ...input } };
    if (expressions) {
      const texts = expressions.map(async (expression) => {
        const { folder, fails } = await run({ steps: [step] }, templateFiles({ x: `\${{ ${expression} }}` }));
        return [expression, fails ? null : readFileSync(path.join(folder, "x"), "utf8")];
      });
      expect(Object.fromEntries(await Promise.all(texts))).toEqual(wanted?.texts);
      return;
    }
    const { folder, fails } = await run({ steps: [step] }, templateFiles(files), before);
    expect(fails ? { fails } : { tree: tree(folder) }).toEqual(wanted);
  });
});

describe("steps do what Backstage's steps do", () => {
  it.each(parse(read("steps.yaml")) as StepCase[])("$name", async ({ name, ...one }) => {
    const { folder: _folder, ...ran } = await run(one, new Map());
    expect(JSON.parse(JSON.stringify(ran))).toEqual(expected.steps[name]);
  });
});

it("the record covers the whole corpus", () => {
  expect(Object.keys(expected.renders).length).toBeGreaterThanOrEqual(24);
  expect(Object.keys(expected.steps).length).toBeGreaterThanOrEqual(19);
});
