import { mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, expect, test } from "vitest";
import { memoryRun } from "@/tests/setup/run-context";
import { shippedPath } from "@/tests/setup/shipped-path";
import { parseDefinition } from "./definition";
import { renderer } from "./engine/renderer";
import { readPathFolder } from "./engine/template-folder";
import { writtenFiles } from "./written-files";

const parent = mkdtempSync(path.join(tmpdir(), "written-files-"));
afterAll(async () => {
  await renderer().close();
  rmSync(parent, { recursive: true, force: true });
});

test.each(["node-express", "nextjs-web", "worker-queue"])("%s: whatever it renders is among what it says that it writes", async (name) => {
  const files = await readPathFolder(path.join(process.cwd(), "golden-paths", name));
  const written = writtenFiles(parseDefinition(files.get("template.yaml")?.content.toString() ?? ""), files);
  const dir = path.join(parent, name);
  await shippedPath(name, { name: "shop" })(dir, memoryRun("env_written").context, new AbortController().signal);
  const rendered = readdirSync(dir, { recursive: true, encoding: "utf8" }).filter((file) => statSync(path.join(dir, file)).isFile());
  expect(rendered.length).toBeGreaterThan(30);
  expect(written).toEqual(expect.arrayContaining(rendered));
});

test("targets, single files and extensions of templates are followed; what is no folder is left out", () => {
  const file = { content: Buffer.from("x"), mode: 0o644 };
  const files = new Map(["template.yaml", "parts/a.txt.njk", "parts/b/c.txt", "ci.yml"].map((name) => [name, file]));
  const steps = [
    { id: "a", action: "fetch:template", input: { url: "./parts", targetPath: "./src/", templateFileExtension: "njk" } },
    { id: "b", action: "fetch:plain:file", input: { url: "./ci.yml", targetPath: ".github/ci.yml" } },
    { id: "c", action: "fetch:plain", input: { url: "./nowhere" } },
    { id: "d", action: "debug:log", input: { message: "no" } },
  ];
  const definition = parseDefinition(
    JSON.stringify({ apiVersion: "scaffolder.backstage.io/v1beta3", kind: "Template", metadata: { name: "parts" }, spec: { type: "service", steps } }),
  );
  expect(writtenFiles(definition, files)).toEqual([".github/ci.yml", "src/a.txt", "src/b/c.txt"]);
});
