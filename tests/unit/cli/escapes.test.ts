import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { clean, cleanLine } from "@/lib/cli/terminal";
import { useCommandLine } from "./bench";
import { problem } from "./contract-portal";
import { line, sampleEnvironment, sampleRun } from "./sample-objects";

const { portal, run } = useCommandLine();

const HOSTILE = [
  "\u001b]52;c;cm0gLXJmIH4=\u0007",
  "\u001b]8;;http://evil.test\u001b\\click\u001b]8;;\u001b\\",
  "\u009b31mred\u009d0;title\u009c",
  "\u001bPq#0\u001b\\\u001b[2J\u001b[H\u001bc",
  "over\rwritten\b\b\u0000\u007f",
  "\u202Egnp.exe\u2066",
].join("|");
/** Bytes that a terminal may act on, tab and line feed apart. */
const ACTIVE = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/;

describe("text of a server", () => {
  test("loses what drives a terminal and keeps what is text", () => {
    expect(clean("\u001b]52;c;cm0=\u0007name")).toBe("name");
    expect(clean("\u001b]8;;http://evil.test\u001b\\click\u001b]8;;\u001b\\ here")).toBe("click here");
    expect(clean("\u001b[1;31mred\u001b[0m, \u009b32mgreen")).toBe("red, green");
    expect(clean("a\tb\nc ü 漢 🎉")).toBe("a\tb\nc ü 漢 🎉");
    expect(clean("\u001b]0;never ended\nnext line")).toBe("\nnext line");
    expect(cleanLine(" forged\r\nRun: http://evil.test ")).toBe("forged Run: http://evil.test");
  });

  test("whatever it is, nothing active is left, twice is once, and it takes no long time", () => {
    const hostile = fc.string({ unit: fc.constantFrom("\u001b", "[", "]", "\\", "\u0007", "\u009b", "\u009c", "P", "m", ";", "3", "a", "\n", "\u202e"), maxLength: 200 });
    fc.assert(
      fc.property(hostile, (text) => {
        const safe = clean(text);
        expect(safe).not.toMatch(ACTIVE);
        expect(clean(safe)).toBe(safe);
      }),
      { numRuns: 2_000 },
    );
    const begun = performance.now();
    clean("\u001b]".repeat(500_000));
    clean(`\u001b[${"0".repeat(1_000_000)}`);
    expect(performance.now() - begun).toBeLessThan(10_000);
  });
});

describe("hostile names and messages", () => {
  const environment = sampleEnvironment({ name: HOSTILE, statusReason: HOSTILE, ownerName: HOSTILE, url: `http://x/${HOSTILE}`, team: HOSTILE });
  const failed = sampleRun("failed", ["failed", "pending", "pending"], {
    title: HOSTILE,
    logLines: 1,
    outcome: { summary: HOSTILE, cause: HOSTILE, nextAction: HOSTILE, failingStep: HOSTILE, evidence: [{ title: HOSTILE, url: HOSTILE }] },
  });

  test.each([
    [["env", "create", "--template", "node-express"]],
    [["env", "create", "--template", "node-express", "--json"]],
    [["env", "list"]],
    [["env", "show", "env_0001"]],
    [["env", "show", "env_0001", "--json"]],
    [["env", "logs", "env_0001"]],
    [["run", "show", "run_0001"]],
    [["run", "logs", "run_0001"]],
    [["run", "logs", "run_0001", "--json"]],
    [["path", "list"]],
    [["doctor"]],
  ])("%j prints no active byte", async (args) => {
    const at = portal();
    at.course = [line(1, HOSTILE), failed];
    at.at = 1;
    Object.assign(at.answers, {
      "POST /api/v1/environments": { status: 202, body: { environment, run: failed } },
      "GET /api/v1/environments": { status: 200, body: { items: [environment], nextCursor: null, total: 1 } },
      "GET /api/v1/environments/env_0001": { status: 200, body: environment },
      "GET /api/v1/environments/env_0001/logs": { status: 200, body: { items: [{ offset: 1, text: HOSTILE }], nextAfter: 1 } },
      "GET /api/v1/golden-paths": { status: 200, body: { items: [{ name: HOSTILE, version: HOSTILE, title: HOSTILE, usual: null }] } },
      "GET /api/v1/me": { status: 200, body: { name: HOSTILE, role: HOSTILE } },
    });
    const { stdout, stderr } = await run("waymark", args);
    expect(stdout + stderr).toMatch(/written|red|click/);
    expect(stdout).not.toMatch(ACTIVE);
    expect(stderr).not.toMatch(ACTIVE);
    if (args.includes("--json")) for (const one of stdout.trim().split("\n")) expect(JSON.stringify(JSON.parse(one))).toContain("52;c;cm0gLXJmIH4=");
  });

  test("nor does a refusal", async () => {
    portal().answers["POST /api/v1/environments"] = problem(422, "invalid", HOSTILE, [{ path: HOSTILE, message: HOSTILE }]);
    const { code, stderr } = await run("create-sandbox", ["--template", "node-express"]);
    expect(code).toBe(2);
    expect(stderr).toContain("click");
    expect(stderr).not.toMatch(ACTIVE);
  });
});

test("an argument that begins with @ is sent as it is, never read as a file", async () => {
  await run("create-sandbox", ["--template", "@/etc/passwd", "--set", "description=@/etc/passwd", "--team", "@/etc/hostname", "--no-wait"]);
  expect(portal().seen.find(({ method }) => method === "POST")?.body).toEqual({ goldenPath: "@/etc/passwd", team: "@/etc/hostname", values: { description: "@/etc/passwd" } });
});
