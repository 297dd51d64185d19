import { readdirSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { expect, it } from "vitest";

const ROOT = "app/api/v1";
/** The description itself, and the answer to what does not exist. */
const LEFT_OUT = new Set(["/openapi.json", "/[...rest]"]);

it("describes every route of the API", async () => {
  const paths = readdirSync(ROOT, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith("route.ts"))
    .map((file) => `/${file.slice(0, -"/route.ts".length)}`)
    .filter((path) => !LEFT_OUT.has(path));
  const listed = await readFile(`${ROOT}/openapi.json/route.ts`, "utf8");
  const missing = paths.filter((path) => !listed.includes(`path: "${path.replace(/\[(\w+)\]/g, "{$1}")}"`));
  expect(paths.length).toBeGreaterThan(30);
  expect(missing).toEqual([]);
});
