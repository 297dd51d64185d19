import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { eq } from "drizzle-orm";
import fc from "fast-check";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { db } from "@/db/client";
import { auditEvents, guardrailDecisions, guardrails, integrations } from "@/db/schema";
import { databaseNow } from "@/lib/core/ctx";
import { type Cast, theCast } from "@/tests/setup/action-world";
import { useOwnDatabase } from "@/tests/setup/own-database";
import { outcome } from "@/tests/setup/people";
import { closeEvaluators } from "../conditions";
import type { RequestFacts } from "../contract";
import { connectOpa, createGuardrail, disconnectOpa, requireGuardrails } from "../mutations";
import { askEarly, readOpaIntegration, testOpa } from "../queries";
import { readAnswer } from "./ask";
import { askRemote } from "./remote";

// The agent's side is a stub that speaks OPA's documented REST API: contract-tested, not run against a real agent.

interface Seen {
  url: string | undefined;
  token: string | undefined;
  body: { input?: Record<string, unknown> };
}

let cast: Cast;
let agent: Server;
let address = "";
let seen: Seen[] = [];
/** Answers in turn; the last one stays. A number is a status without a body, null is silence. */
let answers: (object | string | number | null)[] = [];

async function answer(request: IncomingMessage, end: (status: number, body: string) => void) {
  seen.push({ url: request.url, token: request.headers.authorization, body: JSON.parse(await text(request)) });
  const next = answers.length > 1 ? answers.shift() : answers[0];
  if (next === null || next === undefined) return;
  if (typeof next === "number") end(next, "{}");
  else end(200, typeof next === "string" ? next : JSON.stringify(next));
}

useOwnDatabase();
beforeAll(async () => {
  agent = createServer((request, response) => void answer(request, (status, body) => response.writeHead(status, { "content-type": "application/json" }).end(body)));
  await new Promise<void>((resolve) => agent.listen(0, "127.0.0.1", resolve));
  const { port } = agent.address() as AddressInfo;
  address = `http://127.0.0.1:${port}`;
  process.env.WAYMARK_PRIVATE_HOSTS = `127.0.0.1:${port}`;
  cast = await theCast();
});
afterEach(async () => {
  seen = [];
  await db().delete(integrations);
  await db().delete(guardrails);
  await db().delete(guardrailDecisions);
});
afterAll(async () => {
  agent.closeAllConnections();
  agent.close();
  await closeEvaluators();
});

const connect = (more: object = {}) => connectOpa(cast.pat, { url: address, path: "waymark/guardrails", abilities: ["environment.create"], token: "opa-token-1", ...more });
const request: RequestFacts<"environment.create"> = {
  tier: "sandbox",
  ttlHours: 48,
  goldenPath: "node-express",
  goldenPathVersion: "1.0.0",
  driver: "local",
  memoryMiB: 256,
  name: "basket",
  entityRef: "",
  ref: "",
  isDefaultBranch: false,
  values: {},
};
const asked = { ability: "environment.create" as const, teamId: "tea_checkout", request };
/** As a mutation does it: the agent before the transaction, guardrails inside. */
async function submit() {
  const ctx = { ...cast.ada, now: await databaseNow() };
  const remote = await askRemote(ctx, "environment.create", "tea_checkout", () => request);
  return db().transaction((tx) => requireGuardrails(tx, ctx, asked, remote));
}

describe("a policy agent", () => {
  test("is asked with the document of the request, and only about what it is for", async () => {
    answers = [{ result: { allow: true } }];
    await connect();
    expect(await submit()).toMatchObject({ warnings: [] });
    expect(seen).toMatchObject([
      {
        url: "/v1/data/waymark/guardrails",
        token: "Bearer opa-token-1",
        body: { input: { ability: "environment.create", request: { ttlHours: 48 }, team: { name: "checkout" }, channel: "web" } },
      },
    ]);
    await connect({ abilities: ["action.run"] });
    await submit();
    expect(seen).toHaveLength(1);
  });

  test.each<[string, (object | string | number | null)[], string, RegExp | null]>([
    ["its reasons", [{ result: { allow: false, deny: ["Too large.", "Too long."] } }], "forbidden", /Too large\.[\s\S]*Too long\./],
    ["deny over allow", [{ result: { allow: true, deny: ["No."] } }], "forbidden", /No\./],
    ["a bare no", [{ result: { allow: false } }], "forbidden", /The policy does not allow it\./],
    ["nothing defined", [{}], "forbidden", /counts as a no/],
    ["another shape", [{ result: { allow: "yes" } }], "forbidden", /could not be evaluated.*another shape/],
    ["no JSON", ["<html>"], "forbidden", /another shape/],
    ["two failures", [500, 503], "forbidden", /answered 503/],
    ["a failure and then an answer", [500, { result: { allow: true } }], "done", null],
    ["a token it does not take", [401], "forbidden", /does not accept the token/],
    ["warnings", [{ result: { allow: true, warn: ["Mind the gap."] } }], "done", null],
  ])("refuses or lets through by %s", async (_what, given, expected, words) => {
    answers = given;
    await connect();
    const ended = await submit().then(
      (letThrough) => ({ code: "done", message: JSON.stringify(letThrough.warnings) }),
      (error: { code: string; message: string }) => error,
    );
    expect(ended.code).toBe(expected);
    if (words) expect(ended.message).toMatch(words);
  });

  test("that is silent is waited for twice 0.8 seconds, and then refuses, or warns where that was chosen", async () => {
    answers = [null];
    await connect();
    const begun = performance.now();
    expect(await outcome(submit())).toBe("forbidden");
    expect(performance.now() - begun).toBeGreaterThan(1_500);
    expect(seen).toHaveLength(2);
    await connect({ failMode: "warn" });
    expect(await submit()).toMatchObject({ warnings: [{ name: "opa", message: expect.stringContaining("could not be evaluated") }] });
  });

  test("and guardrails decide together: one no is enough, and a form says both", async () => {
    answers = [{ result: { allow: true, warn: ["Mind the gap."] } }];
    await connect();
    await createGuardrail(cast.pat, {
      name: "short",
      definition: {
        title: "Short",
        why: "So.",
        abilities: ["environment.create"],
        condition: "request.ttlHours <= 24",
        effect: "refuse",
        message: "Too long.",
        fix: "Less.",
        examples: [
          { title: "a", expect: "pass", facts: { "request.ttlHours": 4 } },
          { title: "b", expect: "fail", facts: { "request.ttlHours": 48 } },
        ],
      },
    });
    expect(await outcome(submit())).toBe("forbidden");
    expect(await askEarly(db(), { ...cast.ada, now: await databaseNow() }, asked)).toMatchObject({
      outcome: "refused",
      results: [
        { name: "short", verdict: "refuses" },
        { name: "opa", verdict: "warns" },
      ],
    });
  });

  test("is connected by platform admins alone; its token is never shown, and goes to no other address", async () => {
    answers = [{ decision_id: "d-1", result: { allow: false, deny: ["Not on Mondays."] } }];
    expect(await outcome(connectOpa(cast.ada, { url: address, path: "a", abilities: ["action.run"] }))).toBe("forbidden");
    for (const call of [() => disconnectOpa(cast.olga, {}), () => testOpa(cast.max, {}), () => readOpaIntegration(cast.ada, {})]) expect(await outcome(call())).toBe("forbidden");
    for (const url of ["http://10.0.0.1", "ftp://x", `${address}/v1/data/x`, "https://u:p@x.example"]) expect(await outcome(connect({ url }))).toBe("invalid");
    for (const path of ["", "../x", "a//b", "a b"]) expect(await outcome(connect({ path }))).toBe("invalid");
    await connect();
    expect(await readOpaIntegration(cast.pat, {})).toMatchObject({ isConnected: true, url: address, hasToken: true, failMode: "refuse" });
    expect(JSON.stringify(await readOpaIntegration(cast.pat, {}))).not.toContain("opa-token-1");
    expect(JSON.stringify(await db().select().from(integrations))).not.toContain("opa-token-1");
    const events = await db().select().from(auditEvents).where(eq(auditEvents.targetId, "opa"));
    expect(JSON.stringify(events)).not.toContain("opa-token-1");
    expect(await testOpa(cast.pat, {})).toMatchObject({ verdict: "refuses", words: "Not on Mondays.", decisionId: "d-1" });
    await connect({ token: undefined });
    expect((await readOpaIntegration(cast.pat, {})).hasToken).toBe(true);
    await connect({ token: undefined, url: "https://example.com" });
    expect((await readOpaIntegration(cast.pat, {})).hasToken).toBe(false);
    expect(await disconnectOpa(cast.pat, {})).toEqual({ disconnected: true });
    expect(await outcome(testOpa(cast.pat, {}))).toBe("conflict");
  });

  test("lets nothing through by an answer of any other shape", () => {
    fc.assert(
      fc.property(fc.oneof(fc.json(), fc.string()), (body) => {
        const { refuses, undecided } = readAnswer(body);
        const isClearYes = /"allow"\s*:\s*true/.test(body);
        expect(refuses.length > 0 || undecided !== null || isClearYes).toBe(true);
      }),
    );
  });
});
