import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { useCommandLine } from "./bench";
import { problem } from "./contract-portal";

const { portal, run } = useCommandLine();
const dir = mkdtempSync(path.join(tmpdir(), "waymark-path-"));
const folder = path.join(dir, "tiny");
const CHECKS = "POST /api/v1/golden-path-checks";
const warning = { file: "template.yaml", line: 3, severity: "warning", rule: "no-title", message: "The path has no title." };
const error = { file: "skeleton/a.js", line: 9, severity: "error", rule: "template-syntax", message: "Missing endif tag." };

beforeAll(() => {
  mkdirSync(path.join(folder, "skeleton/node_modules"), { recursive: true });
  writeFileSync(path.join(folder, "template.yaml"), "kind: Template\nmetadata:\n  title: Tiny\n  name: tiny\n");
  writeFileSync(path.join(folder, "skeleton/run.sh"), "#!/bin/sh\n", { mode: 0o755 });
  writeFileSync(path.join(folder, "skeleton/logo.bin"), Buffer.from([0, 255]));
  writeFileSync(path.join(folder, "skeleton/node_modules/x.js"), "left out");
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

describe("path lint", () => {
  test("sends the folder and prints remarks by file and line", async () => {
    portal().answers[CHECKS] = { status: 200, body: { findings: [warning], concepts: ["HTTP"], form: [], steps: [], formLine: 1, changes: { files: 0, added: 0, removed: 0 } } };
    const ended = await run("waymark", ["path", "lint", folder]);
    expect(ended).toMatchObject({ code: 0, stdout: "template.yaml:3: warning: The path has no title. [no-title]\n" });
    const files = (portal().seen.at(-1)?.body as { files: { path: string; encoding: string; isExecutable: boolean }[] } | undefined)?.files ?? [];
    expect(files.map((file) => [file.path, file.encoding, file.isExecutable])).toEqual([
      ["skeleton/logo.bin", "base64", false],
      ["skeleton/run.sh", "utf8", true],
      ["template.yaml", "utf8", false],
    ]);
  });

  test("brings what the template fetches from above, out of its repository alone", async () => {
    portal().answers[CHECKS] = { status: 200, body: { findings: [], concepts: [] } };
    const repository = mkdtempSync(path.join(dir, "repository-"));
    const own = path.join(repository, "templates/tiny");
    for (const name of [".git", "templates/tiny", "skeletons/catalog/docs"]) mkdirSync(path.join(repository, name), { recursive: true });
    writeFileSync(path.join(repository, "skeletons/catalog/catalog-info.yaml"), "kind: Component\n");
    writeFileSync(path.join(repository, "skeletons/catalog/docs/index.md"), "# Tiny\n");
    const steps = ["../../skeletons/catalog/", "../../skeletons/catalog/docs", "../../../outside", "../../skeletons/missing", "../../linked/secret", "../../.git"];
    mkdirSync(path.join(dir, "beyond"));
    writeFileSync(path.join(dir, "beyond/secret"), "not of the repository");
    symlinkSync(path.join(dir, "beyond"), path.join(repository, "linked"));
    writeFileSync(path.join(repository, ".git/config"), "a token");
    writeFileSync(path.join(own, "template.yaml"), steps.map((url) => `- { action: "fetch:template", input: { url: "${url}" } }\n`).join(""));
    writeFileSync(path.join(dir, "outside"), "not of the repository");
    expect((await run("waymark", ["path", "lint", own])).code).toBe(0);
    const { files = [] } = (portal().seen.at(-1)?.body ?? {}) as { files?: { path: string; content: string }[] };
    expect(files.map((file) => file.path)).toEqual(["template.yaml", "from-repository/skeletons/catalog/catalog-info.yaml", "from-repository/skeletons/catalog/docs/index.md"]);
    expect([...(files[0]?.content ?? "").matchAll(/url: "(.*?)"/g)].map(([, url]) => url)).toEqual([
      "./from-repository/skeletons/catalog",
      "./from-repository/skeletons/catalog/docs",
      "../../../outside",
      "../../skeletons/missing",
      "../../linked/secret",
      "../../.git",
    ]);
  });

  test("ends with 1 when something stops publishing", async () => {
    portal().answers[CHECKS] = { status: 200, body: { findings: [warning, error], concepts: [] } };
    const ended = await run("waymark", ["path", "lint", folder]);
    expect(ended.code).toBe(1);
    expect(ended.stdout).toContain("skeleton/a.js:9: error: Missing endif tag. [template-syntax]");
    expect(ended.stderr).toContain("1 error to correct.");
  });

  test.each([
    ["nothing there", () => path.join(dir, "nothing"), "is no folder"],
    ["no template", () => path.join(folder, "skeleton"), "holds no template.yaml"],
  ])("ends with 2 for %s", async (_name, where, why) => {
    const ended = await run("waymark", ["path", "lint", where()]);
    expect(ended.code).toBe(2);
    expect(ended.stderr).toContain(why);
  });

  test("never follows a link", async () => {
    const linked = mkdtempSync(path.join(dir, "linked-"));
    writeFileSync(path.join(linked, "template.yaml"), "x");
    symlinkSync("/proc/self/environ", path.join(linked, "environ"));
    const ended = await run("waymark", ["path", "lint", linked]);
    expect(ended).toMatchObject({ code: 2, stdout: "" });
    expect(ended.stderr).toContain("environ is a link");
  });
});

test("path test says what it rendered, and with what", async () => {
  const dryRun = { files: [{ path: "README.md", bytes: 12 }], log: [{ level: "info", text: "Wrote 1 files." }], skippedSteps: [], output: {}, durationMs: 7 };
  portal().answers["POST /api/v1/golden-path-tests"] = { status: 200, body: { findings: [], values: { name: "shop" }, dryRun } };
  const ended = await run("waymark", ["path", "test", folder, "--set", "name=shop"]);
  expect(ended).toMatchObject({ code: 0, stdout: "  Wrote 1 files.\nREADME.md (12 bytes)\n" });
  expect(portal().seen.at(-1)?.body).toMatchObject({ values: { name: "shop" } });
});

test("path publish sends the folder to the path that template.yaml names, and needs a note", async () => {
  portal().answers["POST /api/v1/golden-paths/tiny/versions"] = { status: 201, body: { name: "tiny", version: "1.1.0", replaced: "1.0.0" } };
  const ended = await run("waymark", ["path", "publish", folder, "--note", "Shorter"]);
  expect(ended).toMatchObject({ code: 0, stdout: "Published tiny 1.1.0, after 1.0.0.\n" });
  expect(portal().seen.at(-1)?.body).toMatchObject({ note: "Shorter" });
  expect(await run("waymark", ["path", "publish", folder])).toMatchObject({ code: 2 });
  portal().answers["POST /api/v1/golden-paths/tiny/versions"] = problem(409, "conflict", "tiny 1.1.0 is published already.");
  expect(await run("waymark", ["path", "publish", folder, "--note", "Again"])).toMatchObject({ code: 4, stderr: expect.stringContaining("published already") });
});
