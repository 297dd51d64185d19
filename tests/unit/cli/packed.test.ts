import { execFile } from "node:child_process";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { builtinModules } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startNode } from "./command-line";
import { type ContractPortal, contractPortal, TOKEN } from "./contract-portal";

const exec = promisify(execFile);
let folder = "";
let portal: ContractPortal;

/** The tarball as `npm pack` makes it, unpacked where nothing else is installed. */
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "wm-packed-"));
  const { stdout } = await exec("npm", ["pack", "--json", "--pack-destination", folder], { cwd: process.cwd() });
  const json = stdout.slice(stdout.indexOf("[\n"));
  const [{ filename }] = JSON.parse(json) as [{ filename: string }];
  await exec("tar", ["-xzf", path.join(folder, filename), "-C", folder]);
  portal = await contractPortal();
});

afterAll(async () => {
  await portal.close();
  await rm(folder, { recursive: true, force: true });
});

const file = (name: string) => path.join(folder, "package", name);
const env = () => ({ PATH: process.env.PATH ?? "", HOME: folder, WAYMARK_URL: portal.url, WAYMARK_TOKEN: TOKEN });

test("the tarball holds the two programs and no server", async () => {
  expect((await readdir(file("."))).filter((name) => !/^(package\.json|README\.md|LICENSE.*)$/.test(name))).toEqual(["dist"]);
  expect((await readdir(file("dist/cli"))).sort()).toEqual(["create-sandbox.js", "waymark.js"]);
});

test.each(["waymark", "create-sandbox"])("%s needs nothing but Node", async (name) => {
  const text = await readFile(file(`dist/cli/${name}.js`), "utf8");
  expect(text.startsWith("#!/usr/bin/env node\n")).toBe(true);
  expect(text.length).toBeLessThan(150_000);
  const imported = [...text.matchAll(/^import .*from ["']([^"']+)["'];$/gm)].map(([, from = ""]) => from.replace(/^node:/, ""));
  expect(imported).not.toEqual([]);
  expect(imported.filter((from) => !builtinModules.includes(from))).toEqual([]);
});

test("create-sandbox works from it, started as a program", async () => {
  const { stdout } = await exec(file("dist/cli/create-sandbox.js"), ["--template", "node-express", "--ttl", "48h", "--json"], { env: { ...env(), NODE_ENV: "test" }, cwd: folder });
  expect(JSON.parse(stdout)).toMatchObject({ environment: { name: "basket", status: "ready" }, run: { status: "succeeded" } });
});

test("what needs the server's machine says so", async () => {
  for (const args of [
    ["token", "create", "--as", "ada"],
    ["admin", "grant", "ada@example.com"],
  ]) {
    const ended = await startNode([file("dist/cli/waymark.js"), ...args], env(), folder).ended;
    expect(ended).toMatchObject({ code: 2, stdout: "" });
    expect(ended.stderr).toContain("only in the checkout on the server's own machine");
  }
});
