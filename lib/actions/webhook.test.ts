import { createHmac } from "node:crypto";
import { eq } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { POST as callbackRoute } from "@/app/api/v1/runs/[id]/callback/route";
import { db } from "@/db/client";
import { runLogLines, runs } from "@/db/schema";
import { databaseNow } from "@/lib/core/ctx";
import { cancelRun, retryRun } from "@/lib/runs/mutations";
import { readRun } from "@/lib/runs/read";
import { type Cast, publish, theCast, webhookDefinition } from "@/tests/setup/action-world";
import type { SignedIn } from "@/tests/setup/people";
import { type ReceivedCall, type Receiver, startReceiver } from "@/tests/setup/receiver";
import { useSampleWorld } from "@/tests/setup/sample-world";
import { until } from "@/tests/setup/until";
import { actionRun } from "./jobs";
import { replaceActionSecret, runAction, testAction } from "./mutations";

process.env.WAYMARK_PRIVATE_HOSTS = "127.0.0.1";
const REF = "component:default/checkout-api";
const world = useSampleWorld([actionRun as never]);
let cast: Cast;
let receiver: Receiver;
let secret: string;

beforeAll(async () => {
  receiver = await startReceiver();
  cast = await theCast();
  secret = await publish(cast.pat, "purge-cache", webhookDefinition(receiver.url));
});
beforeEach(() => {
  receiver.answers = [];
  receiver.calls.length = 0;
});
afterAll(() => receiver.close());

async function start(who: SignedIn, values: Record<string, unknown> = {}): Promise<string> {
  const { run } = await runAction({ ...who, now: await databaseNow() }, { name: "purge-cache", entityRef: REF, values });
  return run.id;
}

async function report(call: Pick<ReceivedCall, "json">, body: unknown, token = call.json.callback.token) {
  const request = new Request(call.json.callback.url, {
    method: "POST",
    headers: { "content-type": "application/json", ...(token ? { authorization: `Bearer ${token}` } : {}) },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
  const answer = await callbackRoute(request);
  return { status: answer.status, body: await answer.json() };
}

const onlyCall = (): ReceivedCall => {
  const [call] = receiver.calls;
  if (!call || receiver.calls.length !== 1) throw new Error(`${receiver.calls.length} calls`);
  return call;
};
const linesOf = async (runId: string) =>
  (await db().select({ text: runLogLines.text }).from(runLogLines).where(eq(runLogLines.runId, runId)).orderBy(runLogLines.seq)).map((line) => line.text);

describe("a webhook back end", () => {
  test("gets a signed call with everything it needs, and no secret answer is kept in clear", async () => {
    const id = await start(cast.ada, { key: "s3cret-of-ada" });
    await world.claim(id);
    const call = onlyCall();
    expect(call.json).toMatchObject({
      type: "action.run",
      action: { name: "purge-cache", title: "Purge cache", version: 1 },
      run: { id, attempt: 1, isTest: false },
      requestedBy: { ref: "user:default/ada" },
      team: "group:default/checkout",
      entity: { ref: REF, kind: "component" },
      values: { region: "eu", key: "s3cret-of-ada" },
      callback: { token: expect.stringMatching(/^wmk_run_/) },
    });
    const { "webhook-id": messageId, "webhook-timestamp": timestamp, "webhook-signature": signature } = call.headers;
    const expected = createHmac("sha256", Buffer.from(secret.slice("whsec_".length), "base64"))
      .update(`${messageId}.${timestamp}.${call.body}`)
      .digest("base64");
    expect(signature).toBe(`v1,${expected}`);
    await report(call, { log: ["the key is s3cret-of-ada", { text: `token ${call.json.callback.token}`, level: "warn" }], status: "succeeded" });
    await world.settle(id);
    const everything = JSON.stringify([await db().select().from(runs).where(eq(runs.id, id)), await linesOf(id)]);
    for (const hidden of ["s3cret-of-ada", call.json.callback.token, secret]) expect(everything).not.toContain(hidden);
  });

  test("answers 202 and reports lines, steps and the end; meanwhile no worker is busy with it", async () => {
    const id = await start(cast.ada);
    await world.claim(id);
    const [waiting] = await db().select().from(runs).where(eq(runs.id, id));
    expect(waiting).toMatchObject({ status: "running", workerId: null });
    expect(await report(onlyCall(), { log: ["begins"], steps: [{ name: "purge", title: "Purge the edge", status: "running" }] })).toEqual({
      status: 202,
      body: { accepted: true, ended: false },
    });
    expect((await readRun(db(), id)).steps.at(-1)).toMatchObject({ title: "Purge the edge", status: "running" });
    const end = { status: "succeeded", summary: "Purged 42 keys", links: [{ title: "Dashboard", url: "https://cache.example/42" }] };
    expect(await report(onlyCall(), end)).toMatchObject({ status: 202, body: { ended: true } });
    const run = await world.settle(id);
    expect(run).toMatchObject({ status: "succeeded", outcome: { summary: "Purged 42 keys", evidence: end.links } });
    expect(run.steps.map((step) => step.status)).toEqual(["succeeded", "succeeded", "succeeded"]);
    expect(await linesOf(id)).toEqual(expect.arrayContaining(["begins"]));
  });

  test("may finish at once with its answer", async () => {
    receiver.answers = [{ status: 200, body: { summary: "Done at once", log: ["line in the answer"] } }];
    const id = await start(cast.ada);
    expect(await world.settle(id)).toMatchObject({ status: "succeeded", outcome: { summary: "Done at once" } });
    expect(await linesOf(id)).toContain("line in the answer");
  });

  test("that stumbles is called again with the same id and body, one that refuses is not", async () => {
    receiver.answers = [{ status: 503 }, { status: 200 }];
    expect(await world.settle(await start(cast.ada))).toMatchObject({ status: "succeeded" });
    const [first, second] = receiver.calls;
    expect([second?.headers["webhook-id"], second?.body]).toEqual([first?.headers["webhook-id"], first?.body]);
    receiver.calls.length = 0;
    receiver.answers = [{ status: 400, body: { error: "no such region" } }];
    const run = await world.settle(await start(cast.ada));
    expect(receiver.calls).toHaveLength(1);
    expect(run).toMatchObject({
      status: "failed",
      outcome: { causeCode: "back-end-unreachable", failingStep: "call", cause: expect.stringContaining("answered 400"), whoCanFix: "platform-team" },
    });
  });

  test("that reports a failure ends the run with its cause and next action", async () => {
    const id = await start(cast.ada);
    await world.claim(id);
    await report(onlyCall(), { status: "failed", summary: "Nothing was purged", cause: "The edge is read-only.", nextAction: "Wait for the freeze to end." });
    expect(await world.settle(id)).toMatchObject({
      status: "failed",
      outcome: { summary: "Nothing was purged", cause: "The edge is read-only.", nextAction: "Wait for the freeze to end.", failingStep: "wait" },
    });
  });

  test("that takes the call and stays silent is named at the deadline, and is too late afterwards", async () => {
    const id = await start(cast.ada);
    await world.claim(id);
    await db()
      .update(runs)
      .set({ deadlineAt: new Date(0) })
      .where(eq(runs.id, id));
    const run = await world.settle(id);
    expect(run).toMatchObject({
      status: "failed",
      outcome: {
        causeCode: "back-end-silent",
        failingStep: "wait",
        cause: expect.stringMatching(/^The back end at 127\.0\.0\.1:\d+ took the call and reported no end within 10 min\.$/),
      },
    });
    expect(await report(onlyCall(), { status: "succeeded" })).toMatchObject({ status: 409, body: { code: "conflict", detail: expect.stringContaining("deadline") } });
  });

  test("is called anew by a retry, with a token of its own; the old one is not taken any more", async () => {
    const id = await start(cast.ada);
    await world.claim(id);
    const first = onlyCall();
    await report(first, { steps: [{ name: "purge", status: "failed" }], status: "failed" });
    await world.settle(id);
    await retryRun({ ...cast.ada, now: await databaseNow() }, { id });
    await world.claim(id);
    const second = receiver.calls[1];
    expect(second?.json.run).toMatchObject({ id, attempt: 2 });
    expect(second?.json.callback.token).not.toBe(first.json.callback.token);
    expect(await report(first, { status: "succeeded" })).toMatchObject({ status: 409, body: { detail: expect.stringContaining("newer call") } });
    await report({ json: second?.json ?? first.json }, { status: "succeeded" });
    expect(await world.settle(id)).toMatchObject({ status: "succeeded", steps: [{ name: "call" }, { name: "wait" }] });
  });

  test("hears that a cancelled run takes no reports", async () => {
    const id = await start(cast.ada);
    await world.claim(id);
    await cancelRun({ ...cast.ada, now: await databaseNow() }, { id });
    expect((await world.settle(id)).status).toBe("cancelled");
    expect((await report(onlyCall(), { log: ["still here"] })).status).toBe(409);
  });

  test("is checked by a test call of the draft, marked as such", async () => {
    receiver.answers = [{ status: 200 }];
    const { run } = await testAction({ ...cast.pat, now: await databaseNow() }, { name: "purge-cache", entityRef: REF });
    expect(run.title).toMatch(/^Test: /);
    expect((await world.settle(run.id)).status).toBe("succeeded");
    expect(onlyCall().json.run.isTest).toBe(true);
  });

  test("gets two signatures after the secret was replaced", async () => {
    receiver.answers = [{ status: 200 }];
    await replaceActionSecret({ ...cast.pat, now: await databaseNow() }, { name: "purge-cache" });
    await world.settle(await start(cast.ada));
    expect(String(onlyCall().headers["webhook-signature"]).split(" ")).toHaveLength(2);
  });
});

describe("the callback", () => {
  let id: string;
  let call: ReceivedCall;
  beforeAll(async () => {
    receiver.answers = [];
    receiver.calls.length = 0;
    id = await start(cast.ada);
    await world.claim(id);
    call = onlyCall();
  });

  test.each([
    ["no token", ""],
    ["a wrong token", "wmk_run_wrong"],
    ["the token of a person", "wmk_pat_0000000000000000000000000000000000000"],
  ])("refuses %s, the same as an unknown run", async (_what, token) => {
    const mine = await report(call, { status: "succeeded" }, token);
    const unknown = await report({ json: { ...call.json, callback: { url: call.json.callback.url.replace(id, "run_unknown"), token } } }, { status: "succeeded" }, token);
    expect([mine.status, unknown.status]).toEqual([401, 401]);
    expect(mine.body.detail).toBe(unknown.body.detail);
  });

  test("refuses the token of another run", async () => {
    receiver.calls.length = 0;
    const other = await start(cast.ada);
    await world.claim(other);
    expect((await report(call, { status: "failed" }, onlyCall().json.callback.token)).status).toBe(401);
    await report(onlyCall(), { status: "succeeded" });
    await world.settle(other);
  });

  test.each([
    ["no JSON", "{", 400],
    ["too much", JSON.stringify({ log: ["x".repeat(600 * 1024)] }), 413],
    ["an unknown status", { status: "done" }, 422],
    ["a script as link", { links: [{ title: "x", url: "javascript:alert(1)" }] }, 422],
    ["too many lines", { log: Array.from({ length: 501 }, () => "x") }, 422],
    ["a hostile step name", { steps: [{ name: "../x", status: "running" }] }, 422],
    ["an unknown field", { result: 1 }, 422],
  ])("refuses %s and changes nothing", async (_what, body, status) => {
    const before = await linesOf(id);
    expect((await report(call, body)).status).toBe(status);
    expect(await linesOf(id)).toEqual(before);
    expect((await readRun(db(), id)).status).toBe("running");
  });

  test("takes the end once, also when it comes fifty times at once", async () => {
    const answers = await Promise.all(Array.from({ length: 50 }, () => report(call, { log: ["once"], status: "succeeded" })));
    expect(answers.filter((answer) => answer.status === 202)).toHaveLength(1);
    expect(answers.filter((answer) => answer.status === 409)).toHaveLength(49);
    await until("the run to end", async () => (await world.settle(id)).finishedAt);
    expect((await linesOf(id)).filter((line) => line === "once")).toHaveLength(1);
  });
});
