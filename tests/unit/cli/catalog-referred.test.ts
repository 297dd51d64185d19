import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { filesAt } from "@/lib/cli/catalog-files";

const root = mkdtempSync(path.join(tmpdir(), "catalog-files-"));
const inside = path.join(root, "repository");

beforeAll(() => {
  mkdirSync(path.join(inside, "svc", "api"), { recursive: true });
  writeFileSync(path.join(root, "outside.yaml"), "secret: true\n");
  writeFileSync(path.join(inside, "shared.json"), "{}");
  writeFileSync(path.join(inside, "svc", "api", "openapi.yaml"), "openapi: 3.1.0\n");
  symlinkSync("/etc/passwd", path.join(inside, "svc", "link.txt"));
  const targets = ["./api/openapi.yaml", "../shared.json", "/shared.json", "../../outside.yaml", "./link.txt", "./nowhere.yaml", "https://example.com/x.yaml"];
  writeFileSync(
    path.join(inside, "svc", "catalog-info.yaml"),
    `kind: API\n${targets.map((target, index) => `a${index}:\n  $text: ${target}\n`).join("")}inline: {$json: '../shared.json'}\n`,
  );
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

test("a folder brings its catalog files and what their placeholders name in it, nothing from outside", async () => {
  const files = await filesAt(inside);
  expect(files.map(({ name }) => name)).toEqual(["svc/catalog-info.yaml", "svc/api/openapi.yaml", "shared.json"]);
});
