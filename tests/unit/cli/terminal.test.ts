import { spawn } from "node:child_process";
import { describe, expect, test } from "vitest";
import { until } from "@/tests/setup/until";
import { useCommandLine } from "./bench";
import { TOKEN } from "./contract-portal";
import { BAD_COURSE } from "./sample-objects";

const { portal, commandLine } = useCommandLine();

/** Runs a program on a terminal of its own (script of util-linux); both outputs come back as the terminal saw them. */
function onTerminal(program: "waymark" | "create-sandbox", args: string[], env: Record<string, string>) {
  const command = [process.execPath, commandLine().file(program), ...args].map((word) => `'${word}'`).join(" ");
  const child = spawn("script", ["-qefc", command, "/dev/null"], {
    env: { PATH: process.env.PATH, HOME: commandLine().home, TERM: "xterm", SHELL: "/bin/sh", WAYMARK_URL: portal().url, ...env } as unknown as NodeJS.ProcessEnv,
    stdio: ["pipe", "pipe", "pipe"],
  });
  const seen = { text: "" };
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    seen.text += text;
  });
  const ended = new Promise<{ code: number | null; text: string }>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => resolve({ code, text: seen.text }));
  });
  return { child, seen, ended };
}

const CREATE = ["--template", "node-express"];

describe("on a terminal", () => {
  test("one line keeps up to date while a step runs, and each step that ended stays", async () => {
    portal().paceMs = 150;
    const { code, text } = await onTerminal("create-sandbox", CREATE, { WAYMARK_TOKEN: TOKEN }).ended;
    expect(code).toBe(0);
    expect(text).toMatch(/\r\u001b\[K.{0,40} s\u001b\[0m {2}Make the database \(usually 0\.8 s\)/);
    expect(text.match(/\r\u001b\[K[^\r\n]*Make the database \(usually/g)?.length).toBeGreaterThan(1);
    const lines = text.split("\n").map((line) => line.split("\r\u001b[K").at(-1));
    expect(lines).toEqual(expect.arrayContaining([expect.stringMatching(/ s\u001b\[0m {2}Write the sources: \u001b\[32mok\u001b\[0m\r$/), "http://basket.localhost:3001\r"]));
  });

  test("without colours where NO_COLOR asks for none", async () => {
    portal().course = BAD_COURSE;
    const { code, text } = await onTerminal("create-sandbox", CREATE, { WAYMARK_TOKEN: TOKEN, NO_COLOR: "1" }).ended;
    expect(code).toBe(1);
    expect(text).toContain("Start the process: failed");
    expect(text).not.toMatch(/\u001b\[\d+m/);
  });

  test("the first use signs in on the way", async () => {
    portal().answers["POST /api/v1/device/code"] = {
      status: 200,
      body: {
        device_code: "d",
        user_code: "BCDF-GHJK",
        verification_uri: `${portal().url}/device`,
        verification_uri_complete: `${portal().url}/device?code=BCDF-GHJK`,
        expires_in: 60,
        interval: 0.1,
      },
    };
    portal().answers["POST /api/v1/device/token"] = { status: 200, body: { access_token: TOKEN, expires_at: "2126-02-22T10:00:00.000Z", scopes: ["read"] } };
    const { code, text } = await onTerminal("create-sandbox", CREATE, {}).ended;
    expect(code).toBe(0);
    expect(text).toContain(`You are not signed in to ${portal().url} yet.`);
    expect(text).toContain("The code is BCDF-GHJK.");
    expect(text).toContain("http://basket.localhost:3001\r\n");
  });

  test("Ctrl-C typed there leaves the run going", async () => {
    portal().paceMs = 60_000;
    const { child, seen, ended } = onTerminal("create-sandbox", CREATE, { WAYMARK_TOKEN: TOKEN });
    await until("the waiting line", async () => seen.text.includes("Waiting for a worker"));
    child.stdin.write("\u0003");
    expect((await ended).code).toBe(130);
    expect(seen.text).toContain("The run goes on. Follow it with");
  });
});
