import { eq } from "drizzle-orm";
import { beforeAll, describe, expect, test } from "vitest";
import { db } from "@/db/client";
import { apiTokens, auditEvents, sessions, users } from "@/db/schema";
import type { UserActor } from "@/lib/core/actor";
import { authenticateSession, authenticateToken } from "@/lib/core/auth/authenticate";
import { isWellFormedToken, makeToken } from "@/lib/core/auth/token-format";
import { requestCtx } from "@/lib/core/http/request-ctx";
import { sha256 } from "@/lib/core/secrets";
import { useOwnDatabase } from "@/tests/setup/own-database";
import { aPerson, aTeam, outcome, type SignedIn, signedIn } from "@/tests/setup/people";
import { createTokenOnHost, grantAdminOnHost } from "./host";
import { createToken, endAllSessions, endOwnSession, revokeToken } from "./mutations";
import { getMe, listSessions, listTokens } from "./queries";

useOwnDatabase();
let ada: SignedIn;
let bo: SignedIn;
let pat: SignedIn;

beforeAll(async () => {
  await aTeam("checkout");
  ada = await signedIn(await aPerson("ada", { teams: { checkout: "member" } }));
  bo = await signedIn(await aPerson("bo"));
  pat = await signedIn(await aPerson("pat", { role: "platform-admin" }));
});

const minutesAgo = (minutes: number) => new Date(ada.now.getTime() - minutes * 60_000);
const isSomebody = async (cookie: string) => (await authenticateSession(cookie)).actor.type === "user";
const bearer = (token: string) =>
  requestCtx(new Request("http://portal.example/api/v1/me", { headers: { authorization: `Bearer ${token}`, "x-forwarded-for": "198.51.100.7" } }), "req_test");

describe("sessions", () => {
  test("end after an hour without use, and 12 hours after the sign-in", async () => {
    const one = await signedIn(ada.actor.id);
    const set = (change: Partial<typeof sessions.$inferInsert>) =>
      db()
        .update(sessions)
        .set(change)
        .where(eq(sessions.id, sha256(one.cookie)));
    await set({ lastSeenAt: minutesAgo(59) });
    expect(await isSomebody(one.cookie)).toBe(true);
    await set({ lastSeenAt: minutesAgo(61) });
    expect(await isSomebody(one.cookie)).toBe(false);
    await set({ lastSeenAt: minutesAgo(0), expiresAt: minutesAgo(-1) });
    expect(await isSomebody(one.cookie)).toBe(true);
    await set({ expiresAt: minutesAgo(1) });
    expect(await isSomebody(one.cookie)).toBe(false);
  });

  test("use moves the idle end but not the absolute one", async () => {
    const one = await signedIn(ada.actor.id, 50);
    const row = async () =>
      (
        await db()
          .select()
          .from(sessions)
          .where(eq(sessions.id, sha256(one.cookie)))
      )[0];
    const before = await row();
    await authenticateSession(one.cookie);
    const after = await row();
    expect(after?.lastSeenAt.getTime()).toBeGreaterThan(minutesAgo(1).getTime());
    expect(after?.expiresAt).toEqual(before?.expiresAt);
    expect((after?.expiresAt.getTime() ?? 0) - (after?.createdAt.getTime() ?? 0)).toBe(12 * 3_600_000);
  });

  test("are listed and ended by their owner; gone at the next request", async () => {
    const here = await signedIn(ada.actor.id);
    const there = await signedIn(ada.actor.id);
    const { items } = await listSessions(here, {});
    expect(items.filter((item) => item.current).map((item) => item.id)).toEqual([sha256(here.cookie)]);
    await endOwnSession(here, { id: sha256(there.cookie) });
    expect(await isSomebody(there.cookie)).toBe(false);
    expect(await isSomebody(here.cookie)).toBe(true);
    expect((await listSessions(here, {})).items.map((item) => item.id)).not.toContain(sha256(there.cookie));
  });

  test("of others do not exist for one, and are an admin's to list and end", async () => {
    const victim = await signedIn(ada.actor.id);
    const id = sha256(victim.cookie);
    expect(await outcome(endOwnSession(bo, { id }))).toBe("not_found");
    expect(await outcome(listSessions(bo, { user: ada.actor.id }))).toBe("not_found");
    expect(await outcome(endAllSessions(bo, { id: ada.actor.id }))).toBe("forbidden");
    expect(await isSomebody(victim.cookie)).toBe(true);
    expect((await listSessions(pat, { user: ada.actor.id })).items.map((item) => item.id)).toContain(id);
    await endAllSessions(pat, { id: ada.actor.id });
    expect(await isSomebody(victim.cookie)).toBe(false);
    ada = await signedIn(ada.actor.id);
  });

  test.each(["", "x", "a".repeat(5_000), "' or 1=1 --", "\u0000"])("the cookie %j is nobody", async (cookie) => {
    expect(await isSomebody(cookie)).toBe(false);
  });
});

describe("tokens", () => {
  test("are shown once, stored as a hash, audited without their value", async () => {
    const made = await createToken(ada, { name: "laptop", scopes: ["read"], ttl: "30d" });
    expect(isWellFormedToken(made.token)).toBe(true);
    const [row] = await db().select().from(apiTokens).where(eq(apiTokens.id, made.id));
    expect(row).toMatchObject({ kind: "pat", hash: sha256(made.token), prefix: made.token.slice(0, 12) });
    expect(JSON.stringify(await db().select().from(apiTokens))).not.toContain(made.token);
    expect(JSON.stringify(await db().select().from(auditEvents))).not.toContain(made.token.slice(12));
    expect(JSON.stringify(await listTokens(ada, {}))).not.toContain(made.token);
  });

  test("speak for their owner, as the owner's role is at that moment", async () => {
    const id = await aPerson("vera", { role: "platform-admin" });
    const vera = await signedIn(id);
    const { token } = await createToken(vera, { name: "ci", scopes: ["read", "admin"], ttl: "1d" });
    expect((await bearer(token)).actor).toMatchObject({ handle: "vera", role: "platform-admin", credential: { type: "token", scopes: ["read", "admin"] } });
    await db().update(users).set({ role: "engineer" }).where(eq(users.id, id));
    expect((await bearer(token)).actor).toMatchObject({ role: "engineer" });
    await db().update(users).set({ disabledAt: new Date() }).where(eq(users.id, id));
    expect(await outcome(bearer(token))).toBe("unauthenticated");
  });

  test("cannot make tokens, nor list or end them", async () => {
    const { token, id } = await createToken(ada, { name: "all", scopes: ["read", "env:write"], ttl: "1d" });
    const { actor } = await authenticateToken(token);
    const ctx = { ...ada, actor: actor as UserActor };
    expect(await outcome(createToken(ctx, { name: "child", scopes: ["read"] }))).toBe("forbidden");
    expect(await outcome(revokeToken(ctx, { id }))).not.toBe("done");
    expect(await outcome(listTokens(ctx, {}))).not.toBe("done");
    expect(await outcome(getMe(ctx, {}))).toBe("done");
  });

  test.each([
    ["no name", { name: " ", scopes: ["read"] }, "name"],
    ["no scope", { name: "a", scopes: [] }, "scopes"],
    ["an unknown scope", { name: "a", scopes: ["root"] }, "scopes.0"],
    ["more than a year and a day", { name: "a", scopes: ["read"], ttl: "367d" }, "ttl"],
    ["no lifetime", { name: "a", scopes: ["read"], ttl: "0d" }, "ttl"],
    ["forever", { name: "a", scopes: ["read"], ttl: "never" }, "ttl"],
    ["a scope of admins", { name: "a", scopes: ["read", "admin"] }, "scopes"],
    ["a scope for provisioning", { name: "a", scopes: ["scim"] }, "scopes"],
    ["an owner of choice", { name: "a", scopes: ["read"], userId: "usr_x" }, "userId"],
  ])("%s is refused beside its field", async (_what, input, path) => {
    const refused = await createToken(ada, input as Parameters<typeof createToken>[1]).catch((error: unknown) => error);
    expect(refused).toMatchObject({ code: "invalid", fields: [{ path }] });
  });

  test("end when they are revoked or expire", async () => {
    const revoked = await createToken(ada, { name: "revoked", scopes: ["read"], ttl: "1d" });
    expect(await outcome(revokeToken(bo, { id: revoked.id }))).toBe("not_found");
    await revokeToken(ada, { id: revoked.id });
    expect(await outcome(bearer(revoked.token))).toBe("unauthenticated");
    const expired = await createToken(ada, { name: "expired", scopes: ["read"], ttl: "1d" });
    await db()
      .update(apiTokens)
      .set({ expiresAt: minutesAgo(1) })
      .where(eq(apiTokens.id, expired.id));
    expect(await outcome(bearer(expired.token))).toBe("unauthenticated");
    const names = (await listTokens(ada, {})).items.map((item) => item.name);
    expect(names).not.toContain("revoked");
    expect(names).not.toContain("expired");
  });

  test("malformed ones never reach the database; unknown ones are counted and then told to wait", async () => {
    const good = makeToken("pat");
    const typo = `${good.slice(0, -1)}${good.endsWith("a") ? "b" : "a"}`;
    expect(isWellFormedToken(good)).toBe(true);
    for (const junk of [typo, "wmk_pat_short", good.toUpperCase(), ` ${good}`, "", "null"]) expect(isWellFormedToken(junk), junk).toBe(false);
    for (let i = 0; i < 40; i++) expect(await outcome(bearer(typo))).toBe("unauthenticated");
    const codes: string[] = [];
    for (let i = 0; i < 40; i++) codes.push(await outcome(bearer(makeToken("pat"))));
    expect(codes.at(-1)).toBe("rate_limited");
    expect(codes.filter((code) => code === "unauthenticated").length).toBeLessThanOrEqual(30);
    const { token } = await createToken(ada, { name: "neighbour", scopes: ["read"], ttl: "1d" });
    expect((await bearer(token)).actor.type).toBe("user");
  });
});

describe("on the host", () => {
  test("a token for a person, with scopes and lifetime checked", async () => {
    const { token } = await createTokenOnHost({ who: "ada", scopes: ["read"], ttlMinutes: 60 });
    expect(token).toMatch(/^wmk_svc_/);
    expect((await bearer(token)).actor).toMatchObject({ handle: "ada", credential: { scopes: ["read"] } });
    expect(await outcome(createTokenOnHost({ who: "nobody", scopes: ["read"], ttlMinutes: 60 }))).toBe("invalid");
    expect(await outcome(createTokenOnHost({ who: "ada", scopes: ["root"], ttlMinutes: 60 }))).toBe("invalid");
    for (const ttlMinutes of [0, -5, Number.NaN, 367 * 1440]) expect(await outcome(createTokenOnHost({ who: "ada", scopes: ["read"], ttlMinutes }))).toBe("invalid");
  });

  test("an admin by subject or verified address; an address that anybody could claim is not enough", async () => {
    await aPerson("claire", { email: "claire@corp.example", emailVerified: true });
    expect(await grantAdminOnHost("CLAIRE@corp.example")).toEqual({ handle: "claire" });
    await aPerson("boss", { email: "boss@corp.example", emailVerified: false });
    expect(await outcome(grantAdminOnHost("boss@corp.example"))).toBe("invalid");
    await aPerson("mallory", { email: "twice@corp.example" });
    await aPerson("alice", { email: "twice@corp.example" });
    expect(await outcome(grantAdminOnHost("twice@corp.example"))).toBe("invalid");
    expect(await grantAdminOnHost("sub-boss")).toEqual({ handle: "boss" });
    const [row] = await db().select().from(users).where(eq(users.handle, "boss"));
    expect(row).toMatchObject({ role: "platform-admin", roleSource: "manual" });
  });
});
