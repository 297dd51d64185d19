import { expect, test } from "vitest";
import { useCommandLine } from "./bench";
import { problem } from "./contract-portal";

const { portal, run } = useCommandLine();
const CREATE = ["--template", "node-express", "--no-wait"];
const POST = "POST /api/v1/environments";

/** Keys of the creating requests, in order. */
const keys = () =>
  portal()
    .seen.filter(({ method }) => method === "POST")
    .map(({ headers }) => headers["idempotency-key"]);

test.each(["lose-answer", "cut-answer"] as const)("an answer lost on the way (%s) is asked for again under the same key, and one environment is made", async (kind) => {
  portal().faults.push({ on: POST, kind });
  expect(await run("create-sandbox", CREATE)).toMatchObject({ code: 0, stdout: "env_0001\n" });
  const [first, second, ...rest] = keys();
  expect(rest).toEqual([]);
  expect(first).toMatch(/^[0-9a-f-]{36}$/);
  expect(second).toBe(first);
  expect(portal().made).toBe(1);
});

test("a connection that breaks before the portal saw the request is tried again", async () => {
  portal().faults.push({ on: POST, kind: "drop" }, { on: POST, kind: "drop" });
  expect((await run("create-sandbox", CREATE)).code).toBe(0);
  expect(new Set(keys()).size).toBe(1);
  expect(keys()).toHaveLength(3);
  expect(portal().made).toBe(1);
});

test("503 is waited for as long as the portal asks, with the same key", async () => {
  portal().faults.push({ on: POST, kind: problem(503, "unavailable", "The database does not answer.", undefined, { "retry-after": "1" }) });
  const begun = performance.now();
  expect((await run("create-sandbox", CREATE)).code).toBe(0);
  expect(performance.now() - begun).toBeGreaterThan(1_000);
  expect(new Set(keys()).size).toBe(1);
  expect(keys()).toHaveLength(2);
});

test("503 without end is given up after six tries, with the portal's words and code 5", async () => {
  portal().answers[POST] = problem(503, "unavailable", "The database does not answer.");
  expect(await run("create-sandbox", CREATE)).toEqual({ code: 5, stdout: "", stderr: `${portal().url} does not answer yet. Trying again.\nThe database does not answer.\n` });
  expect(keys()).toHaveLength(6);
  expect(new Set(keys()).size).toBe(1);
});

test("a refusal is not tried again, and each command has a key of its own", async () => {
  portal().answers[POST] = problem(409, "conflict", "The name is taken.");
  await run("create-sandbox", CREATE);
  await run("create-sandbox", CREATE);
  expect(keys()).toHaveLength(2);
  expect(new Set(keys()).size).toBe(2);
});
