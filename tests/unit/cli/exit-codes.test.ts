import { describe, expect, test } from "vitest";
import { useCommandLine } from "./bench";
import { problem } from "./contract-portal";
import { BAD_COURSE, sampleEnvironment } from "./sample-objects";

const { portal, commandLine, run } = useCommandLine();
const CREATE = ["--template", "node-express", "--ttl", "48h"];

describe("0, done", () => {
  test("create-sandbox waits until the environment is usable and prints its address alone", async () => {
    const ended = await run("create-sandbox", [...CREATE, "--name", "basket", "--team", "checkout"]);
    expect(ended).toMatchObject({ code: 0, stdout: "http://basket.localhost:3001\n" });
    expect(ended.stderr).toMatch(/Creating basket\n[\s\S]+ s {2}Write the sources: ok\n[\s\S]+ s {2}Start the process: ok\n/);
    expect(ended.stderr).toContain("basket is ready. It ends 2126-11-26 10:00 UTC (in ");
    expect(ended.stderr).toContain("waymark env extend basket --ttl 24h");
    expect(ended.stderr).toContain(`${portal().url}/environments/env_0001`);
    const [request] = portal().seen.filter((one) => one.method === "POST");
    expect(request?.body).toEqual({ goldenPath: "node-express", ttl: "48h", name: "basket", team: "checkout", values: {} });
  });

  test("waymark env create is the same command", async () => {
    expect(await run("waymark", ["env", "create", ...CREATE])).toMatchObject({ code: 0, stdout: "http://basket.localhost:3001\n" });
  });

  test("--no-wait returns at once with the id and says how to follow", async () => {
    const ended = await run("create-sandbox", [...CREATE, "--no-wait"]);
    expect(ended).toMatchObject({ code: 0, stdout: "env_0001\n" });
    expect(ended.stderr).toContain("waymark run logs run_0001 --follow");
    expect(ended.stderr).toContain(`${portal().url}/runs/run_0001`);
    expect(portal().seen).toHaveLength(1);
  });
});

describe("1, failed", () => {
  test("tells the cause, who can fix it, what to do next and where the run is", async () => {
    portal().course = BAD_COURSE;
    const ended = await run("create-sandbox", CREATE);
    expect(ended).toMatchObject({ code: 1, stdout: "" });
    expect(ended.stderr).toContain("Start the process: failed");
    for (const part of [
      "basket could not be created.",
      /Failing step: +Start the process/,
      /Cause: +The process ended at start: Cannot find module 'expres'\./,
      /Who can fix it: +an owner of the team/,
      /Next: +Mend the name in package\.json and retry the run\./,
      `Last lines: ${portal().url}/runs/run_0001?step=start`,
      `Run: ${portal().url}/runs/run_0001\n`,
    ])
      expect(ended.stderr).toMatch(part);
  });

  test("an environment that is not there", async () => {
    const ended = await run("waymark", ["env", "show", "nowhere"]);
    expect(ended).toMatchObject({ code: 1, stdout: "" });
    expect(ended.stderr).toContain('There is no environment "nowhere"');
  });
});

describe("2, usage or invalid values", () => {
  test("each refused field is named by its option", async () => {
    portal().answers["POST /api/v1/environments"] = problem(422, "invalid", "Three values are wrong.", [
      { path: "goldenPath", message: "There is no golden path." },
      { path: "ttl", message: "At most 7d." },
      { path: "values.logLevel", message: "Use debug, info, warn or error." },
    ]);
    const ended = await run("create-sandbox", CREATE);
    expect(ended).toMatchObject({ code: 2, stdout: "" });
    expect(ended.stderr).toBe("--template: There is no golden path.\n--ttl: At most 7d.\n--set logLevel: Use debug, info, warn or error.\n");
  });

  test.each(["0", "0h", "-1h", "abc", "1.5h", "48", "48H", "9999999d", "١h", ""])("the duration %j is refused before anything is sent", async (ttl) => {
    const ended = await run("create-sandbox", ["--template", "node-express", "--ttl", ttl]);
    expect(ended).toMatchObject({ code: 2, stdout: "" });
    expect(ended.stderr).toContain("--ttl");
    expect(ended.stderr).toMatch(/48h/);
    expect(portal().seen).toEqual([]);
  });

  test.each(["two words", "x".repeat(64), "ünïcode", "../x", "-rf", "Upper", "x", "1st", "ends-"])("the name %j is refused before anything is sent", async (name) => {
    const ended = await run("create-sandbox", [...CREATE, "--name", name]);
    expect(ended).toMatchObject({ code: 2, stdout: "" });
    expect(ended.stderr).toContain("--name: Use 2 to 40 characters");
    expect(portal().seen).toEqual([]);
  });
});

describe("3, not signed in", () => {
  test("without a token, where nobody can be asked", async () => {
    const ended = await run("create-sandbox", CREATE, { WAYMARK_TOKEN: "" });
    expect(ended).toMatchObject({ code: 3, stdout: "" });
    expect(ended.stderr).toContain(`waymark login --url ${portal().url}`);
    expect(ended.stderr).toContain("WAYMARK_TOKEN");
  });

  test("with a token that has ended", async () => {
    const ended = await run("create-sandbox", CREATE, { WAYMARK_TOKEN: `wmk_pat_${"b".repeat(36)}` });
    expect(ended).toMatchObject({ code: 3, stdout: "" });
    expect(ended.stderr).toContain("unknown, expired or revoked");
    expect(ended.stderr).toContain("waymark login");
  });

  test("with a token that is none, which is not sent", async () => {
    expect((await run("create-sandbox", CREATE, { WAYMARK_TOKEN: "hunter2" })).code).toBe(3);
    expect(portal().seen).toEqual([]);
  });
});

describe("4, refused", () => {
  test.each([
    [403, "forbidden", "Only members of search create environments there."],
    [409, "conflict", "Your team has 5 of 5 environments. Delete one first."],
    [429, "rate_limited", "Too many requests. Try again in a minute."],
  ])("status %i", async (status, code, detail) => {
    portal().answers["POST /api/v1/environments"] = problem(status, code, detail);
    expect(await run("create-sandbox", CREATE)).toEqual({ code: 4, stdout: "", stderr: `${detail}\n` });
  });
});

describe("5, unreachable", () => {
  test("nothing listens: how to start one", async () => {
    const { url } = portal();
    await portal().close();
    for (const token of ["", undefined]) {
      const ended = await run("create-sandbox", CREATE, { WAYMARK_URL: url, ...(token === undefined ? {} : { WAYMARK_TOKEN: token }) });
      expect(ended).toMatchObject({ code: 5, stdout: "" });
      expect(ended.stderr).toContain(`No portal answers at ${url}. Start a portal with \`npm start\``);
      expect(ended.stderr).toContain("WAYMARK_URL");
    }
    await portal().reopen();
  });

  test("another program listens there", async () => {
    portal().answers["POST /api/v1/environments"] = { status: 404, body: "<h1>Not found</h1>", headers: { "content-type": "text/html" } };
    portal().answers["GET /api/health/live"] = { status: 200, body: "<h1>It works</h1>", headers: { "content-type": "text/html" } };
    const environments: Record<string, string>[] = [{}, { WAYMARK_TOKEN: "" }];
    for (const env of environments) {
      const ended = await run("create-sandbox", CREATE, env);
      expect(ended).toMatchObject({ code: 5, stdout: "" });
      expect(ended.stderr).toContain("is not a Waymark portal");
    }
  });

  test("a redirect is told, not followed: the token stays here", async () => {
    portal().answers["POST /api/v1/environments"] = { status: 307, headers: { location: "http://127.0.0.1:9/api/v1/environments" } };
    const ended = await run("create-sandbox", CREATE);
    expect(ended).toMatchObject({ code: 5, stdout: "" });
    expect(ended.stderr).toContain("sends on to http://127.0.0.1:9");
  });
});

test("an unexpected failure is one line and code 1, not a stack", async () => {
  portal().answers["GET /api/v1/environments/env_0001"] = { status: 200, body: { ...sampleEnvironment(), health: null } };
  const ended = await run("waymark", ["env", "show", "env_0001"]);
  expect(ended.code).toBe(1);
  expect(ended.stderr).toMatch(/^Something unexpected happened: .+\n$/);
});

test("a reader that has seen enough, such as head, is no failure", async () => {
  portal().course = [
    ...Array.from({ length: 5000 }, (_, at) => ({ seq: at + 1, at: "2026-11-24T10:00:00.000Z", step: null, level: "info" as const, text: "x".repeat(100) })),
    ...BAD_COURSE,
  ];
  portal().at = 4999;
  const started = commandLine().start("waymark", ["run", "logs", "run_0001"], { WAYMARK_URL: portal().url, WAYMARK_TOKEN: `wmk_pat_${"a".repeat(36)}` });
  started.child.stdout.once("data", () => started.child.stdout.destroy());
  expect(await started.ended).toMatchObject({ code: 0, stderr: "" });
});
