import { once } from "node:events";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { packFiles, unpackFiles } from "../archive";
import { hashFiles, readTemplateFolder } from "./template-folder";

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(path.join(tmpdir(), "template-"));
});
afterEach(() => rmSync(dir, { recursive: true }));

function put(name: string, content: string | Buffer = "x", mode = 0o644): void {
  mkdirSync(path.dirname(path.join(dir, name)), { recursive: true });
  writeFileSync(path.join(dir, name), content);
  chmodSync(path.join(dir, name), mode);
}

describe("readTemplateFolder", () => {
  it("reads paths, contents and whether a file is executable", async () => {
    put("template.yaml", "a: 1");
    put("skeleton/bin/run", "#!", 0o700);
    put(`skeleton/\${{ values.name }}.js`, Buffer.from([0, 255, 1]), 0o600);
    const files = await readTemplateFolder(dir);
    expect([...files.keys()]).toEqual([`skeleton/\${{ values.name }}.js`, "skeleton/bin/run", "template.yaml"]);
    expect(files.get("skeleton/bin/run")?.mode).toBe(0o755);
    expect(files.get(`skeleton/\${{ values.name }}.js`)).toEqual({ mode: 0o644, content: Buffer.from([0, 255, 1]) });
    expect(unpackFiles(packFiles(files))).toEqual(files);
  });

  it("leaves out git's data and installed packages", async () => {
    put(".git/config");
    put("skeleton/node_modules/x/index.js");
    put("skeleton/.gitignore");
    expect([...(await readTemplateFolder(dir)).keys()]).toEqual(["skeleton/.gitignore"]);
  });

  it.each([
    ["a link to a secret", () => symlinkSync("/proc/self/environ", path.join(dir, "skeleton/env"))],
    ["a link to a folder", () => symlinkSync("/etc", path.join(dir, "skeleton/etc"))],
    ["a link to a neighbour", () => symlinkSync("a", path.join(dir, "skeleton/b"))],
  ])("refuses %s by name, without reading it", async (_name, link) => {
    put("skeleton/a");
    link();
    await expect(readTemplateFolder(dir)).rejects.toThrow(/^skeleton\/\w+ is a link\. A template may hold only files and folders/);
  });

  it("refuses a socket", async () => {
    const server = createServer().listen(path.join(dir, "socket"));
    await once(server, "listening");
    await expect(readTemplateFolder(dir)).rejects.toThrow(/socket is a device or socket/);
    server.close();
  });

  it("refuses too many files, too many bytes and too deep folders", async () => {
    for (let n = 0; n < 2_001; n += 1) writeFileSync(path.join(dir, `f${n}`), "");
    await expect(readTemplateFolder(dir)).rejects.toThrow(/more than 2000 files/);
    rmSync(dir, { recursive: true });
    put(`${"d/".repeat(21)}x`);
    await expect(readTemplateFolder(dir)).rejects.toThrow(/deeper than 20 folders/);
    rmSync(dir, { recursive: true });
    put("a", Buffer.alloc(30 * 1024 * 1024));
    put("b", Buffer.alloc(21 * 1024 * 1024));
    await expect(readTemplateFolder(dir)).rejects.toThrow(/larger than 50 MB/);
  });

  it.each(["nul", "a\\b", "new\nline"])("refuses the name %j", async (name) => {
    put(`skeleton/${name}`);
    await expect(readTemplateFolder(dir)).rejects.toThrow(/is not allowed/);
  });
});

describe("hashFiles", () => {
  const file = (content: string, mode = 0o644) => ({ content: Buffer.from(content), mode });

  it("depends on path, mode and content, not on the order", () => {
    const base = hashFiles(
      new Map([
        ["a", file("1")],
        ["b", file("2")],
      ]),
    );
    expect(
      hashFiles(
        new Map([
          ["b", file("2")],
          ["a", file("1")],
        ]),
      ),
    ).toBe(base);
    const others = [
      new Map([
        ["a", file("1")],
        ["b", file("3")],
      ]),
      new Map([
        ["a", file("1")],
        ["c", file("2")],
      ]),
      new Map([
        ["a", file("1", 0o755)],
        ["b", file("2")],
      ]),
      new Map([["a", file("1")]]),
      new Map([["ab", file("12")]]),
    ];
    expect(new Set([base, ...others.map(hashFiles)]).size).toBe(6);
  });
});
