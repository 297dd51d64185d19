import { beforeAll, describe, expect, it } from "vitest";
import { api, commandLine, hostToken } from "../setup/command-line";

let ada = "";
let bo = "";

beforeAll(async () => {
  [ada, bo] = await Promise.all([hostToken("ada"), hostToken("bo")]);
});

const create = (body: unknown, headers: Record<string, string> = {}, token = ada) => api(token, "POST", "/environments", body, headers);
const living = async () => (await api(ada, "GET", "/environments?scope=mine")).body.total;

describe("creating an environment with bad input says what to do and makes nothing", () => {
  const cases: [string, Record<string, unknown>, string][] = [
    ["an unknown golden path", { goldenPath: "nope" }, "goldenPath"],
    ["no golden path", {}, "goldenPath"],
    ["an unknown version", { goldenPath: "node-express", version: "9.9.9" }, "version"],
    ...["0", "-1h", "9999d", "abc", "1.5h", "", "48"].map((ttl): [string, Record<string, unknown>, string] => [`ttl "${ttl}"`, { goldenPath: "node-express", ttl }, "ttl"]),
    ...["a b", "x".repeat(64), "ünï", "../x", "-rf", "A", "a--", "1abc", "a\u0000b"].map((name): [string, Record<string, unknown>, string] => [
      `name ${JSON.stringify(name)}`,
      { goldenPath: "node-express", name },
      "name",
    ]),
    ["an unknown team", { goldenPath: "node-express", team: "nobodies" }, "team"],
    ["an unknown driver", { goldenPath: "node-express", driver: "mainframe" }, "driver"],
    ["an unknown value", { goldenPath: "node-express", values: { lgoLevel: "info" } }, "lgoLevel"],
    ["a wrong value", { goldenPath: "node-express", values: { logLevel: "shout" } }, "logLevel"],
    ["an unknown field", { goldenPath: "node-express", owner: "pat" }, "owner"],
    ["a name of the wrong type", { goldenPath: "node-express", name: 7 }, "name"],
  ];
  it.each(cases)("%s", async (_what, body, field) => {
    const before = await living();
    const { status, body: problem } = await create(body);
    expect(status).toBe(422);
    const errors = problem.errors as { path: string; message: string }[];
    expect(errors.map((error) => error.path.split(".").at(-1))).toContain(field);
    expect(errors[0]?.message.length).toBeGreaterThan(10);
    expect(await living()).toBe(before);
  });

  it("somebody else's team is refused", async () => {
    expect((await create({ goldenPath: "node-express", team: "search" })).status).toBe(403);
  });

  it("unreadable, deep, huge and wrongly typed bodies", async () => {
    expect((await create("{not json")).status).toBe(400);
    expect((await create("[".repeat(20_000))).status).toBe(400);
    expect((await create(`{"goldenPath":"${"x".repeat(2_000_000)}"}`)).status).toBe(413);
    expect((await create("goldenPath=node-express", { "content-type": "application/x-www-form-urlencoded" })).status).toBe(415);
  });
});

it("a taken name is a conflict; a repeat under the same key is the same environment; another body under that key is refused", async () => {
  const key = { "idempotency-key": `k-${Math.random()}` };
  const first = await create({ goldenPath: "node-express", name: "taken-name" }, key);
  expect(first.status).toBe(202);
  const again = await create({ goldenPath: "node-express", name: "taken-name" }, key);
  expect(again.body).toEqual(first.body);
  expect((await create({ goldenPath: "node-express", name: "other-name" }, key)).status).toBe(409);
  const taken = await create({ goldenPath: "node-express", name: "taken-name" });
  expect(taken.status).toBe(409);
  expect(taken.body.detail).toContain("taken-name");
});

it("simultaneous requests beyond the quota are refused one by one, and exactly the quota is made", async () => {
  const answers = await Promise.all(Array.from({ length: 60 }, () => create({ goldenPath: "node-express", ttl: "5m" }, {}, bo)));
  const statuses = answers.map((answer) => answer.status);
  expect(statuses.filter((status) => status === 202)).toHaveLength(10);
  expect(statuses.filter((status) => status === 409)).toHaveLength(50);
  expect(answers.find((answer) => answer.status === 409)?.body.detail).toContain("10 of 10 sandboxes");
  const made = (await api(bo, "GET", "/environments?scope=mine&limit=200")).body.items as { id: string }[];
  const gone = await Promise.all(made.map(({ id }) => api(bo, "DELETE", `/environments/${id}`)));
  expect(gone.map((answer) => answer.status)).toEqual(made.map(() => 202));
});

it("addresses of things that are not there are 404, and nothing is a 500", async () => {
  for (const path of [
    "/environments/env_missing",
    "/environments/..%2f..%2fetc",
    "/environments/%00",
    "/runs/run_missing",
    "/runs/run_missing/logs",
    "/environments/env_missing/logs",
    "/golden-paths/none",
    "/golden-paths/%2e%2e",
  ]) {
    const { status } = await api(ada, "GET", path);
    expect([400, 404, 422], path).toContain(status);
  }
  expect((await api(ada, "GET", "/environments?cursor=garbage")).status).toBe(422);
  expect((await api(ada, "GET", "/environments?limit=9999")).status).toBe(422);
  expect((await api("wmk_pat_notatoken", "GET", "/me")).status).toBe(401);
});

it("the command line tells the same with its exit codes", async () => {
  expect((await commandLine("create-sandbox", ["--template", "nope"], ada)).code).toBe(2);
  expect((await commandLine("create-sandbox", ["--template", "node-express", "--name", "../x"], ada)).code).toBe(2);
  expect((await commandLine("create-sandbox", ["--template", "node-express", "--name=-rf"], ada)).code).toBe(2);
  expect((await commandLine("create-sandbox", ["--template", "node-express", "--ttl", "9999d"], ada)).code).toBe(2);
  expect((await commandLine("create-sandbox", ["--template", "node-express"], "wmk_pat_nonsense")).code).toBe(3);
  expect((await commandLine("create-sandbox", ["--template", "node-express", "--team", "search"], ada)).code).toBe(4);
  expect((await commandLine("waymark", ["env", "list", "--url", "http://127.0.0.1:9"], ada)).code).toBe(5);
});
