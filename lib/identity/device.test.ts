import { eq } from "drizzle-orm";
import { beforeAll, describe, expect, test } from "vitest";
import { db } from "@/db/client";
import { auditEvents, deviceGrants, rateLimits } from "@/db/schema";
import { authenticateToken } from "@/lib/core/auth/authenticate";
import { databaseNow } from "@/lib/core/ctx";
import { sha256 } from "@/lib/core/secrets";
import { useOwnDatabase } from "@/tests/setup/own-database";
import { aPerson, outcome, type SignedIn, signedIn } from "@/tests/setup/people";
import { beginDeviceGrant, decideDevice, pollDeviceGrant } from "./mutations";
import { listTokens, readDeviceRequest } from "./queries";

useOwnDatabase();
let ada: SignedIn;
let networks = 0;

beforeAll(async () => {
  ada = await signedIn(await aPerson("ada"));
});

/** A grant from a network of its own, so that limits of one test do not count in another. */
async function begin(body: Record<string, unknown> = {}) {
  const network = `10.0.${networks++}.0/24`;
  const grant = await beginDeviceGrant(body, network);
  const change = (values: Partial<typeof deviceGrants.$inferInsert>) =>
    db()
      .update(deviceGrants)
      .set(values)
      .where(eq(deviceGrants.deviceCodeHash, sha256(grant.device_code)));
  /** As if the last poll were long ago. */
  const poll = async () => {
    await change({ lastPolledAt: null });
    return pollDeviceGrant({ device_code: grant.device_code }, network);
  };
  return { ...grant, network, change, poll };
}

describe("a command line that signs in", () => {
  test("shows a code, is allowed in the browser, gets its token once", async () => {
    const grant = await begin({ client: "waymark 0.1.0 on laptop", scopes: ["read", "env:write"] });
    expect(grant).toMatchObject({
      expires_in: 600,
      interval: 5,
      verification_uri: expect.stringMatching(/\/device$/),
      verification_uri_complete: expect.stringMatching(new RegExp(`/device\\?code=${grant.user_code}$`)),
    });
    expect(grant.user_code).toMatch(/^[BCDFGHJKLMNPQRSTVWXZ]{4}-[BCDFGHJKLMNPQRSTVWXZ]{4}$/);
    expect(await outcome(grant.poll())).toBe("authorization_pending");

    const asked = await readDeviceRequest(ada, { userCode: grant.user_code.toLowerCase().replace("-", " ") });
    expect(asked).toMatchObject({ client: "waymark 0.1.0 on laptop", scopes: ["read", "env:write"], ipPrefix: grant.network });
    expect(await decideDevice(ada, { userCode: grant.user_code, approve: true })).toMatchObject({ approved: true });

    const answer = await grant.poll();
    expect(answer).toMatchObject({ token_type: "bearer", scopes: ["read", "env:write"] });
    expect(answer.access_token).toMatch(/^wmk_cli_/);
    expect(Date.parse(answer.expires_at) - (await databaseNow()).getTime()).toBeLessThanOrEqual(90 * 86_400_000);
    expect((await authenticateToken(answer.access_token)).actor).toMatchObject({ handle: "ada", credential: { scopes: ["read", "env:write"] } });
    expect(await outcome(grant.poll())).toBe("expired_token");
    expect((await listTokens(ada, {})).items).toMatchObject([{ kind: "cli", name: "waymark 0.1.0 on laptop" }]);
    const [event] = await db().select().from(auditEvents).where(eq(auditEvents.name, "device.approve"));
    expect(event).toMatchObject({ actorLabel: "ada", detail: { approved: true, scopes: ["read", "env:write"] } });
  });

  test("gets nothing when it is refused", async () => {
    const grant = await begin();
    await decideDevice(ada, { userCode: grant.user_code, approve: false });
    expect(await outcome(grant.poll())).toBe("access_denied");
  });

  test("gets nothing after ten minutes, allowed or not", async () => {
    const late = await begin();
    await late.change({ expiresAt: new Date(ada.now.getTime() - 1) });
    expect(await outcome(late.poll())).toBe("expired_token");
    expect(await outcome(decideDevice(await signedIn(await aPerson("late")), { userCode: late.user_code, approve: true }))).toBe("invalid");
    const allowed = await begin();
    await decideDevice(ada, { userCode: allowed.user_code, approve: true });
    await allowed.change({ expiresAt: new Date(ada.now.getTime() - 1) });
    expect(await outcome(allowed.poll())).toBe("expired_token");
  });

  test("is told to slow down when it polls too fast, and then has to wait longer", async () => {
    const grant = await begin();
    const poll = () => pollDeviceGrant({ device_code: grant.device_code }, grant.network);
    expect(await outcome(poll())).toBe("authorization_pending");
    expect(await outcome(poll())).toBe("slow_down");
    const [row] = await db().select().from(deviceGrants).where(eq(deviceGrants.userCode, grant.user_code));
    expect(row?.intervalSeconds).toBe(10);
  });

  test("asked for by many polls at once yields one token", async () => {
    const grant = await begin();
    await decideDevice(ada, { userCode: grant.user_code, approve: true });
    const answers = await Promise.all(Array.from({ length: 8 }, () => outcome(pollDeviceGrant({ device_code: grant.device_code }, grant.network))));
    expect(answers.filter((answer) => answer === "done")).toHaveLength(1);
  });

  test("cannot be decided twice", async () => {
    const grant = await begin();
    await decideDevice(ada, { userCode: grant.user_code, approve: false });
    expect(await outcome(decideDevice(await signedIn(await aPerson("second")), { userCode: grant.user_code, approve: true }))).toBe("invalid");
    expect(await outcome(grant.poll())).toBe("access_denied");
  });

  test("keeps neither code in clear", async () => {
    const grant = await begin();
    expect(JSON.stringify(await db().select().from(deviceGrants))).not.toContain(grant.device_code);
  });
});

describe("guessing", () => {
  test("user codes ends after five wrong ones, at both doors and for right ones too", async () => {
    const guesser = await signedIn(await aPerson("guesser"));
    const right = await begin();
    for (let i = 0; i < 3; i++) expect(await outcome(readDeviceRequest(guesser, { userCode: "BBBB-BBBB" }))).toBe("invalid");
    for (let i = 0; i < 2; i++) expect(await outcome(decideDevice(guesser, { userCode: "BBBB-BBBC", approve: true }))).toBe("invalid");
    expect(await outcome(readDeviceRequest(guesser, { userCode: right.user_code }))).toBe("rate_limited");
    expect(await outcome(decideDevice(guesser, { userCode: right.user_code, approve: true }))).toBe("rate_limited");
    expect(await outcome(readDeviceRequest(ada, { userCode: right.user_code }))).toBe("done");
    await db()
      .update(rateLimits)
      .set({ windowEndsAt: new Date(ada.now.getTime() - 1) });
    expect(await outcome(readDeviceRequest(guesser, { userCode: right.user_code }))).toBe("done");
  });

  test.each([[{}], [{ device_code: 5 }], [{ device_code: "x".repeat(300) }], [null]])("the poll %j is refused in words", async (body) => {
    expect(["invalid", "expired_token"]).toContain(await outcome(pollDeviceGrant(body, "10.9.9.0/24")));
  });

  test("device codes and polls are limited by network", async () => {
    const codes: string[] = [];
    for (let i = 0; i < 35; i++) codes.push(await outcome(beginDeviceGrant({}, "10.8.8.0/24")));
    expect(codes.at(0)).toBe("done");
    expect(codes.at(-1)).toBe("rate_limited");
    expect(await outcome(beginDeviceGrant({}, "10.8.9.0/24"))).toBe("done");
  });
});

test("nobody approves without signing in, and no token approves another", async () => {
  const grant = await begin();
  expect(await outcome(decideDevice({ ...ada, actor: { type: "anonymous" } }, { userCode: grant.user_code, approve: true }))).toBe("unauthenticated");
  const byToken = { ...ada, actor: { ...ada.actor, credential: { type: "token" as const, id: "tok_x", scopes: ["read" as const, "admin" as const] } } };
  expect(await outcome(decideDevice(byToken, { userCode: grant.user_code, approve: true }))).toBe("forbidden");
  expect(await outcome(grant.poll())).toBe("authorization_pending");
});

test.each([
  ["a scope that does not exist", { scopes: ["root"] }],
  ["no scope", { scopes: [] }],
  ["an endless name", { client: "x".repeat(101) }],
])("%s is refused", async (_what, body) => {
  expect(await outcome(beginDeviceGrant(body, "10.7.7.0/24"))).toBe("invalid");
});
