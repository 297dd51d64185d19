import { appendFile, mkdtemp, open, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { lastLines, readLog, rotateLog, timeOf } from "./log-file";
import { tellingLine } from "./start-failures";

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "wm-log-"));
  file = path.join(folder, "app.log");
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const texts = async (options: Parameters<typeof readLog>[1]) => (await readLog(file, options)).map((line) => line.text);

describe("reading", () => {
  test("a log that is not there is empty", async () => {
    expect(await readLog(file, { tail: 10 })).toEqual([]);
    expect(await readLog(file, { after: 0 })).toEqual([]);
  });

  test("offsets are bytes, so a character of several bytes does not shift them", async () => {
    await appendFile(file, "é€😀\nzwei\n");
    const lines = await readLog(file, { after: 0 });
    expect(lines.map((line) => [line.offset, line.text])).toEqual([
      [10, "é€😀"],
      [15, "zwei"],
    ]);
    expect(await texts({ after: 10 })).toEqual(["zwei"]);
    expect(await texts({ after: 15 })).toEqual([]);
  });

  test("a line that is still being written comes once it is whole", async () => {
    await appendFile(file, "whole\nhal");
    expect(await texts({ after: 0 })).toEqual(["whole"]);
    await appendFile(file, "f\n");
    expect(await texts({ after: 6 })).toEqual(["half"]);
  });

  test("a line longer than a read does not stop the reader", async () => {
    await appendFile(file, `${"x".repeat(1_200_000)}\nafter\n`);
    let offset = 0;
    const seen: string[] = [];
    for (let lines = await readLog(file, { after: offset }); lines.length > 0; lines = await readLog(file, { after: offset })) {
      seen.push(...lines.map((line) => line.text));
      offset = lines.at(-1)?.offset ?? offset;
    }
    expect(seen.at(-1)).toBe("after");
    expect(seen.join("").length).toBe(1_200_005);
  });

  test("the tail of a large log begins with a whole line", async () => {
    await appendFile(file, Array.from({ length: 40_000 }, (_, i) => `line ${i} ${"y".repeat(20)}\n`).join(""));
    const tail = await texts({ tail: 5_000 });
    expect(tail).toHaveLength(5_000);
    expect(tail[0]).toMatch(/^line 35000 y+$/);
  });
});

describe("rotation", () => {
  test("offsets go on, old lines stay readable, and the writer keeps its file", async () => {
    const writer = await open(file, "a");
    await writer.write("one\ntwo\n");
    expect(await rotateLog(file, 4)).toBe(true);
    await writer.write("three\n");
    expect((await readLog(file, { after: 0 })).map((line) => [line.offset, line.text])).toEqual([
      [4, "one"],
      [8, "two"],
      [14, "three"],
    ]);
    expect(await texts({ after: 8 })).toEqual(["three"]);
    expect(await rotateLog(file, 4)).toBe(true);
    await writer.write("four\n");
    // One old copy is kept: what was before it is gone, and a reader who stopped there goes on with what is left.
    expect(await readdir(folder)).toHaveLength(2);
    expect((await readLog(file, { after: 4 })).map((line) => [line.offset, line.text])).toEqual([
      [14, "three"],
      [19, "four"],
    ]);
    expect(await lastLines(file, 1)).toEqual(["four"]);
    await writer.close();
  });

  test("a small log is left alone", async () => {
    await appendFile(file, "one\n");
    expect(await rotateLog(file)).toBe(false);
    expect(await readdir(folder)).toEqual(["app.log"]);
  });
});

test.each([
  ['{"time":"2026-01-02T03:04:05.678Z","level":"info"}', "2026-01-02T03:04:05.678Z"],
  ["2026-01-02T03:04:05+02:00 started", "2026-01-02T01:04:05.000Z"],
  ['{"level":30,"time":1767323045678,"msg":"x"}', "2026-01-02T03:04:05.678Z"],
  ["no time here", null],
  ["2026-99-99T99:99:99Z is no time", null],
])("the time of %s is %s", (line, at) => {
  expect(timeOf(line)).toBe(at);
});

describe("the line that says what went wrong", () => {
  test("is the error, not the stack or what comes after it", () => {
    const lines = [
      "listening",
      "file:///app/server.js:3",
      "throw new Error('x')",
      "      ^",
      "Error: connect ECONNREFUSED 10.0.0.1:5432",
      "    at TCPConnectWrap.afterConnect",
      "Node.js v20.20.2",
    ];
    expect(tellingLine(lines)).toBe("Error: connect ECONNREFUSED 10.0.0.1:5432");
  });
  test("is the message of a JSON line", () => {
    expect(tellingLine(['{"level":"error","message":"DATABASE_URL is not set"}'])).toBe("DATABASE_URL is not set");
    expect(tellingLine(['{"level":50,"msg":"failed to start"}'])).toBe("failed to start");
  });
  test("is the last one when none speaks of an error, and nothing when there is none", () => {
    expect(tellingLine(["one", "two", ""])).toBe("two");
    expect(tellingLine([])).toBeNull();
  });
});
