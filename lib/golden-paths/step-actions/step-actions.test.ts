import { createHmac } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { eq } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { stringify } from "yaml";
import type { z } from "zod";
import { POST as callbackRoute } from "@/app/api/v1/step-callbacks/[token]/route";
import { db } from "@/db/client";
import { auditEvents, runLogLines, runs, stepActions, stepCalls, workers } from "@/db/schema";
import { databaseNow } from "@/lib/core/ctx";
import { env } from "@/lib/core/env";
import { executeRun } from "@/lib/runs/engine/execute";
import type { RunKind } from "@/lib/runs/engine/types";
import { retryRun } from "@/lib/runs/mutations";
import { readRun } from "@/lib/runs/read";
import { forgetWorker, workAndDie } from "@/tests/setup/killed-worker";
import { useOwnDatabase } from "@/tests/setup/own-database";
import { aPerson, aTeam, outcome, type SignedIn, signedIn } from "@/tests/setup/people";
import { type Receiver, startReceiver } from "@/tests/setup/receiver";
import { until } from "@/tests/setup/until";
import { renderer } from "../engine/renderer";
import { publishFiles } from "../publish";
import { getGoldenPath, listStepActions } from "../queries";
import { goldenPathRun } from "../run-path";
import { dryRunService } from "../service-dry-run";
import { runGoldenPath } from "../start-path";
import type { StepActionDefinition } from "./definition";
import { createStepAction, editStepAction, replaceStepActionSecret } from "./mutations";
import { getDeclaredAction, listDeclaredActions } from "./queries";

process.env.WAYMARK_PRIVATE_HOSTS = "127.0.0.1";
const own = useOwnDatabase();
const dataDir = mkdtempSync(path.join(tmpdir(), "step-actions-"));
const kinds = new Map([[goldenPathRun.kind, goldenPathRun as unknown as RunKind]]);
let pat: SignedIn;
let ada: SignedIn;
let receiver: Receiver;
let count = 0;

beforeAll(async () => {
  env().dataDir = dataDir;
  await aTeam("checkout");
  ada = await signedIn(await aPerson("ada", { teams: { checkout: "member" } }));
  pat = await signedIn(await aPerson("pat", { role: "platform-admin" }));
  await db().insert(workers).values({ id: "wrk_test", host: "test", pid: process.pid });
});
beforeEach(async () => {
  receiver = await startReceiver();
  count += 1;
  ada = { ...ada, now: await databaseNow() };
  pat = { ...pat, now: await databaseNow() };
});
afterAll(async () => {
  await renderer().close();
  rmSync(dataDir, { recursive: true, force: true });
});

const TICKET = {
  type: "object",
  required: ["title"],
  additionalProperties: false,
  properties: { title: { type: "string", minLength: 3 }, token: { type: "string" } },
};
const OUTPUTS = { type: "object", required: ["number"], properties: { number: { type: "integer" }, url: { type: "string" } } };

type Back = z.input<typeof StepActionDefinition>["back"];
const definition = (back: Back, more: object = {}) => ({ title: "Open a ticket", inputs: TICKET, outputs: OUTPUTS, back, ...more });
const http = (more: object = {}) => definition({ type: "http", url: receiver.url, ...more } as Back);
const command = (script: string, more: object = {}, rest: object = {}) =>
  definition({ type: "command", interpreter: "sh", script, ...more } as Back, { inputs: { type: "object" }, outputs: { type: "object" }, ...rest });

async function declare(what: ReturnType<typeof definition>): Promise<{ id: string; secret: string }> {
  return createStepAction(pat, { id: `acme:ticket${count}:create`, definition: what });
}

// biome-ignore-start lint/suspicious/noTemplateCurlyInString: the code of templates
/** A path with one file, the action and a line that shows what it gave. */
async function aPath(action: string, input: object): Promise<string> {
  const name = `with-action-${count}`;
  const template = {
    apiVersion: "scaffolder.backstage.io/v1beta3",
    kind: "Template",
    metadata: { name, title: "Open a ticket" },
    spec: {
      type: "change",
      parameters: [{ properties: { title: { type: "string" }, owner: { type: "string" }, token: { type: "string", "ui:field": "Secret" } } }],
      steps: [
        { id: "files", action: "fetch:plain", input: { url: "./skeleton" } },
        { id: "ticket", name: "Open the ticket", action, input },
        { id: "wait", action: "debug:wait", input: { milliseconds: 1 } },
        { id: "say", action: "debug:log", input: { message: "ticket ${{ steps.ticket.output | dump }}", listWorkspace: "with-contents" } },
      ],
      output: { links: [{ title: "Ticket", url: "${{ steps.ticket.output.url }}" }] },
    },
  };
  const files = new Map([
    ["template.yaml", { content: Buffer.from(stringify(template)), mode: 0o644 }],
    ["skeleton/readme.txt", { content: Buffer.from("hello\n"), mode: 0o644 }],
  ]);
  const now = await databaseNow();
  await db().transaction((tx) => publishFiles(tx, files, { note: "test", publishedBy: null, now }));
  return name;
}

const TITLE = { title: "${{ parameters.title }}", token: "${{ secrets.token }}" };
const begin = async (name: string, values: object = { title: "Need a queue", token: "s3cret-part" }) => (await runGoldenPath(ada, { name, values: { ...values } })).run.id;
const claim = async (id: string) => {
  await executeRun(id, "wrk_test", kinds, new Map());
  return readRun(db(), id);
};
const settle = (id: string) =>
  until(`run ${id} to end`, async () => {
    const run = await claim(id);
    return run.finishedAt ? run : null;
  });
const logOf = async (id: string) =>
  (await db().select({ text: runLogLines.text }).from(runLogLines).where(eq(runLogLines.runId, id)).orderBy(runLogLines.seq)).map((line) => line.text).join("\n");

/** As the other side checks it, written from the Standard Webhooks text alone. */
function isSigned(secret: string, { headers, body }: Receiver["calls"][number]): boolean {
  const key = Buffer.from(secret.slice("whsec_".length), "base64");
  const wanted = createHmac("sha256", key).update(`${headers["webhook-id"]}.${headers["webhook-timestamp"]}.${body}`).digest("base64");
  return String(headers["webhook-signature"]).split(" ").includes(`v1,${wanted}`) && Math.abs(Date.now() / 1_000 - Number(headers["webhook-timestamp"])) < 300;
}

async function report(url: string, body: unknown) {
  const answer = await callbackRoute(new Request(url, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) }));
  return { status: answer.status, body: await answer.json() };
}

describe("an HTTP action", () => {
  it("is a signed call with typed outputs, whose secrets are in no log", async () => {
    const { id, secret } = await declare(http());
    receiver.answers = [{ status: 200, body: { outputs: { number: 7, url: "https://tickets.example/7" }, log: ["made 7 with s3cret-part"] } }];
    const run = await settle(await begin(await aPath(id, TITLE)));
    expect(run).toMatchObject({ status: "succeeded", outcome: { evidence: [{ title: "Ticket", url: "https://tickets.example/7" }] } });
    expect(run.steps.map(({ name }) => name)).toEqual(["do-ticket", "do-wait"]);
    const [call] = receiver.calls;
    expect(call && isSigned(secret, call)).toBe(true);
    expect(call?.json).toMatchObject({
      type: "step.run",
      action: { id },
      run: { id: run.id },
      step: "ticket.0",
      requestedBy: "user:default/ada",
      inputs: { title: "Need a queue", token: "s3cret-part" },
    });
    expect(call?.headers["idempotency-key"]).toBe(call?.json["key"]);
    const log = await logOf(run.id);
    expect(log).toContain('ticket {"number":7');
    expect(log).not.toMatch(/s3cret-part|whsec_/);
    const stored = JSON.stringify([
      await db().select().from(stepActions),
      await db().select().from(stepCalls),
      await db().select().from(auditEvents),
      await db().select().from(runs),
    ]);
    expect(stored).not.toContain(secret);
    expect(stored).not.toContain("s3cret-part");
  });

  it("is sent again under the same key until it is taken", async () => {
    const { id } = await declare(http());
    receiver.answers = [{ status: 503 }, { status: 200, body: { outputs: { number: 8 } } }];
    expect(await settle(await begin(await aPath(id, TITLE)))).toMatchObject({ status: "succeeded" });
    expect(receiver.calls).toHaveLength(2);
    expect(new Set(receiver.calls.map(({ headers }) => headers["idempotency-key"])).size).toBe(1);
    expect(receiver.calls[0]?.body).toBe(receiver.calls[1]?.body);
  });

  it("waits for a report at a signed address without keeping a worker, and takes one", async () => {
    const { id } = await declare(http({ answer: "callback", deadlineMinutes: 10 }));
    const runId = await begin(await aPath(id, TITLE));
    const waiting = await claim(runId);
    expect(waiting).toMatchObject({ status: "running", finishedAt: null });
    expect((await db().select({ workerId: runs.workerId }).from(runs).where(eq(runs.id, runId)))[0]?.workerId).toBeNull();
    // Its run lasts as long as it may wait, and the usual five minutes.
    expect(Date.parse(waiting.deadlineAt) - Date.parse(waiting.createdAt)).toBe(15 * 60_000);
    const { url } = receiver.calls[0]?.json.callback ?? { url: "" };
    expect((await report(`${url}x`, { outputs: { number: 9 } })).status).toBe(401);
    expect((await report(url.replace("wmk_step_", "wmk_step_A"), { outputs: { number: 9 } })).status).toBe(401);
    expect((await report(url, { outputs: { number: 9 }, surprise: 1 })).status).toBe(422);
    expect((await report(url, { outputs: { number: 9, url: "https://tickets.example/9" } })).status).toBe(202);
    expect((await report(url, { outputs: { number: 10 } })).status).toBe(409);
    expect(await settle(runId)).toMatchObject({ status: "succeeded", outcome: { evidence: [{ url: "https://tickets.example/9" }] } });
    expect(receiver.calls).toHaveLength(1);
    expect(await logOf(runId)).not.toContain("wmk_step_");
    expect((await report(url, { outputs: { number: 9 } })).status).toBe(409);
  });

  it("that stays silent ends at its deadline with who can help", async () => {
    const { id } = await declare(http({ answer: "callback", deadlineMinutes: 1 }));
    const runId = await begin(await aPath(id, TITLE));
    await claim(runId);
    await db()
      .update(stepCalls)
      .set({ deadlineAt: new Date(0) })
      .where(eq(stepCalls.runId, runId));
    expect(await settle(runId)).toMatchObject({ status: "failed", outcome: { causeCode: "step-action-silent", whoCanFix: "platform-team", failingStep: "do-ticket" } });
  });

  it("that fails is called anew by a retry, with another key", async () => {
    const { id } = await declare(http());
    receiver.answers = [
      { status: 200, body: { status: "failed", cause: "The tracker is full.", nextAction: "Close some tickets." } },
      { status: 200, body: { outputs: { number: 1 } } },
    ];
    const failed = await settle(await begin(await aPath(id, TITLE)));
    expect(failed).toMatchObject({ status: "failed", outcome: { cause: "The tracker is full.", nextAction: "Close some tickets." } });
    await retryRun({ ...ada, now: await databaseNow() }, { id: failed.id });
    expect(await settle(failed.id)).toMatchObject({ status: "succeeded" });
    expect(receiver.calls[0]?.headers["idempotency-key"]).not.toBe(receiver.calls[1]?.headers["idempotency-key"]);
  });

  it.each([
    ["outputs that do not fit", { status: 200, body: { outputs: { number: "seven" } } }, /What acme:\S+ gives does not fit its schema.*number/],
    ["an answer in words of its own", { status: 200, body: { ok: true } }, /something else than/],
    ["a refusal", { status: 403, body: { why: "no" } }, /answered 403/],
  ])("with %s fails once and in words", async (_what, answer, words) => {
    const { id } = await declare(http());
    receiver.answers = [answer];
    const run = await settle(await begin(await aPath(id, TITLE)));
    expect(run).toMatchObject({ status: "failed", outcome: { cause: expect.stringMatching(words), whoCanFix: "platform-team" } });
    expect(receiver.calls).toHaveLength(1);
  });

  it("checks its inputs before anything is sent", async () => {
    const { id } = await declare(http());
    const run = await settle(await begin(await aPath(id, TITLE), { title: "no", token: "x" }));
    expect(run).toMatchObject({ status: "failed", outcome: { cause: expect.stringContaining("title") } });
    expect(receiver.calls).toEqual([]);
  });

  it("does not reach inside the network unless the operator lists the host", async () => {
    const back = { type: "http" as const, url: "http://10.0.0.7/hook" };
    const refused = await declare({ ...http(), back }).catch((error: unknown) => error);
    expect(refused).toMatchObject({ code: "invalid", fields: [{ path: "definition.back.url", message: expect.stringContaining("WAYMARK_PRIVATE_HOSTS") }] });
    env().privateHosts.push("10.0.0.7");
    const { id } = await declare({ ...http(), back });
    const [row] = await db().select().from(stepActions).where(eq(stepActions.id, id));
    const edit = { id, revision: row?.revision ?? 0, definition: { ...http(), back: { ...back, url: "https://192.168.1.1/hook" } } };
    await expect(editStepAction(pat, edit)).rejects.toMatchObject({ fields: [{ path: "definition.back.url" }] });
    // What was allowed when it was saved is looked at again when it is used.
    env().privateHosts.pop();
    const run = await settle(await begin(await aPath(id, TITLE)));
    expect(run).toMatchObject({ status: "failed", outcome: { causeCode: "step-action-unreachable", cause: expect.stringContaining("WAYMARK_PRIVATE_HOSTS") } });
  });

  it("a dry run shows the call and sends nothing", async () => {
    const { id } = await declare(http({ answer: "callback" }));
    const shown = await dryRunService(ada, { name: await aPath(id, TITLE), values: { title: "Need a queue" } });
    expect(shown.calls).toEqual(expect.arrayContaining([{ step: "ticket", call: `POST ${receiver.url}`, detail: expect.stringContaining("signed") }]));
    expect(shown.files.map((file) => file.path)).toContain("readme.txt");
    expect(receiver.calls).toEqual([]);
  });

  it("killed after the call was taken, the run finds it and calls no second time", async () => {
    const { id } = await declare(http());
    receiver.answers = [{ status: 200, body: { outputs: { number: 3 } } }];
    const runId = await begin(await aPath(id, TITLE));
    expect(await workAndDie(own.current().appUrl, runId, "wrk_dies", "do-ticket:after")).toBe("SIGKILL");
    await forgetWorker("wrk_dies");
    expect(await settle(runId)).toMatchObject({ status: "succeeded" });
    expect(receiver.calls).toHaveLength(1);
  });
});

describe("a command action", () => {
  it("changes the files of the workspace and gives outputs, in a run and in a dry run", async () => {
    const script = 'echo "making"; tr a-z A-Z < readme.txt > loud.txt; chmod +x loud.txt; rm readme.txt; printf \'{"number": 4}\' > "$WAYMARK_OUTPUT"; cat "$WAYMARK_INPUT"';
    const { id } = await declare(command(script, {}, { outputs: OUTPUTS }));
    const name = await aPath(id, { title: "${{ parameters.title }}" });
    const run = await settle(await begin(name, { title: "Loud" }));
    expect(run).toMatchObject({ status: "succeeded" });
    expect(run.steps.map((step) => step.name)).toEqual(["do-wait"]);
    const log = await logOf(run.id);
    for (const words of ["making", '{"title":"Loud"}', 'ticket {"number":4', "loud.txt", "HELLO"]) expect(log).toContain(words);
    expect(log).not.toContain("readme.txt");
    const dry = await dryRunService(ada, { name, values: { title: "Loud" } });
    expect(dry.files.find((file) => file.path === "loud.txt")).toMatchObject({ text: "HELLO\n", isExecutable: true });
  });

  it("runs Node as well", async () => {
    const script =
      'const fs = require("node:fs"); fs.writeFileSync("n.txt", String(1 + 1)); fs.writeFileSync(process.env.WAYMARK_OUTPUT, JSON.stringify({ number: process.getuid() }));';
    const { id } = await declare(command(script, { interpreter: "node" }));
    const run = await settle(await begin(await aPath(id, {}), {}));
    expect(run).toMatchObject({ status: "succeeded" });
    expect(await logOf(run.id)).toContain('ticket {"number":1000}');
  });

  it.each([
    ["the network", "command -v node >/dev/null; cat /proc/net/dev | tail -n +3 | grep -v ' lo:' && exit 0; exit 7", /code 7/],
    ["the portal's files", `ls ${process.cwd()} || exit 7`, /code 7/],
    ["the machine's accounts", "cat /etc/shadow || exit 7", /code 7/],
    ["other processes", "[ $(ls /proc | grep -c '^[0-9]') -lt 6 ] && exit 7", /code 7/],
    ["the root folder", "touch /here 2>/dev/null && exit 0; exit 7", /code 7/],
    ["more time", "sleep 30", /within 1 seconds/],
    ["more memory", "x=a; while :; do x=$x$x; done", /code (2|137|139|none)/],
    ["more output", "yes | head -c 1000000", /more than 256 kB/],
    ["a link out of the workspace", "ln -s /etc/passwd leak.txt", /leak.txt, which is no plain file/],
    ["git's own folder", "mkdir -p .git/hooks && echo x > .git/hooks/post-checkout", /\.git/],
    ["outputs that are no JSON", 'echo nonsense > "$WAYMARK_OUTPUT"', /no JSON/],
    ["a failure", "echo broken >&2; exit 3", /code 3: broken/],
  ])("does not get %s", async (_what, script, words) => {
    const { id } = await declare(command(script, { timeSeconds: 1, memoryMiB: 64 }));
    const run = await settle(await begin(await aPath(id, {}), {}));
    expect(run).toMatchObject({ status: "failed", outcome: { cause: expect.stringMatching(words) } });
  });
});

describe("declaring", () => {
  it("is for the platform team, refuses built-in and taken ids, and notices somebody else's change", async () => {
    const { id } = await declare(http());
    expect(await outcome(createStepAction(ada, { id: "acme:x:y", definition: http() }))).toBe("forbidden");
    expect(await outcome(listDeclaredActions(ada, {}))).toBe("forbidden");
    for (const taken of ["fetch:plain", id]) expect(await outcome(createStepAction(pat, { id: taken, definition: http() }))).toBe("conflict");
    for (const bad of ["ticket", "Acme:x", "a b:c", "../x:y", "acme::x", `acme:${"x".repeat(60)}`])
      expect([bad, await outcome(createStepAction(pat, { id: bad, definition: http() }))]).toEqual([bad, "invalid"]);
    const slow = { ...http(), inputs: { type: "object", properties: { a: { type: "string", pattern: "(" } } } };
    expect(await outcome(createStepAction(pat, { id: "acme:bad:pattern", definition: slow }))).toBe("invalid");
    await editStepAction(pat, { id, revision: 1, definition: { ...http(), title: "Newer" } });
    expect(await outcome(editStepAction(pat, { id, revision: 1, isEnabled: false }))).toBe("conflict");
    expect(await getDeclaredAction(pat, { id })).toMatchObject({ revision: 2, definition: { title: "Newer" }, usedBy: [] });
    expect(JSON.stringify(await getDeclaredAction(pat, { id }))).not.toContain("whsec_");
  });

  it("shows the action to clients of Backstage; switched off, a path that needs it does not begin", async () => {
    const { id } = await declare(http());
    const name = await aPath(id, TITLE);
    expect((await listStepActions(ada, {})).find((one) => one.id === id)).toMatchObject({ description: "Open a ticket", schema: { input: TICKET, output: OUTPUTS } });
    expect((await getGoldenPath(ada, { name })).missingActions).toEqual([]);
    expect(await getDeclaredAction(pat, { id })).toMatchObject({ usedBy: [name] });
    await editStepAction(pat, { id, revision: 1, isEnabled: false });
    expect((await getGoldenPath(ada, { name })).missingActions).toEqual([id]);
    await expect(runGoldenPath(ada, { name, values: {} })).rejects.toMatchObject({ code: "invalid", message: expect.stringContaining(id) });
  });

  it("a replaced secret signs at once, the old one beside it", async () => {
    const { id, secret } = await declare(http());
    const { secret: newer } = await replaceStepActionSecret(pat, { id });
    receiver.answers = [{ status: 200, body: { outputs: { number: 1 } } }];
    await settle(await begin(await aPath(id, TITLE)));
    const [call] = receiver.calls;
    expect(call && [isSigned(secret, call), isSigned(newer, call)]).toEqual([true, true]);
  });
});
// biome-ignore-end lint/suspicious/noTemplateCurlyInString: the code of templates
