import { chmod, mkdir, readFile, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { until } from "@/tests/setup/until";
import { useCommandLine } from "./bench";
import { problem, TOKEN } from "./contract-portal";

const { portal, commandLine, run, start } = useCommandLine();
const OUT = { WAYMARK_TOKEN: "", WAYMARK_URL: "" };
const GRANTED = { status: 200, body: { access_token: TOKEN, token_type: "bearer", expires_at: "2126-02-22T10:00:00.000Z", scopes: ["read", "env:write"] } };
const PENDING = problem(400, "authorization_pending", "Nobody has decided yet.");

let config = "";
let env: Record<string, string> = {};
let round = 0;

beforeEach(() => {
  config = path.join(commandLine().home, `config-${round++}`);
  env = { ...OUT, XDG_CONFIG_HOME: config };
  offer(`${portal().url}/device?code=BCDF-GHJK`);
  portal().answers["POST /api/v1/device/token"] = GRANTED;
});

function offer(page: string, change: Record<string, unknown> = {}): void {
  portal().answers["POST /api/v1/device/code"] = {
    status: 200,
    body: {
      device_code: "secret-device-code",
      user_code: "BCDF-GHJK",
      verification_uri: `${portal().url}/device`,
      verification_uri_complete: page,
      expires_in: 600,
      interval: 0.05,
      ...change,
    },
  };
}

const stored = () => path.join(config, "waymark/credentials.json");
const read = async () => JSON.parse(await readFile(stored(), "utf8")) as { current?: string; portals: Record<string, { token: string; expiresAt: string }> };
const modeOf = async (file: string) => ((await stat(file)).mode & 0o777).toString(8);
const polls = () => portal().seen.filter(({ path: at }) => at === "/api/v1/device/token");

describe("waymark login", () => {
  test("shows code and address, waits for the person, keeps the token where only this account reads it", async () => {
    portal().faults.push({ on: "POST /api/v1/device/token", kind: PENDING }, { on: "POST /api/v1/device/token", kind: PENDING });
    const ended = await run("waymark", ["login", "--url", portal().url], env);
    expect(ended).toMatchObject({ code: 0, stdout: "" });
    expect(ended.stderr).toContain(`${portal().url}/device?code=BCDF-GHJK`);
    expect(ended.stderr).toContain("The code is BCDF-GHJK.");
    expect(ended.stderr).toContain(`Signed in until 2126-02-22 10:00 UTC. Kept in ${stored()}`);
    expect(ended.stderr).not.toContain(TOKEN);
    expect(polls().map(({ body }) => body)).toEqual(Array(3).fill({ device_code: "secret-device-code" }));
    expect(portal().seen.find(({ path: at }) => at === "/api/v1/device/code")?.body).toEqual({ client: expect.stringMatching(/^waymark 0\.1\.0 on ./) });
    expect(await read()).toEqual({ current: portal().url, portals: { [portal().url]: { token: TOKEN, expiresAt: "2126-02-22T10:00:00.000Z" } } });
    expect([await modeOf(stored()), await modeOf(path.dirname(stored()))]).toEqual(["600", "700"]);

    const after = await run("create-sandbox", ["--template", "node-express"], env);
    expect(after).toMatchObject({ code: 0, stdout: "http://basket.localhost:3001\n" });
  });

  test("closes a credentials folder and file that stand open", async () => {
    await mkdir(path.dirname(stored()), { recursive: true, mode: 0o755 });
    await writeFile(stored(), JSON.stringify({ portals: { "https://other.example": { token: TOKEN, expiresAt: "2126-01-01T00:00:00Z" } } }), { mode: 0o644 });
    await chmod(stored(), 0o644);
    const ended = await run("waymark", ["login", "--url", portal().url], env);
    expect(ended.stderr).toContain("could be read by other accounts");
    expect([await modeOf(stored()), await modeOf(path.dirname(stored()))]).toEqual(["600", "700"]);
    expect(Object.keys((await read()).portals)).toEqual(["https://other.example", portal().url]);
  });

  test("slows down when it is asked to", async () => {
    portal().faults.push({ on: "POST /api/v1/device/token", kind: problem(400, "slow_down", "Ask less often.") });
    const begun = performance.now();
    expect((await run("waymark", ["login", "--url", portal().url], env)).code).toBe(0);
    expect(performance.now() - begun).toBeGreaterThan(5_000);
    expect(polls()).toHaveLength(2);
  });

  test.each([
    ["access_denied", "The request was refused in the browser."],
    ["expired_token", "The code has expired. Begin again."],
  ])("%s ends with code 3 and stores nothing", async (code, detail) => {
    portal().answers["POST /api/v1/device/token"] = problem(400, code, detail);
    const ended = await run("waymark", ["login", "--url", portal().url], env);
    expect(ended).toMatchObject({ code: 3, stdout: "" });
    expect(ended.stderr).toContain(detail);
    await expect(stat(stored())).rejects.toThrow("ENOENT");
  });

  test("gives up when nobody confirms in time", async () => {
    offer(`${portal().url}/device`, { expires_in: 0.6 });
    portal().answers["POST /api/v1/device/token"] = PENDING;
    const ended = await run("waymark", ["login", "--url", portal().url], env);
    expect(ended.code).toBe(3);
    expect(ended.stderr).toContain("not confirmed in time");
  });

  test.each(["http://portal.example.com", "http://127.0.0.1.evil.test:3000", "ftp://localhost", "nonsense"])("%s is refused before anything is sent", async (url) => {
    expect(await run("waymark", ["login", "--url", url], env)).toMatchObject({ code: 2, stdout: "" });
    expect(await run("create-sandbox", ["--template", "x"], { ...env, WAYMARK_URL: url, WAYMARK_TOKEN: TOKEN })).toMatchObject({ code: 2, stdout: "" });
  });

  test("says where it could not write", async () => {
    await mkdir(commandLine().home, { recursive: true });
    await writeFile(path.join(commandLine().home, "a-file"), "");
    const ended = await run("waymark", ["login", "--url", portal().url], { ...OUT, XDG_CONFIG_HOME: path.join(commandLine().home, "a-file") });
    expect(ended.code).toBe(1);
    expect(ended.stderr).toContain("a-file/waymark/credentials.json cannot be ");
    expect(ended.stderr).not.toContain(TOKEN);
  });
});

describe("the browser", () => {
  /** A stand-in for xdg-open that notes what it is asked to open. */
  async function browser() {
    const folder = path.join(config, "bin");
    const note = path.join(config, "opened");
    await mkdir(folder, { recursive: true });
    await writeFile(path.join(folder, "xdg-open"), `#!/bin/sh\nprintf '%s\\n' "$#" "$@" >> '${note}'\n`, { mode: 0o755 });
    const opened = () => readFile(note, "utf8").catch(() => "");
    return { opened, env: { ...env, DISPLAY: ":0", PATH: `${folder}:${process.env.PATH}` } };
  }

  test("is opened at the portal's own page where there is a display", async () => {
    const { opened, env: withDisplay } = await browser();
    expect((await run("waymark", ["login", "--url", portal().url], withDisplay)).code).toBe(0);
    expect(await until("the browser", opened)).toBe(`1\n${portal().url}/device?code=BCDF-GHJK\n`);
  });

  test.each(["file:///etc/passwd", "--help", "javascript:alert(1)", "https://evil.test/device?code=BCDF-GHJK", "http://127.0.0.1.evil.test/device"])(
    "is not opened at %s; the text is shown only",
    async (page) => {
      const { opened, env: withDisplay } = await browser();
      offer(page);
      const ended = await run("waymark", ["login", "--url", portal().url], withDisplay);
      expect(ended.code).toBe(0);
      expect(ended.stderr).toContain(page);
      expect(await opened()).toBe("");
    },
  );
});

describe("which token counts", () => {
  const create = ["env", "list"];
  const used = () => portal().seen.at(-1)?.headers.authorization;

  test("WAYMARK_TOKEN comes before the stored one, and WAYMARK_URL before the last portal", async () => {
    await run("waymark", ["login", "--url", portal().url], env);
    expect((await run("waymark", create, env)).code).toBe(0);
    expect(used()).toBe(`Bearer ${TOKEN}`);
    const other = `wmk_cli_${"z".repeat(36)}`;
    expect((await run("waymark", create, { ...env, WAYMARK_TOKEN: other })).code).toBe(3);
    expect(used()).toBe(`Bearer ${other}`);
    expect((await run("waymark", create, { ...env, WAYMARK_URL: "http://127.0.0.1:9" })).code).toBe(5);
  });

  test("a stored token goes to its own portal only", async () => {
    await run("waymark", ["login", "--url", portal().url], env);
    const sameMachine = portal().url.replace("127.0.0.1", "localhost");
    const ended = await run("waymark", create, { ...env, WAYMARK_URL: sameMachine });
    expect(ended.code).toBe(3);
    expect(used()).toBeUndefined();
  });

  test("logging out forgets it and says how long it stays valid", async () => {
    await run("waymark", ["login", "--url", portal().url], env);
    const ended = await run("waymark", ["logout"], env);
    expect(ended).toMatchObject({ code: 0, stdout: `Signed out of ${portal().url}\n` });
    expect(ended.stderr).toContain(`valid until 2126-02-22 10:00 UTC. End it at once under ${portal().url}/account`);
    expect(await read()).toEqual({ portals: {} });
    expect(await modeOf(stored())).toBe("600");
    expect((await run("waymark", create, { ...env, WAYMARK_URL: portal().url })).code).toBe(3);
  });

  test("a broken credentials file is named, not overwritten", async () => {
    await mkdir(path.dirname(stored()), { recursive: true });
    await writeFile(stored(), "{ half", { mode: 0o600 });
    const ended = await run("waymark", create, { ...env, WAYMARK_URL: portal().url });
    expect(ended.code).toBe(1);
    expect(ended.stderr).toContain(`${stored()} holds no JSON.`);
    expect(await readFile(stored(), "utf8")).toBe("{ half");
  });
});

test("doctor says what answers and who is signed in", async () => {
  portal().answers["GET /api/v1/me"] = { status: 200, body: { name: "Ada Lind", role: "engineer" } };
  const url = portal().url;
  expect(await run("waymark", ["doctor"])).toMatchObject({ code: 0, stdout: `ok  Portal        ${url} answers.\nok  This account  Signed in as Ada Lind, engineer.\n` });
  const out = await run("waymark", ["doctor", "--json"], { ...env, WAYMARK_URL: url });
  expect(JSON.parse(out.stdout)).toMatchObject({
    items: [
      { name: "Portal", state: "ok" },
      { name: "This account", state: "off" },
    ],
  });
  const gone = await run("waymark", ["doctor"], { ...env, WAYMARK_URL: "http://127.0.0.1:9" });
  expect(gone.code).toBe(1);
  expect(gone.stdout).toMatch(/^missing {2}Portal {2}No portal answers at http:\/\/127\.0\.0\.1:9 \(bad port\)\./);
});

test("signing in can be stopped with Ctrl-C and leaves nothing behind", async () => {
  portal().answers["POST /api/v1/device/token"] = PENDING;
  const started = start("waymark", ["login", "--url", portal().url], env);
  await until("a poll", async () => polls().length > 0);
  started.child.kill("SIGINT");
  await started.ended;
  expect(started.child.signalCode).toBe("SIGINT");
  await expect(stat(stored())).rejects.toThrow("ENOENT");
});
