import { lstatSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { isDomainError } from "@/lib/core/errors";
import { readSafely, safeChildPath, safeSegments, writeSafely } from "./safe-path";

let outside: string;
let root: string;

beforeEach(() => {
  outside = realpathSync(mkdtempSync(path.join(tmpdir(), "safe-path-")));
  root = path.join(outside, "root");
  mkdirSync(root);
});
afterEach(() => rmSync(outside, { recursive: true }));

const REFUSED = [
  "..",
  "../x",
  "a/../../x",
  "a/..",
  "a/b/../../../x",
  "./../x",
  "/etc/x",
  "//etc/x",
  "/",
  "C:/x",
  "c:x",
  "./C:",
  "a\\..\\x",
  "..\\x",
  "\\\\host\\share",
  "a\0b",
  "a\nb",
  "a\u007fb",
  ".git",
  ".git/config",
  "a/.git/hooks/post-checkout",
  ".GIT/config",
  ".Git",
  ".git./config",
  ".git /config",
  "git~1/config",
  ".g\u200cit/config",
  "．git/config",
  "...",
  ".. /x",
  "con",
  "a/NUL",
  "aux.js",
  "LPT1.txt",
  `${"x".repeat(256)}`,
  `${"ä".repeat(128)}`,
  Array.from({ length: 21 }, (_, n) => `d${n}`).join("/"),
];

const ALLOWED: [string, string[]][] = [
  ["", []],
  [".", []],
  ["a", ["a"]],
  ["./a/b", ["a", "b"]],
  ["a//b/", ["a", "b"]],
  [".gitignore", [".gitignore"]],
  [".github/workflows/ci.yml", [".github", "workflows", "ci.yml"]],
  ["a..b/..c", ["a..b", "..c"]],
  ["console.js", ["console.js"]],
  ["mit leer zeichen/ünïcode 🎈", ["mit leer zeichen", "ünïcode 🎈"]],
];

describe("safeSegments", () => {
  it.each(REFUSED.map((name) => [name]))("refuses %j", (name) => {
    expect(() => safeSegments(name)).toThrow(/is not allowed/);
  });

  it.each(ALLOWED)("allows %j", (name, segments) => {
    expect(safeSegments(name)).toEqual(segments);
  });

  it("never lets any text leave the folder", () => {
    const nasty = fc.constantFrom("..", ".", "/", "\\", ".git", "a", " ", "\0", "C:", "~", "%2e%2e", "．．", "\u202e");
    const text = fc.oneof(
      fc.string(),
      fc.array(fc.oneof(nasty, fc.string({ maxLength: 4 })), { maxLength: 12 }).map((parts) => parts.join("/")),
    );
    fc.assert(
      fc.property(text, (name) => {
        let segments: string[];
        try {
          segments = safeSegments(name);
        } catch (error) {
          expect(isDomainError(error)).toBe(true);
          return;
        }
        const target = path.resolve("/root/folder", ...segments);
        expect(target === "/root/folder" || target.startsWith("/root/folder/")).toBe(true);
        expect(target.split("/")).not.toContain(".git");
        expect(safeSegments(segments.join("/"))).toEqual(segments);
      }),
      { numRuns: 3_000 },
    );
  });
});

describe("writing", () => {
  it("creates folders, sets the mode whatever the umask, and reads back", async () => {
    expect(await writeSafely(root, "a/b/run.sh", Buffer.from("#!/bin/sh\n"), 0o755, false)).toBe(true);
    expect(lstatSync(path.join(root, "a/b/run.sh")).mode & 0o777).toBe(0o755);
    expect((await readSafely(root, "a/b/run.sh")).toString()).toBe("#!/bin/sh\n");
  });

  it("leaves what is there unless told to replace it", async () => {
    await writeSafely(root, "x", Buffer.from("long first"), 0o644, false);
    expect(await writeSafely(root, "x", Buffer.from("2"), 0o644, false)).toBe(false);
    expect(readFileSync(path.join(root, "x"), "utf8")).toBe("long first");
    expect(await writeSafely(root, "x", Buffer.from("2"), 0o644, true)).toBe(true);
    expect(readFileSync(path.join(root, "x"), "utf8")).toBe("2");
  });

  it.each(REFUSED.map((name) => [name]))("writes nothing for %j", async (name) => {
    await expect(writeSafely(root, name, Buffer.from("x"), 0o644, true)).rejects.toThrow(/is not allowed/);
    expect(readdirSync(outside)).toEqual(["root"]);
    expect(readdirSync(root)).toEqual([]);
  });

  it.each([
    ["a link to a folder outside", "link/x", () => symlinkSync(outside, path.join(root, "link"))],
    ["a link in the middle", "a/link/b/x", () => symlinkSync(outside, path.join(mkdirSync(path.join(root, "a"), { recursive: true }) ?? root, "link"))],
    ["a link to a file outside", "link", () => symlinkSync(path.join(outside, "victim"), path.join(root, "link"))],
    ["a link that leads nowhere", "link", () => symlinkSync(path.join(outside, "new"), path.join(root, "link"))],
    ["a link that stays inside", "link/x", () => symlinkSync(root, path.join(root, "link"))],
  ])("does not follow %s", async (_name, target, prepare) => {
    writeFileSync(path.join(outside, "victim"), "untouched");
    prepare();
    await expect(writeSafely(root, target, Buffer.from("owned"), 0o644, true)).rejects.toThrow(/a link is on the way/);
    await expect(readSafely(root, target)).rejects.toThrow(/a link is on the way/);
    expect(readFileSync(path.join(outside, "victim"), "utf8")).toBe("untouched");
    expect(readdirSync(outside).sort()).toEqual(["root", "victim"]);
  });

  it("says what is wrong when a file is where a folder is needed, and the reverse", async () => {
    await writeSafely(root, "a", Buffer.from(""), 0o644, false);
    await expect(writeSafely(root, "a/b", Buffer.from(""), 0o644, false)).rejects.toThrow(/a file is where a folder is needed/);
    mkdirSync(path.join(root, "dir"));
    await expect(writeSafely(root, "dir", Buffer.from(""), 0o644, true)).rejects.toThrow(/something that is not a file is there/);
    await expect(writeSafely(root, "./", Buffer.from(""), 0o644, true)).rejects.toThrow(/names no file/);
  });

  it("works where the root itself is reached through a link", async () => {
    symlinkSync(root, path.join(outside, "alias"));
    await writeSafely(path.join(outside, "alias"), "x", Buffer.from("1"), 0o644, false);
    expect(await safeChildPath(path.join(outside, "alias"), "x")).toBe(path.join(root, "x"));
  });
});
