// biome-ignore-all lint/suspicious/noTemplateCurlyInString: template code under test
import { existsSync, lstatSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { stringify } from "yaml";
import { isDomainError } from "@/lib/core/errors";
import type { TemplateFiles } from "../archive";
import { parseDefinition } from "../definition";
import { isPublishable, lintFiles } from "../lint/lint";
import { validateValues } from "../values";
import { materialize } from "./materialize";
import { Renderer } from "./renderer";
import { readTemplateFolder } from "./template-folder";

// A bad template ends with words for its author, and leaves nothing outside of its own folder.

const thread = new Renderer(process.cwd());
const parent = mkdtempSync(path.join(tmpdir(), "bad-templates-"));
let target: string;
let lines: string[];
beforeEach(() => {
  target = path.join(mkdtempSync(path.join(parent, "run-")), "workspace");
  lines = [];
});
afterAll(async () => {
  await thread.close();
  rmSync(parent, { recursive: true });
});

interface Parts {
  parameters?: object;
  output?: object;
  files?: Record<string, string>;
}

const fetchStep = { id: "fetch", action: "fetch:template", input: { url: "./skeleton", values: { name: "${{ parameters.name }}" } } };
function template(steps: object[], { parameters = { properties: { name: { type: "string", title: "Name" } } }, output }: Parts = {}) {
  const spec = { owner: "group:default/platform", type: "service", parameters, steps, ...(output ? { output } : {}) };
  return { apiVersion: "scaffolder.backstage.io/v1beta3", kind: "Template", metadata: { name: "bad", title: "Bad", description: "x" }, spec };
}
const filesOf = (steps: object[], parts: Parts = {}): TemplateFiles =>
  new Map(Object.entries({ "template.yaml": stringify(template(steps, parts)), ...parts.files }).map(([name, text]) => [name, { mode: 0o644, content: Buffer.from(text) }]));

/** The words of the refusal; fails when there is none, and when it was not foreseen. */
async function refusal(steps: object[], parts: Parts = {}, values: Record<string, unknown> = { name: "shop" }): Promise<string> {
  const args = { files: filesOf(steps, parts), definition: parseDefinition(JSON.stringify(template(steps, parts))), values, targetDir: target, scope: "workspace" as const };
  const done = materialize({
    ...args,
    context: { runId: "run_1", user: { ref: "user:default/ada", name: "Ada" } },
    signal: new AbortController().signal,
    log: (text) => void lines.push(text),
    renderer: thread,
  });
  const error = await done.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (!isDomainError(error)) throw error ?? new Error("it was not refused");
  expect(readdirSync(path.dirname(target))).toEqual(["workspace"]);
  return error.message;
}

const lintOf = async (steps: object[], parts: Parts = {}) => {
  const result = await lintFiles(filesOf(steps, { files: { "skeleton/a.txt": "x" }, ...parts }), { thread });
  return { isPublishable: isPublishable(result), rules: result.findings.filter(({ severity }) => severity === "error").map(({ rule }) => rule) };
};

describe("a bad template", () => {
  it("with an unknown action says so before anything is done, and cannot be published", async () => {
    expect(await refusal([fetchStep, { id: "x", action: "acme:launch-rocket" }], { files: { "skeleton/a.txt": "x" } })).toContain("needs the action acme:launch-rocket");
    expect(readdirSync(target)).toEqual([]);
    expect(await lintOf([{ id: "x", action: "acme:launch-rocket" }])).toEqual({ isPublishable: false, rules: ["unknown-action"] });
  });

  it("whose steps read each other's results in a circle cannot be published", async () => {
    const say = (id: string, other: string) => ({ id, action: "debug:log", input: { message: `\${{ steps.${other}.output.x }}` } });
    expect(await lintOf([say("a", "b"), say("b", "a")])).toEqual({ isPublishable: false, rules: ["circular-step"] });
  });

  it("whose form is no schema cannot be published", async () => {
    expect(await lintOf([fetchStep], { parameters: { properties: { name: { type: "strnig", title: "Name", minLength: -1 } }, required: "name" } })).toMatchObject({
      isPublishable: false,
    });
  });

  it.each([
    ["an expression", { id: "x", action: "debug:log", input: { message: "${{ r/(a+)+$/.test('aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!') }}" } }],
    ["a loop of 10^8", { id: "x", action: "debug:log", input: { message: "{% for i in range(100000000) %}x{% endfor %}" } }],
  ])("that takes for ever in %s is ended within the deadline", async (_what, step) => {
    const started = performance.now();
    expect(await refusal([step])).toMatch(/Step "x"/);
    expect(performance.now() - started).toBeLessThan(20_000);
    expect((await thread.ask("texts", { sources: ["still ${{ 1 + 1 }}"], context: {}, options: {} })).texts).toEqual(["still 2"]);
  });

  it("whose answers meet a slow pattern is ended within a second or two", async () => {
    const parameters = { properties: { name: { type: "string", pattern: "^(a+)+$" } } };
    const started = performance.now();
    await expect(validateValues(parseDefinition(JSON.stringify(template([fetchStep], { parameters }))), { name: `${"a".repeat(40)}!` }, thread)).rejects.toMatchObject({
      code: "invalid",
    });
    expect(performance.now() - started).toBeLessThan(15_000);
  });

  it.each(["../outside.txt", "/etc/cron.d/x", "a/../../x", "..\\x", ".git/hooks/post-checkout", ".GIT/config", "sub/.git/hooks/x", "git~1/hooks/x", "con", "a\u0000b"])(
    "that writes to %j is refused, and nothing is there",
    async (name) => {
      const skeleton = { "skeleton/${{ values.name }}": "owned" };
      const message = await refusal([fetchStep], { files: skeleton }, { name }).catch((error: Error) => error.message);
      // A path that renders to an absolute one is an optional file in v1beta3: it is left out instead.
      expect(message).toMatch(/not allowed|it was not refused/);
      expect(existsSync(path.join(path.dirname(target), "outside.txt"))).toBe(false);
      expect(existsSync("/etc/cron.d/x")).toBe(false);
      expect(readdirSync(target, { recursive: true })).toEqual([]);
      expect(
        await refusal([{ id: "x", action: "roadiehq:utils:fs:write", input: { path: name, content: "owned" } }].map((step) => step)).catch((error: Error) => error.message),
      ).toMatch(/not allowed|not empty/);
    },
  );

  it("with a link in its folder is refused as a whole", async () => {
    const folder = path.join(parent, "linked");
    mkdirSync(folder, { recursive: true });
    writeFileSync(path.join(folder, "template.yaml"), "x");
    symlinkSync("/etc/passwd", path.join(folder, "passwd"));
    expect(lstatSync(path.join(folder, "passwd")).isSymbolicLink()).toBe(true);
    await expect(readTemplateFolder(folder)).rejects.toMatchObject({ code: "invalid", message: expect.stringContaining("passwd is a link") });
  });

  it("of too many files, or of too many bytes, is refused", async () => {
    const many = Object.fromEntries(Array.from({ length: 2_100 }, (_, at) => [`skeleton/${at}.txt`, "x"]));
    expect(await refusal([fetchStep], { files: many })).toContain("more than 2000 files");
    target = path.join(mkdtempSync(path.join(parent, "run-")), "workspace");
    const big = { id: "x", action: "fetch:template", each: Array.from({ length: 30 }, (_, at) => at), input: { url: "./skeleton", targetPath: "./${{ each.value }}" } };
    expect(await refusal([big], { files: { "skeleton/big.txt": "x".repeat(2 * 1024 * 1024) } })).toContain("larger than 50 MB");
  });

  it("that hands all its parameters on does not write a secret down", async () => {
    const parameters = { properties: { name: { type: "string" }, token: { type: "string", "ui:field": "Secret" } } };
    const steps = [
      { id: "w", action: "roadiehq:utils:fs:write", input: { path: "all.json", content: "${{ parameters | dump }} ${{ secrets.missing }}" } },
      { id: "stop", action: "fs:rename", input: { files: [{ from: "gone", to: "x" }] } },
    ];
    await refusal(steps, { parameters }, { name: "shop", token: "s3cret-value" });
    expect(readFileSync(path.join(target, "all.json"), "utf8")).not.toContain("s3cret-value");
    expect(lines.join("\n")).not.toContain("s3cret-value");
  });
});
