import { mkdtempSync, rmSync } from "node:fs";
import { mkdir, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, afterEach, describe, expect, it, test } from "vitest";
import { parseManifest } from "@/lib/environments/manifest";
import { renderer } from "@/lib/golden-paths/engine/renderer";
import { type LocalHarness, openLocalHarness } from "@/tests/setup/local-driver";
import { loadShipped, renderShipped } from "@/tests/setup/rendered-path";
import { memoryRun } from "@/tests/setup/run-context";
import { testEnvironment } from "../driver.suite";
import { ignoredBy } from "./builds";

const parent = mkdtempSync(path.join(tmpdir(), "builds-"));
let harness: LocalHarness;
afterEach(async () => {
  await harness?.close();
});
afterAll(async () => {
  await renderer().close();
  rmSync(parent, { recursive: true, force: true });
});

test.each([
  ["a name", "docs\n", "docs/a.md", true],
  ["a name elsewhere", "docs\n", "src/docs.js", false],
  ["a pattern at the root", "*.md\n", "README.md", true],
  ["a pattern below", "*.md\n", "src/a.md", false],
  ["an exception", "src\n!src/kept.js\n", "src/kept.js", false],
  ["a comment", "# src\n", "src/a.js", false],
  ["a slash", "/dist/\n", "dist/a.js", true],
])("%s in .dockerignore", (_name, text, file, expected) => {
  expect(ignoredBy(text)(file)).toBe(expected);
});

test.each(["node-express", "nextjs-web", "worker-queue"])("%s is built once whatever it is called: no source that takes part names it", async (name) => {
  const { names, text } = await renderShipped(await loadShipped(name), { name: "quite-unusual", owner: "group:default/odd-team" }, { parent, thread: renderer() });
  const isIgnored = ignoredBy(text(".dockerignore"));
  expect(names.filter((file) => file !== "package.json" && !isIgnored(file) && /quite-unusual|odd-team/.test(text(file)))).toEqual([]);
  expect(names.filter(isIgnored).length).toBeGreaterThan(20);
  expect(names.filter((file) => file.startsWith("src/") && isIgnored(file))).toEqual([]);
});

const MANIFEST = `apiVersion: waymark.dev/v1
kind: Environment
spec:
  runtime: node
  build: { run: [node, build.mjs], output: dist }
  start: [node, server.mjs]
  health: /
  memoryMiB: 128
  variables: [{ name: SECRET_WORD, default: open-sesame }]
`;
// What the build saw: its files, whether it reaches the network, the team's variable; and a number that differs from build to build.
const BUILD = `import { readdirSync, writeFileSync, mkdirSync } from "node:fs";
import { networkInterfaces } from "node:os";
mkdirSync("dist", { recursive: true });
writeFileSync("dist/seen.json", JSON.stringify({ files: readdirSync(".").sort(), ways: Object.keys(networkInterfaces()).filter((name) => name !== "lo"), word: process.env.SECRET_WORD ?? null, number: Math.random() }));
console.log("made it");
`;
const SERVER = `import { createServer } from "node:http";
import { readFileSync, writeFileSync } from "node:fs";
let isWritable = true;
try { writeFileSync("dist/mine", ""); } catch { isWritable = false; }
createServer((_req, res) => res.end(JSON.stringify({ ...JSON.parse(readFileSync("dist/seen.json", "utf8")), isWritable }))).listen(process.env.PORT);
`;

const app =
  (name: string, build = BUILD) =>
  async (target: string) => {
    const files = {
      "package.json": JSON.stringify({ name, version: "1.0.0", type: "module" }),
      "build.mjs": build,
      "server.mjs": SERVER,
      "waymark.yaml": MANIFEST,
      "README.md": name,
      ".dockerignore": "*.md\nwaymark.yaml\n",
    };
    await mkdir(target, { recursive: true });
    for (const [file, text] of Object.entries(files)) await writeFile(path.join(target, file), text);
    return parseManifest(MANIFEST);
  };

async function provision(materialize: ReturnType<typeof app>) {
  const { spec, environment } = testEnvironment({ materialize, memoryMiB: 128 });
  const run = memoryRun(environment.environmentId);
  await harness.driver.provision(run.context, spec);
  const seen = JSON.parse((await harness.get(environment, "/")).body);
  await harness.driver.destroy(memoryRun(environment.environmentId).context, environment);
  return seen;
}

const kept = async () => {
  const home = (await readdir("/var/tmp").catch(() => [])).filter((name) => name.startsWith("waymark-dependencies-"));
  const folders = [path.join(harness.settings.dataDir, "dependencies"), ...home.map((name) => path.join("/var/tmp", name))];
  return (
    await Promise.all(folders.map(async (folder) => (await readdir(folder).catch(() => [])).filter((name) => name.startsWith("build-")).map((name) => path.join(folder, name))))
  ).flat();
};

describe.each(["bubblewrap", "process"] as const)("a build (%s)", (strongest) => {
  it("is made once for the same sources, sees no variables and no way out, and is read-only", async () => {
    harness = await openLocalHarness({ strongest });
    const [first, second] = [await provision(app("one")), await provision(app("two"))];
    expect(second.number).toBe(first.number);
    expect(first).toMatchObject({ word: null });
    expect(first.files.filter((file: string) => !["dist", "node_modules"].includes(file))).toEqual([".dockerignore", "build.mjs", "package.json", "server.mjs"]);
    // Outside a sandbox only accounts and modes keep things apart, and an administrator's process has neither.
    if ((await harness.driver.isolation()).level === "bubblewrap") expect([first.ways, first.isWritable, second.isWritable]).toEqual([[], false, false]);
    const other = await provision(app("one", `${BUILD}// changed\n`));
    expect(other.number).not.toBe(first.number);
  });

  it("that fails says why with its last lines, and leaves nothing", async () => {
    harness = await openLocalHarness({ strongest });
    await expect(provision(app("one", 'console.log("reading"); throw new Error("the sky is missing");'))).rejects.toMatchObject({
      outcome: { causeCode: "build-failed", cause: expect.stringContaining("the sky is missing"), whoCanFix: "you" },
    });
    expect((await kept()).filter((name) => name.startsWith(harness.settings.dataDir))).toEqual([]);
    expect(await provision(app("one"))).toMatchObject({ word: null });
    for (const place of (await kept()).filter((name) => name.startsWith(harness.settings.dataDir))) {
      expect(await readFile(path.join(place, "complete"), "utf8")).toBe("");
      expect((await stat(path.join(place, "output/seen.json"))).mode & 0o222).toBe(0);
    }
  });
});
