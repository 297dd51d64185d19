import { createServer } from "node:net";
import { describe, expect, test } from "vitest";
import { until } from "@/tests/setup/until";
import { useCommandLine } from "./bench";

const { portal, run, start } = useCommandLine();
const CREATE = ["--template", "node-express"];
const EVENTS = "/api/v1/runs/run_0001/events";

const opened = () => portal().seen.filter(({ path }) => path === EVENTS);
const polled = () => portal().seen.filter(({ path }) => path === "/api/v1/runs/run_0001");

/** Something at the portal's address that hangs up at once, as a proxy in front of a restarting portal does. */
async function hangUpOn(port: number) {
  let count = 0;
  const server = createServer((socket) => {
    count += 1;
    socket.destroy();
  });
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  return { count: () => count, close: () => new Promise((resolve) => server.close(resolve)) };
}

describe("following a run", () => {
  test("by one stream, without asking in between", async () => {
    expect((await run("create-sandbox", CREATE)).code).toBe(0);
    expect(opened()).toHaveLength(1);
    expect(polled()).toHaveLength(0);
  });

  test("a stream that is cut is opened again after the last line seen; every line comes once", async () => {
    portal().streams = { cutAfter: 2 };
    portal().paceMs = 120;
    const ended = await run("waymark", ["run", "logs", "run_0001", "--follow"]);
    expect(ended.code).toBe(0);
    expect(ended.stdout.trim().split("\n")).toEqual([1, 2, 3, 4, 5].map((seq) => `2026-11-24T10:00:00.000Z start line ${seq}`));
    const resumedAfter = opened().map(({ headers }) => Number(headers["last-event-id"] ?? 0));
    expect(resumedAfter.length).toBeGreaterThan(1);
    expect(resumedAfter).toEqual([...resumedAfter].sort((a, b) => a - b));
    expect(resumedAfter.at(-1)).toBeGreaterThan(0);
  });

  test("each step is told once, however often the stream is cut", async () => {
    portal().streams = { cutAfter: 1 };
    portal().paceMs = 200;
    const { code, stderr } = await run("create-sandbox", CREATE);
    expect(code).toBe(0);
    expect(stderr.match(/: ok$/gm)).toHaveLength(3);
  });

  test.each(["refused", "silent"] as const)("where a stream is %s, the run is asked for", async (mode) => {
    portal().streams = { mode };
    const { code, stdout } = await run("waymark", ["run", "logs", "run_0001", "--follow"]);
    expect(code).toBe(0);
    expect(stdout.trim().split("\n")).toHaveLength(5);
    expect(polled().length).toBeGreaterThan(0);
  });

  test("a portal that restarts meanwhile is waited for", async () => {
    portal().paceMs = 200;
    const started = start("create-sandbox", CREATE);
    await until("the stream", async () => opened().length > 0);
    await portal().close();
    const hangUps = await hangUpOn(Number(new URL(portal().url).port));
    await until("three vain tries", async () => hangUps.count() >= 3);
    await hangUps.close();
    await portal().reopen();
    expect(await started.ended).toMatchObject({ code: 0, stdout: "http://basket.localhost:3001\n" });
    expect(portal().made).toBe(1);
  });

  test("a refusal on the way ends it: the token was revoked", async () => {
    portal().streams = { mode: "refused" };
    portal().answers["GET /api/v1/runs/run_0001"] = {
      status: 401,
      body: { code: "unauthenticated", detail: "The token is revoked." },
      headers: { "content-type": "application/problem+json" },
    };
    const ended = await run("create-sandbox", CREATE);
    expect(ended).toMatchObject({ code: 3, stdout: "" });
    expect(ended.stderr).toContain("The token is revoked.");
  });
});

describe("Ctrl-C", () => {
  test.each([[[]], [["--json"]]])("while waiting leaves the run going and says how to follow it (%j)", async (more) => {
    portal().paceMs = 60_000;
    const started = start("create-sandbox", [...CREATE, ...more]);
    await until("the stream", async () => opened().length > 0);
    const begun = performance.now();
    started.child.kill("SIGINT");
    const ended = await started.ended;
    expect(ended).toMatchObject({ code: 130, stdout: "" });
    expect(performance.now() - begun).toBeLessThan(10_000);
    expect(ended.stderr).toContain("The run goes on. Follow it with `waymark run logs run_0001 --follow`");
    expect(ended.stderr).toContain(`${portal().url}/runs/run_0001`);
    expect(portal().seen.map(({ method, path }) => `${method} ${path}`)).toEqual(["POST /api/v1/environments", `GET ${EVENTS}`]);
  });

  test("hints fit the way the program was started", async () => {
    portal().paceMs = 60_000;
    for (const [env, words] of [
      [{ npm_command: "exec" }, "`npx waymark run logs run_0001 --follow`"],
      [{ npm_lifecycle_event: "waymark" }, "`npm run --silent waymark -- run logs run_0001 --follow`"],
    ] as const)
      expect((await run("create-sandbox", [...CREATE, "--no-wait"], env)).stderr).toContain(words);
  });
});
