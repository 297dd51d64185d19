import { describe, expect, test } from "vitest";
import { Environment } from "@/lib/environments/contract";
import { Run } from "@/lib/runs/contract";
import { useCommandLine } from "./bench";
import { BAD_COURSE, sampleEnvironment, sampleRun } from "./sample-objects";

const { portal, run } = useCommandLine();
const CREATE = ["--template", "node-express", "--json"];

/** The one object on standard output; throws when there is anything else. */
function only(stdout: string): Record<string, unknown> {
  expect(stdout).toMatch(/^\{.*\}\n$/);
  return JSON.parse(stdout) as Record<string, unknown>;
}

describe("creating with --json", () => {
  test("prints {environment, run} as they ended, and nothing on either side", async () => {
    const ended = await run("create-sandbox", CREATE);
    expect(ended).toMatchObject({ code: 0, stderr: "" });
    const { environment, run: ended_, ...rest } = only(ended.stdout);
    expect(rest).toEqual({});
    expect(Environment.parse(environment)).toMatchObject({ name: "basket", status: "ready" });
    expect(Run.parse(ended_)).toMatchObject({ id: "run_0001", status: "succeeded" });
  });

  test("prints it for a failed run as well; the cause goes to standard error", async () => {
    portal().course = BAD_COURSE;
    const ended = await run("create-sandbox", CREATE);
    expect(ended.code).toBe(1);
    expect(only(ended.stdout)).toMatchObject({ run: { status: "failed", outcome: { whoCanFix: "team-owner" } } });
    expect(ended.stderr).toMatch(/^basket could not be created\./);
  });

  test("and --no-wait prints what was accepted", async () => {
    const ended = await run("create-sandbox", [...CREATE, "--no-wait"]);
    expect(ended).toMatchObject({ code: 0, stderr: "" });
    expect(only(ended.stdout)).toMatchObject({ environment: { status: "queued" }, run: { status: "queued" } });
  });

  test("leaves standard output empty when nothing was accepted", async () => {
    expect(await run("create-sandbox", [...CREATE, "--ttl", "0"])).toMatchObject({ code: 2, stdout: "" });
    expect(await run("create-sandbox", CREATE, { WAYMARK_TOKEN: "" })).toMatchObject({ code: 3, stdout: "" });
  });
});

describe("other commands with --json", () => {
  test("deleting what is already gone still prints one object", async () => {
    const gone = sampleEnvironment({ status: "deleted", url: null });
    portal().answers["DELETE /api/v1/environments/env_0001"] = { status: 202, body: { environment: gone, run: null, begun: false } };
    const ended = await run("waymark", ["env", "delete", "env_0001", "--json"]);
    expect(ended).toMatchObject({ code: 0, stderr: "" });
    expect(only(ended.stdout)).toMatchObject({ environment: { status: "deleted" }, run: null });
  });

  test("what was deleted is found by its name too, to look at it and to delete it again", async () => {
    const gone = sampleEnvironment({ name: "old-one", status: "deleted", deletedAt: "2026-11-24T11:00:00.000Z", url: null });
    const nothing = { status: 200, body: { items: [], nextCursor: null, total: 0 } };
    const found = { status: 200, body: { items: [gone], nextCursor: null, total: 1 } };
    portal().answers["GET /api/v1/environments/env_0001"] = { status: 200, body: gone };
    portal().answers["DELETE /api/v1/environments/env_0001"] = { status: 202, body: { environment: gone, run: null } };
    for (const [verb, words] of [
      ["show", "Deleted      2026-11-24 11:00 UTC"],
      ["delete", "old-one is deleted"],
    ] as const) {
      portal().faults.push({ on: "GET /api/v1/environments", kind: nothing }, { on: "GET /api/v1/environments", kind: found });
      const ended = await run("waymark", ["env", verb, "old-one"]);
      expect(ended.code).toBe(0);
      expect(ended.stdout).toContain(words);
    }
    expect(portal().seen[1]?.path).toContain("status=deleted");
    portal().answers["GET /api/v1/environments"] = nothing;
    expect(await run("waymark", ["env", "restart", "old-one"])).toMatchObject({ code: 1, stderr: expect.stringContaining('no living environment "old-one"') });
  });

  test("a list is read to its last page", async () => {
    const page = (id: string, nextCursor: string | null) => ({ status: 200, body: { items: [sampleEnvironment({ id, name: id.replace("_", "-") })], nextCursor, total: 3 } });
    portal().faults.push({ on: "GET /api/v1/environments", kind: page("env_a", "next=1&x") }, { on: "GET /api/v1/environments", kind: page("env_b", "2") });
    const ended = await run("waymark", ["env", "list", "--scope", "mine", "--json"]);
    expect((only(ended.stdout).items as { id: string }[]).map(({ id }) => id)).toEqual(["env_a", "env_b", "env_0001"]);
    const queries = portal().seen.map(({ path }) => new URL(path, "http://x").searchParams);
    expect(queries.map((query) => [query.get("scope"), query.get("cursor")])).toEqual([
      ["mine", null],
      ["mine", "next=1&x"],
      ["mine", "2"],
    ]);
  });

  test.each([
    [["env", "show", "basket"], { name: "basket" }],
    [["run", "show", "run_0001"], { id: "run_0001" }],
    [["logout"], { wasSignedIn: false }],
  ])("%j", async (args, expected) => {
    const ended = await run("waymark", [...args, "--json"]);
    expect(ended).toMatchObject({ code: 0, stderr: "" });
    expect(only(ended.stdout)).toMatchObject(expected);
  });

  test("extending sends the new time and prints the environment", async () => {
    portal().answers["PATCH /api/v1/environments/env_0001"] = { status: 200, body: sampleEnvironment({ ttl: "24h" }) };
    const ended = await run("waymark", ["env", "extend", "basket", "--ttl", "24h", "--json"]);
    expect(only(ended.stdout)).toMatchObject({ ttl: "24h" });
    expect(portal().seen.at(-1)).toMatchObject({ method: "PATCH", body: { ttl: "24h" } });
  });

  test("retrying waits for the end and prints the run; cancelling one that was faster fails", async () => {
    for (const verb of ["retry", "cancel"]) portal().answers[`POST /api/v1/runs/run_0001/${verb}`] = { status: 202, body: { id: "run_0001" } };
    const retried = await run("waymark", ["run", "retry", "run_0001", "--json"]);
    expect(retried.code).toBe(0);
    expect(only(retried.stdout)).toMatchObject({ status: "succeeded" });
    const cancelled = await run("waymark", ["run", "cancel", "run_0001"]);
    expect(cancelled).toMatchObject({ code: 1, stdout: "" });
    expect(cancelled.stderr).toContain("run_0001 succeeded before it could be cancelled");
    portal().course = [sampleRun("cancelled", ["succeeded", "cancelled", "pending"])];
    portal().at = 0;
    expect(await run("waymark", ["run", "cancel", "run_0001"])).toMatchObject({ code: 0, stdout: "run_0001 cancelled\n" });
  });

  test("log lines are one object each", async () => {
    portal().at = 9;
    const { stdout } = await run("waymark", ["run", "logs", "run_0001", "--json"]);
    expect(
      stdout
        .trim()
        .split("\n")
        .map((one) => (JSON.parse(one) as { seq: number }).seq),
    ).toEqual([1, 2, 3, 4, 5]);
  });
});
