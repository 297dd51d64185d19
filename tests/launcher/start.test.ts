import { execFileSync, spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { freePort } from "../../scripts/launcher/ports.mjs";

const dataDir = mkdtempSync(path.join(tmpdir(), "wm-launcher-"));
afterAll(() => rmSync(dataDir, { recursive: true, force: true }));

function start(args: string[], env: Record<string, string> = {}): Promise<{ code: number | null; text: string }> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, ["scripts/start.mjs", ...args], { env: { NODE_ENV: "production", PATH: process.env.PATH ?? "", HOME: dataDir, ...env } });
    let text = "";
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", (part: string) => (text += part));
    child.once("exit", (code) => resolve({ code, text }));
  });
}

describe("a wrong setting ends the start at once, with one line that names it", () => {
  it.each([
    ["PORT", "abc", "a port between 1 and 65535"],
    ["PORT", "70000", "a port between 1 and 65535"],
    ["WAYMARK_PROXY_PORT", "-1", "a port between 1 and 65535"],
    ["WAYMARK_URL", "example.com", "http:// or https://"],
    ["WAYMARK_DEMO", "yes", "0 or 1"],
    ["WAYMARK_ROLE", "boss", "all, web or worker"],
    ["WAYMARK_TIMEZONE", "Mars/Olympus", "an IANA time zone"],
    ["WAYMARK_SECRET", "short", "at least 16 characters"],
    ["DATABASE_URL", "mysql://x", "postgres://"],
    ["OIDC_ISSUER", "http://idp.example", "OIDC_CLIENT_ID is not set"],
  ])("%s=%s", async (name, value, expected) => {
    const { code, text } = await start(["--data", dataDir], { [name]: value });
    expect(code).toBe(2);
    expect(text).toContain(name);
    expect(text).toContain(expected);
    expect(text.trim().split("\n")).toHaveLength(1);
    expect(text).not.toContain("short");
  });

  it("an unknown option, one port for both listeners, a folder that cannot be", async () => {
    expect(await start(["--prot", "3000"])).toMatchObject({ code: 2, text: expect.stringContaining("--data DIR, --port N, --no-demo") });
    expect(await start(["--data", dataDir, "--port", "4000"], { WAYMARK_PROXY_PORT: "4000" })).toMatchObject({ code: 2, text: expect.stringContaining("WAYMARK_PROXY_PORT") });
    writeFileSync(path.join(dataDir, "file"), "");
    expect(await start(["--data", path.join(dataDir, "file", "below")])).toMatchObject({ code: 2, text: expect.stringContaining("WAYMARK_DATA_DIR") });
  });
});

it.each(["PORT", "WAYMARK_PROXY_PORT"])("a taken %s is named, and nothing is left behind", async (name) => {
  const own = path.join(dataDir, name);
  mkdirSync(own);
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const taken = String((server.address() as { port: number }).port);
  const { code, text } = await start(["--data", own], { PORT: String(await freePort()), WAYMARK_PROXY_PORT: String(await freePort()), [name]: taken });
  server.close();
  expect(code).toBe(1);
  expect(text).toContain(`Port ${taken} (${name}) is taken by another program.`);
  expect(existsSync(path.join(own, "portal.json"))).toBe(false);
});

it("a port that no browser opens is named before anything is built", async () => {
  const own = path.join(dataDir, "refused");
  mkdirSync(own);
  const { code, text } = await start(["--data", own, "--port", "4190"], { WAYMARK_PROXY_PORT: String(await freePort()) });
  expect(code).toBe(1);
  expect(text).toContain("Port 4190 (PORT) is one that browsers refuse to open.");
});

it("a data directory that another start holds is told apart from a dead one's", async () => {
  const own = path.join(dataDir, "held");
  mkdirSync(own);
  // Says of itself what a launcher that was killed would have left.
  writeFileSync(path.join(own, "portal.json"), JSON.stringify({ launcher: { pid: 4_000_000, startedAt: "1", bootId: "gone" }, url: "http://localhost:1", port: 1, proxyPort: 2 }));
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const taken = String((server.address() as { port: number }).port);
  const { text } = await start(["--data", own, "--port", taken]);
  server.close();
  expect(text).toContain("is taken by another program");
});

it("stopping where nothing runs says so and succeeds", () => {
  const said = execFileSync(process.execPath, ["scripts/stop.mjs", "--data", path.join(dataDir, "nowhere")], { encoding: "utf8" });
  expect(said).toMatch(/[Nn]othing/);
});
