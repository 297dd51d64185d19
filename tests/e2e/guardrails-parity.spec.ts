import { readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, it } from "vitest";
import { atPortal } from "../setup/at-portal";
import { api, commandLine, hostToken } from "../setup/command-line";
import { askAs } from "../setup/fast-sign-in";
import { until } from "../setup/until";

// One table of requests, sent through four doors: the server action that a form calls, the HTTP API, the command line, an agent.

type Ask = Awaited<ReturnType<typeof askAs>>;
interface Said {
  isAllowed: boolean;
  /** Every sentence, in any order. */
  reasons: string[];
}

const NAME = "parity-basket";
let token = "";
let admin = "";
let web: Ask;
let id = "";

const guardrail = (abilities: string[], condition: string, message: string, field?: string) => ({
  title: message.replace(/\.$/, ""),
  why: "Parity.",
  abilities,
  teams: ["group:default/checkout"],
  condition,
  effect: "refuse",
  message,
  fix: "Do otherwise.",
  ...(field ? { field } : {}),
});
const GUARDRAILS: Record<string, object> = {
  "parity-extend": guardrail(["environment.extend"], "request.ttlHours <= 24", "It lives too long.", "ttl"),
  "parity-odd-hours": guardrail(["environment.extend"], "request.ttlHours != 13.0", "Thirteen is odd.", "ttl"),
  "parity-unknown": guardrail(["environment.extend"], "request.ttlHours < 6.5 || request.ttlHours > 7.5 || 10 / int((request.ttlHours - 7.0) * 100.0) > 5", "It cannot be told."),
  "parity-warns": { ...guardrail(["environment.extend"], "request.ttlHours != 5.0", "Five is few."), effect: "warn" },
  "parity-name": guardrail(["environment.create"], '!request.name.startsWith("bad-")', "Such a name is bad.", "name"),
  "parity-answers": guardrail(["environment.create"], '!has(request.values.logLevel) || request.values.logLevel != "debug"', "Debug logs are large.", "values.logLevel"),
  "parity-service": guardrail(["service.create"], 'request.goldenPath != "worker-queue" && !request.name.startsWith("bad-")', "Not this service.", "values.name"),
  "parity-action": guardrail(["action.run"], 'request.action != "add-database" || request.values.name != "bad"', "Not this database.", "values.name"),
};
/** Two that must pass and fail, so that each can be saved. */
const EXAMPLES: Record<string, [pass: object, fail: object]> = {
  "parity-extend": [{ "request.ttlHours": 4 }, { "request.ttlHours": 48 }],
  "parity-odd-hours": [{ "request.ttlHours": 4 }, { "request.ttlHours": 13 }],
  "parity-unknown": [{ "request.ttlHours": 4 }, { "request.ttlHours": 7.3 }],
  "parity-warns": [{ "request.ttlHours": 4 }, { "request.ttlHours": 5 }],
  "parity-name": [{ "request.name": "good" }, { "request.name": "bad-one" }],
  "parity-answers": [{ "request.values.logLevel": "info" }, { "request.values.logLevel": "debug" }],
  "parity-service": [
    { "request.goldenPath": "node-express", "request.name": "a" },
    { "request.goldenPath": "worker-queue", "request.name": "a" },
  ],
  "parity-action": [{ "request.action": "restart" }, { "request.action": "add-database", "request.values.name": "bad" }],
};

beforeAll(async () => {
  token = await hostToken("ada", "read,env:write,repo:create,actions:run");
  admin = await hostToken("pat", "read,admin");
  web = await askAs(atPortal().url, "ada");
  const created = await api(token, "POST", "/environments", { goldenPath: "node-express", ttl: "2h", name: NAME });
  expect(created.status).toBe(202);
  id = (created.body.environment as { id: string }).id;
  await until("the environment", async () => (await api(token, "GET", `/environments/${id}`)).body.status === "ready");
  for (const [name, definition] of Object.entries(GUARDRAILS)) {
    const [pass, fail] = EXAMPLES[name] ?? [{}, {}];
    const examples = [
      { title: "Fine", expect: "pass", facts: pass },
      { title: "Not fine", expect: "fail", facts: fail },
    ];
    const made = await api(admin, "POST", "/guardrails", { name, definition: { ...definition, examples } });
    expect(`${name} ${made.status} ${made.status === 201 ? "" : JSON.stringify(made.body)}`).toBe(`${name} 201 `);
  }
});
afterAll(async () => {
  for (const name of Object.keys(GUARDRAILS)) await api(admin, "DELETE", `/guardrails/${name}`);
  await api(token, "DELETE", `/environments/${id}`);
});

/** Ids of server actions by file and name, as the build wrote them. */
function actionId(file: string, name: string): string {
  const { node } = JSON.parse(readFileSync(".next/server/server-reference-manifest.json", "utf8")) as { node: Record<string, { filename?: string; exportedName?: string }> };
  const found = Object.entries(node).find(([, one]) => one.exportedName === name && one.filename?.endsWith(file));
  if (!found) throw new Error(`the build has no server action ${name} of ${file}`);
  return found[0];
}

interface Request {
  action: [file: string, name: string];
  http: [method: string, path: string];
  cli: string[];
  tool: [name: string, args: Record<string, unknown>];
  body: Record<string, unknown>;
  /** What only the server action's input has. */
  more?: Record<string, unknown>;
}

async function byServerAction({ action: [file, name], body, more = {} }: Request): Promise<Said> {
  const answer = await web(new URL("/environments", atPortal().url), {
    method: "POST",
    headers: { "next-action": actionId(file, name), "content-type": "text/plain;charset=UTF-8", accept: "text/x-component" },
    body: JSON.stringify([{ ...body, ...more }]),
  });
  const line = (await answer.text()).split("\n").find((one) => /^\w+:\{"ok":/.test(one)) ?? "";
  const result = JSON.parse(line.slice(line.indexOf("{"))) as { ok: boolean; error?: { code: string; fields: { path: string; message: string; guardrail?: string }[] } };
  if (result.ok) return { isAllowed: true, reasons: [] };
  expect(result.error?.code).toBe("forbidden");
  return { isAllowed: false, reasons: (result.error?.fields ?? []).map(({ message }) => message).sort() };
}

async function byHttp({ http: [method, path], body }: Request): Promise<Said> {
  const answer = await api(token, method, path, body);
  if (answer.status < 300) return { isAllowed: true, reasons: [] };
  expect(`${answer.status} ${answer.body.code}`).toBe("403 forbidden");
  const errors = answer.body.errors as { message: string; guardrail: string }[];
  for (const { guardrail: name } of errors) expect(Object.keys(GUARDRAILS)).toContain(name);
  return { isAllowed: false, reasons: errors.map(({ message }) => message).sort() };
}

async function byCommandLine({ cli }: Request): Promise<Said> {
  const ended = await commandLine("waymark", cli, token);
  if (ended.code === 0) return { isAllowed: true, reasons: [] };
  expect(ended.code).toBe(4);
  expect(ended.stdout).toBe("");
  return {
    isAllowed: false,
    reasons: ended.stderr
      .trim()
      .split("\n")
      .map((line) => line.replace(/^--[\w-]+( [\w.]+)?: /, ""))
      .sort(),
  };
}

async function byAgent({ tool: [name, args] }: Request): Promise<Said> {
  const answer = await fetch(new URL("/api/mcp", atPortal().url), {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, accept: "application/json, text/event-stream", "content-type": "application/json" },
    body: JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/call", params: { name, arguments: args } }),
  });
  const { result } = (await answer.json()) as { result: { isError?: boolean; structuredContent: { problem?: { status: number; errors: { message: string }[] } } } };
  const { problem } = result.structuredContent;
  if (!problem) return { isAllowed: true, reasons: [] };
  expect([result.isError, problem.status]).toEqual([true, 403]);
  return { isAllowed: false, reasons: problem.errors.map(({ message }) => message).sort() };
}

const extend = (ttl: string): Request => ({
  action: ["lib/environments/actions.ts", "extendEnvironment"],
  http: ["PATCH", `/environments/${id}`],
  cli: ["env", "extend", NAME, "--ttl", ttl],
  tool: ["environment_extend", { id, ttl }],
  body: { ttl },
  more: { id },
});
const create = (name: string, values: Record<string, string> = {}): Request => ({
  action: ["lib/environments/actions.ts", "createEnvironment"],
  http: ["POST", "/environments"],
  cli: ["env", "create", "--template", "node-express", "--name", name, "--no-wait", ...Object.entries(values).flatMap(([key, value]) => ["--set", `${key}=${value}`])],
  tool: ["environment_create", { goldenPath: "node-express", name, values }],
  body: { goldenPath: "node-express", name, values },
});
const service = (goldenPath: string, name: string): Request => ({
  action: ["lib/golden-paths/actions.ts", "createService"],
  http: ["POST", "/services"],
  cli: ["new", goldenPath, "--set", `name=${name}`, "--no-wait"],
  tool: ["service_create", { goldenPath, values: { name } }],
  body: { goldenPath, values: { name } },
});
const addDatabase = (name: string): Request => ({
  action: ["lib/actions/actions.ts", "runAction"],
  http: ["POST", "/actions/add-database/runs"],
  cli: ["action", "run", "add-database", "--set", `environment=${NAME}`, "--set", `name=${name}`, "--no-wait"],
  tool: ["action_run", { name: "add-database", values: { environment: NAME, name } }],
  body: { values: { environment: NAME, name } },
  more: { name: "add-database" },
});

const said = (message: string, name: string) => `${message} Do otherwise. (guardrail ${name})`;
const LONG = said("It lives too long.", "parity-extend");

const CASES: [what: string, request: () => Request, reasons: string[]][] = [
  ["four hours more", () => extend("4h"), []],
  ["exactly a day", () => extend("24h"), []],
  ["the same in days", () => extend("1d"), []],
  ["what is only warned of", () => extend("5h"), []],
  ["an hour too much", () => extend("25h"), [LONG]],
  ["a minute too much", () => extend("1441m"), [LONG]],
  ["a week", () => extend("7d"), [LONG]],
  ["thirteen hours", () => extend("13h"), [said("Thirteen is odd.", "parity-odd-hours")]],
  ["what cannot be evaluated", () => extend("7h"), [expect.stringMatching(/^It could not be evaluated\. .*zero.*\(guardrail parity-unknown\)$/i) as unknown as string]],
  ["a bad name", () => create("bad-basket"), [said("Such a name is bad.", "parity-name")]],
  ["an answer", () => create("good-basket", { logLevel: "debug" }), [said("Debug logs are large.", "parity-answers")]],
  ["both at once", () => create("bad-basket", { logLevel: "debug" }), [said("Debug logs are large.", "parity-answers"), said("Such a name is bad.", "parity-name")]],
  ["a path that is not for services", () => service("worker-queue", "a-worker"), [said("Not this service.", "parity-service")]],
  ["a service with a bad name", () => service("node-express", "bad-service"), [said("Not this service.", "parity-service")]],
  ["an action's answer", () => addDatabase("bad"), [said("Not this database.", "parity-action")]],
  ["two hours more", () => extend("2h"), []],
];

it.each(CASES)("%s: four doors, one decision", async (_what, request, reasons) => {
  const expected = { isAllowed: reasons.length === 0, reasons: [...reasons] };
  const [first, second, third, fourth] = [await byServerAction(request()), await byHttp(request()), await byCommandLine(request()), await byAgent(request())];
  expect(first).toEqual(expected);
  expect(second).toEqual(expected);
  expect(third).toEqual(first);
  expect(fourth).toEqual(first);
});

it("each is kept with the door that it came through", async () => {
  const { body } = await api(token, "GET", "/guardrails/decisions?guardrail=parity-odd-hours");
  const doors = (body.items as { channel: string; outcome: string }[]).map(({ channel, outcome }) => `${channel} ${outcome}`);
  expect(doors.sort()).toEqual(["api refused", "cli refused", "mcp refused", "web refused"]);
});
