import { lstatSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, afterEach, beforeEach, describe, expect, it } from "vitest";
import type { TemplateFiles } from "../archive";
import { parseDefinition } from "../definition";
import { materialize } from "./materialize";
import { Renderer } from "./renderer";

const thread = new Renderer(process.cwd());
afterAll(() => thread.close());

let parent: string;
let target: string;
let lines: string[];
beforeEach(() => {
  parent = mkdtempSync(path.join(tmpdir(), "fetch-"));
  target = path.join(parent, "target");
  lines = [];
});
afterEach(() => rmSync(parent, { recursive: true }));

type Skeleton = Record<string, string | Buffer | { content: string; mode: number }>;

function templateFiles(skeleton: Skeleton): TemplateFiles {
  const entries = Object.entries(skeleton).map(([name, value]) => {
    const { content, mode } = typeof value === "object" && "mode" in value ? value : { content: value, mode: 0o644 };
    return [name, { content: Buffer.from(content), mode }] as const;
  });
  return new Map(entries);
}

/** Runs the steps over files named from the golden path's root; returns the written texts by path. */
async function run(steps: object[], skeleton: Skeleton, values: Record<string, unknown> = {}): Promise<Record<string, string>> {
  const definition = parseDefinition(
    JSON.stringify({ apiVersion: "scaffolder.backstage.io/v1beta3", kind: "Template", metadata: { name: "x" }, spec: { type: "service", steps } }),
  );
  const { files } = await materialize({
    files: templateFiles(skeleton),
    definition,
    values,
    targetDir: target,
    context: { runId: "run_1", user: { ref: "user:default/ada", name: "Ada" } },
    scope: "workspace",
    signal: new AbortController().signal,
    log: (text) => lines.push(text),
    renderer: thread,
  });
  return Object.fromEntries(files.map((name) => [name, readFileSync(path.join(target, name), "utf8")]));
}

const fetchTemplate = (input: object) => ({ id: `s${Math.random().toString(36).slice(2)}`, action: "fetch:template", input: { url: "./s", ...input } });
const skeleton = (files: Skeleton) => Object.fromEntries(Object.entries(files).map(([name, content]) => [`s/${name}`, content]));

describe("fetch:cookiecutter", () => {
  const step = (input: object) => ({ id: "cut", action: "fetch:cookiecutter", input: { url: "./s", values: { name: "shop" }, ...input } });

  it("renders what lies in the one cookiecutter folder, and says what has no effect", async () => {
    const files = skeleton({
      "cookiecutter.json": "{}",
      "hooks/post_gen_project.py": "raise SystemExit(1)",
      "{{ cookiecutter.name }}/src/{{cookiecutter.name}}.py": "# {{ cookiecutter.name }} {{ cookiecutter.name | upper }}\n",
      "{{ cookiecutter.name }}/README.md": "plain\n",
    });
    expect(await run([step({ targetPath: "out" })], files)).toEqual({ "out/src/shop.py": "# shop SHOP\n", "out/README.md": "plain\n" });
    expect(lines.filter((line) => line.includes("has no effect here"))).toHaveLength(2);
  });

  it.each([
    ["no such folder", { "plain/a.txt": "a" }],
    ["two of them", { "{{ cookiecutter.a }}/a.txt": "a", "{{ cookiecutter.b }}/b.txt": "b" }],
  ])("refuses %s in words", async (_what, files) => {
    await expect(run([step({})], skeleton(files))).rejects.toMatchObject({ code: "invalid", message: expect.stringContaining("exactly one folder") });
  });
});

describe("fetch:template", () => {
  it("renders contents and paths with its values", async () => {
    const files = skeleton({ [`\${{ values.name }}/index.js`]: `// \${{ values.name | upper }}\n`, "README.md": "plain\r\n" });
    expect(await run([fetchTemplate({ values: { name: "shop" } })], files)).toEqual({ "shop/index.js": "// SHOP\n", "README.md": "plain\r\n" });
  });

  it("leaves a file out whose path renders to nothing", async () => {
    const files = skeleton({ [`\${{ 'a.txt' if values.isOn }}`]: "a", [`\${{ 'dir' if values.isOn }}/b.txt`]: "b", [`x/\${{ values.none }}/c.txt`]: "c", "d.txt": "d" });
    expect(await run([fetchTemplate({ values: { isOn: false } })], files)).toEqual({ "d.txt": "d" });
    rmSync(target, { recursive: true });
    expect(Object.keys(await run([fetchTemplate({ values: { isOn: true } })], files)).sort()).toEqual(["a.txt", "d.txt", "dir/b.txt"]);
  });

  it("keeps binaries and whether a file is executable", async () => {
    const binary = Buffer.from([0x89, 0x50, 0, 1, 2, ...Buffer.from(`\${{ values.name }}`)]);
    const latin = Buffer.from([0x63, 0xe9, 0x20, ...Buffer.from(`\${{ values.name }}`)]);
    await run([fetchTemplate({ values: { name: "x" } })], skeleton({ "a.png": binary, "b.txt": latin, "run.sh": { content: `\${{ values.name }}`, mode: 0o755 } }));
    expect(readFileSync(path.join(target, "a.png"))).toEqual(binary);
    expect(readFileSync(path.join(target, "b.txt"))).toEqual(latin);
    expect(lstatSync(path.join(target, "run.sh")).mode & 0o777).toBe(0o755);
    expect(lstatSync(path.join(target, "a.png")).mode & 0o777).toBe(0o644);
  });

  it("copies selected contents as they are, with negation, and still renders their paths", async () => {
    const files = skeleton({
      [`docs/\${{ values.n }}.md`]: `\${{ values.n }}`,
      "docs/keep/x.md": `\${{ values.n }}`,
      "a.js": `\${{ values.n }}`,
      ".github/ci.yml": `\${{ values.n }}`,
    });
    const rendered = await run([fetchTemplate({ values: { n: "1" }, copyWithoutTemplating: ["docs", ".github/**", "!docs/keep/**"] })], files);
    expect(rendered).toEqual({ "docs/1.md": `\${{ values.n }}`, "docs/keep/x.md": "1", "a.js": "1", ".github/ci.yml": `\${{ values.n }}` });
  });

  it("leaves paths and contents alone under the older name, with a warning", async () => {
    const rendered = await run(
      [fetchTemplate({ values: { n: "1" }, copyWithoutRender: ["*.hbs"] })],
      skeleton({ [`\${{ values.n }}.hbs`]: `\${{ values.n }}`, "b.txt": `\${{ values.n }}` }),
    );
    expect(rendered).toEqual({ [`\${{ values.n }}.hbs`]: `\${{ values.n }}`, "b.txt": "1" });
    expect(lines.join("\n")).toContain("Use copyWithoutTemplating");
  });

  it.each([
    [true, "a.txt.njk", "b.txt.tpl"],
    [".tpl", "b.txt.tpl", "a.txt.njk"],
    ["tpl", "b.txt.tpl", "a.txt.njk"],
  ])("with templateFileExtension %j renders only such files and strips it", async (templateFileExtension, template, plain) => {
    const rendered = await run(
      [fetchTemplate({ values: { n: 1 }, templateFileExtension })],
      skeleton({ [template]: `\${{ values.n }}`, [plain]: `\${{ values.n }}`, [`c-\${{ values.n }}`]: `\${{ values.n }}` }),
    );
    expect(rendered).toEqual({ [template.slice(0, -4)]: "1", [plain]: `\${{ values.n }}`, "c-1": `\${{ values.n }}` });
  });

  it("refuses an extension together with its neighbours", async () => {
    await expect(run([fetchTemplate({ templateFileExtension: true, copyWithoutTemplating: ["x"] })], skeleton({ a: "" }))).rejects.toThrow(/cannot be combined/);
    await expect(run([fetchTemplate({ templateFileExtension: true, cookiecutterCompat: true })], skeleton({ a: "" }))).rejects.toThrow(/cannot be combined/);
  });

  it("keeps what earlier steps wrote unless told to replace it", async () => {
    const files = { "one/a": "1", "two/a": "2", "three/a": "3" };
    expect(await run([fetchTemplate({ url: "./one" }), fetchTemplate({ url: "./two" })], files)).toEqual({ a: "1" });
    rmSync(target, { recursive: true });
    expect(await run([fetchTemplate({ url: "./one" }), fetchTemplate({ url: "./three", replace: true })], files)).toEqual({ a: "3" });
  });

  it("writes below targetPath", async () => {
    expect(await run([fetchTemplate({ targetPath: "./sub/dir/" })], skeleton({ a: "1" }))).toEqual({ "sub/dir/a": "1" });
    rmSync(target, { recursive: true });
    expect(await run([fetchTemplate({ targetPath: "" })], skeleton({ a: "1" }))).toEqual({ a: "1" });
  });

  it("understands cookiecutter's braces when asked", async () => {
    const files = skeleton({ "{{ cookiecutter.name }}.txt": `{{ cookiecutter.name | jsonify }} \${{ values.name }}` });
    expect(await run([fetchTemplate({ cookiecutterCompat: true, values: { name: "x" } })], files)).toEqual({ "x.txt": '"x" $' });
  });

  it("renders nothing twice", async () => {
    expect(await run([fetchTemplate({ values: { n: `{{ 7 * 7 }}\${{ 7 * 7 }}` } })], skeleton({ "a.txt": `\${{ values.n }}` }))).toEqual({ "a.txt": "{{ 7 * 7 }}49" });
    rmSync(target, { recursive: true });
    expect(await run([fetchTemplate({ values: { n: `\${{ parameters.hostile }}` } })], skeleton({ "a.txt": `\${{ values.n }}` }), { hostile: `\${{ 7 * 7 }}` })).toEqual({
      "a.txt": `\${{ 7 * 7 }}`,
    });
  });

  it("names file and line of a mistake", async () => {
    await expect(run([fetchTemplate({})], skeleton({ "src/a.js": `ok\n\${{ values.x | }}\n` }))).rejects.toThrow(/src\/a\.js cannot be rendered: .*line 2/);
    rmSync(target, { recursive: true });
    await expect(run([fetchTemplate({})], skeleton({ [`\${{ 1 | nope }}`]: "" }))).rejects.toThrow(/The name of \$\{\{ 1 \| nope \}\} cannot be rendered/);
  });

  it.each([
    ["https://example.com/skeleton", /is an address/],
    ["./missing", /has no files in \.\/missing/],
    ["../other", /is not allowed/],
    ["/etc", /is not allowed/],
  ])("refuses the source %s", async (url, message) => {
    await expect(run([fetchTemplate({ url })], skeleton({ a: "" }))).rejects.toThrow(message);
  });
});

describe("paths that try to leave the folder", () => {
  const ESCAPES = [
    "../x",
    "a/../../x",
    "..",
    "a/../../../../../../etc/x",
    ".git/hooks/post-checkout",
    "a/.GIT/config",
    "a\\..\\..\\x",
    "a\0b",
    "C:x",
    "nul",
    Array(22).fill("d").join("/"),
  ];

  it.each(ESCAPES.map((name) => [name]))("as a rendered name: %j", async (name) => {
    await expect(run([fetchTemplate({ values: { name: `\${{ parameters.name }}` } })], skeleton({ [`\${{ values.name }}`]: "owned" }), { name })).rejects.toThrow(/is not allowed/);
    expect(readdirSync(parent)).toEqual(["target"]);
    expect(readdirSync(target)).toEqual([]);
  });

  it.each(["/etc/x", "//x", "a//b", "/"])("%j renders to no file at all", async (name) => {
    expect(await run([fetchTemplate({ values: { name } })], skeleton({ [`\${{ values.name }}`]: "owned", b: "1" }))).toEqual({ b: "1" });
    expect(readdirSync(parent)).toEqual(["target"]);
  });

  it.each(["..", "/tmp", "a/../..", ".git", "a\\b"])("as targetPath: %j", async (targetPath) => {
    for (const action of ["fetch:template", "fetch:plain"]) {
      await expect(run([{ action, input: { url: "./s", targetPath } }], skeleton({ a: "owned" }))).rejects.toThrow(/is not allowed/);
      expect(readdirSync(target)).toEqual([]);
    }
  });

  it("as source or target of fs:rename, or pattern of fs:delete", async () => {
    for (const file of [
      { from: "../x", to: "a" },
      { from: "a", to: "../x" },
      { from: "a", to: "/tmp/x" },
      { from: "a", to: ".git/x" },
      { from: ".", to: "b" },
      { from: "a", to: "a/b" },
    ]) {
      await expect(run([fetchTemplate({}), { action: "fs:rename", input: { files: [file] } }], skeleton({ a: "1" }))).rejects.toThrow(/is not allowed|whole folder|into itself/);
      rmSync(target, { recursive: true });
    }
    await expect(run([fetchTemplate({}), { action: "fs:delete", input: { files: ["../*"] } }], skeleton({ a: "1" }))).rejects.toThrow(/is not allowed/);
  });
});

describe("caps", () => {
  it("end a template that writes too many files or too many bytes", async () => {
    const many = Object.fromEntries(Array.from({ length: 700 }, (_, n) => [`s/f${n}`, ""]));
    const thrice = ["a", "b", "c"].map((targetPath) => ({ id: targetPath, action: "fetch:plain", input: { url: "./s", targetPath } }));
    await expect(run(thrice, many)).rejects.toThrow(/more than 2000 files/);
    rmSync(target, { recursive: true });
    await expect(run(thrice, { "s/big": Buffer.alloc(20 * 1024 * 1024) })).rejects.toThrow(/larger than 50 MB/);
  });
});

describe("fs:rename, fs:delete, fetch:plain and debug:log", () => {
  const files = skeleton({ "a/1.txt": "1", "a/2.md": "2", "b/.hidden": "h", "c.txt": `\${{ c }}` });

  it("rename files and folders", async () => {
    const rename = {
      action: "fs:rename",
      input: {
        files: [
          { from: "a", to: "x/y" },
          { from: "c.txt", to: "d.txt" },
        ],
      },
    };
    expect(await run([fetchTemplate({ url: "./s", copyWithoutTemplating: ["**"] }), rename], files)).toEqual({
      "x/y/1.txt": "1",
      "x/y/2.md": "2",
      "b/.hidden": "h",
      "d.txt": `\${{ c }}`,
    });
  });

  it("rename only over what may be replaced", async () => {
    const rename = (overwrite?: boolean) => ({ action: "fs:rename", input: { files: [{ from: "a/1.txt", to: "c.txt", overwrite }] } });
    await expect(run([{ action: "fetch:plain", input: { url: "s" } }, rename()], files)).rejects.toThrow(/c\.txt is there already/);
    rmSync(target, { recursive: true });
    expect(await run([{ action: "fetch:plain", input: { url: "s" } }, rename(true)], files)).toMatchObject({ "c.txt": "1" });
    rmSync(target, { recursive: true });
    await expect(run([{ action: "fs:rename", input: { files: [{ from: "nope", to: "x" }] } }], files)).rejects.toThrow(/nope is not there/);
  });

  it.each([
    [["a/*.txt"], ["a/2.md", "b/.hidden", "c.txt"]],
    [["a"], ["b/.hidden", "c.txt"]],
    [
      ["**/.hidden", "./c.txt"],
      ["a/1.txt", "a/2.md"],
    ],
    [["**"], []],
    [["nothing-here"], ["a/1.txt", "a/2.md", "b/.hidden", "c.txt"]],
  ])("delete %j", async (patterns, left) => {
    expect(
      Object.keys(
        await run(
          [
            { action: "fetch:plain", input: { url: "s" } },
            { action: "fs:delete", input: { files: patterns } },
          ],
          files,
        ),
      ),
    ).toEqual(left);
  });

  it("copy plainly, replacing", async () => {
    const steps = [
      { action: "fetch:plain", input: { url: "./one" } },
      { id: "second", action: "fetch:plain", input: { url: "./two" } },
    ];
    expect(await run(steps, { "one/a": "1", "two/a": `\${{ 2 }}` })).toEqual({ a: `\${{ 2 }}` });
  });

  it("log a message and what is there", async () => {
    await run(
      [
        { action: "fetch:plain", input: { url: "s" } },
        { action: "debug:log", input: { message: `Hello \${{ user.entity.spec.profile.displayName }}`, listWorkspace: "with-contents" } },
      ],
      files,
    );
    expect(lines).toEqual(expect.arrayContaining(["Hello Ada", "4 files:", "  a/1.txt", "1"]));
  });
});
