import { eq } from "drizzle-orm";
import { beforeAll, describe, expect, test } from "vitest";
import { db } from "@/db/client";
import { auditEvents, scimConnections, scimTokens, users } from "@/db/schema";
import { createTokenOnHost } from "@/lib/identity/host";
import { createConnection, removeConnection, revokeConnectionTokens, rotateConnectionToken } from "@/lib/identity/mutations";
import { getConnection, getPerson, listConnections, listPeople } from "@/lib/identity/queries";
import { useOwnDatabase } from "@/tests/setup/own-database";
import { aPerson, aTeam, outcome, type SignedIn, signedIn } from "@/tests/setup/people";
import { aConnection, ScimClient } from "@/tests/setup/scim-client";

useOwnDatabase();
let pat: SignedIn;
const others: SignedIn[] = [];

beforeAll(async () => {
  await aTeam("checkout");
  pat = await signedIn(await aPerson("pat", { role: "platform-admin" }));
  others.push(await signedIn(await aPerson("ada", { teams: { checkout: "owner" } })), await signedIn(await aPerson("max", { role: "manager" })));
});

describe("connections", () => {
  test("are made, changed and read by platform admins alone, in the browser, after a fresh sign-in", async () => {
    const { connectionId: id } = await aConnection(pat, "Guarded");
    const changes = (ctx: SignedIn) => [
      () => createConnection(ctx, { name: "x" }),
      () => rotateConnectionToken(ctx, { id }),
      () => revokeConnectionTokens(ctx, { id }),
      () => removeConnection(ctx, { id }),
    ];
    const reads = (ctx: SignedIn) => [() => listConnections(ctx, {}), () => getConnection(ctx, { id })];
    const byToken: SignedIn = { ...pat, actor: { ...pat.actor, credential: { type: "token", id: "tok_x", scopes: ["admin", "scim", "read"] } } };
    for (const ctx of [...others, byToken]) for (const call of [...changes(ctx), ...reads(ctx)]) expect(await outcome(call())).toBe("forbidden");
    const stale = await signedIn(pat.actor.id, 11);
    for (const call of changes(stale)) expect(await call().catch((error: unknown) => error)).toMatchObject({ code: "forbidden", fields: [{ path: "session" }] });
    expect(await outcome(listConnections(stale, {}))).toBe("done");
  });

  test("show their token once; at rest there is only its hash", async () => {
    const made = await createConnection(pat, { name: "Once" });
    expect(made.token).toMatch(/^wmk_scim_[0-9A-Za-z]{36}$/);
    expect(made.baseUrl).toMatch(/\/scim\/v2$/);
    const everything = JSON.stringify([
      await db().select().from(scimConnections),
      await db().select().from(scimTokens),
      await db().select().from(auditEvents),
      await getConnection(pat, { id: made.id }),
    ]);
    expect(everything).not.toContain(made.token);
    const [event] = await db().select().from(auditEvents).where(eq(auditEvents.targetId, made.id));
    expect(event).toMatchObject({ name: "provisioning.edit", actorLabel: "pat", detail: { change: "created", recognise: "sub", groupKey: "displayName" } });
  });

  test("have names of their own, and only known settings", async () => {
    await createConnection(pat, { name: "Taken" });
    expect(await createConnection(pat, { name: "Taken" }).catch((error: unknown) => error)).toMatchObject({ code: "conflict", fields: [{ path: "name" }] });
    for (const input of [{ name: "" }, { name: "x".repeat(61) }, { name: "y", recognise: "name" }, { name: "z", extra: 1 }])
      expect(await outcome(createConnection(pat, input as never))).toBe("invalid");
    const id = "scx_missing";
    for (const call of [() => rotateConnectionToken(pat, { id }), () => removeConnection(pat, { id }), () => getConnection(pat, { id })])
      expect(await outcome(call())).toBe("not_found");
  });

  test("a new token works beside the old one for a day; revoked ones end at once, and the page says that they were tried", async () => {
    const before = await aConnection(pat, "Rotated");
    const { token, oldUntil } = await rotateConnectionToken(pat, { id: before.connectionId });
    const after = new ScimClient(token, before.connectionId);
    expect([(await before.get("/Users")).status, (await after.get("/Users")).status]).toEqual([200, 200]);
    expect(Math.round((Date.parse(oldUntil ?? "") - pat.now.getTime()) / 3_600_000)).toBe(24);
    await db()
      .update(scimTokens)
      .set({ expiresAt: pat.now })
      .where(eq(scimTokens.prefix, before.token.slice(0, 13)));
    expect([(await before.get("/Users")).status, (await after.get("/Users")).status]).toEqual([401, 200]);
    expect(await revokeConnectionTokens(pat, { id: before.connectionId })).toMatchObject({ ended: 1 });
    const seen = (await getConnection(pat, { id: before.connectionId })).requests;
    const refused = await after.get("/Users");
    expect([refused.status, refused.body.detail]).toEqual([401, expect.stringContaining("has ended")]);
    const shown = await getConnection(pat, { id: before.connectionId });
    expect(shown).toMatchObject({
      requests: seen + 1,
      tokens: [],
      last: { status: 401, request: "GET /Users" },
      problems: expect.arrayContaining([expect.objectContaining({ status: 401 })]),
    });
  });

  test("count people and groups, and tell the last request and what was refused, in words, without names in addresses", async () => {
    const scim = await aConnection(pat, "Counted");
    expect((await getConnection(pat, { id: scim.connectionId })).last).toBeNull();
    const id = await scim.person("one@corp.example");
    await scim.person("two@corp.example", { active: false });
    await scim.group("Unused group", [id]);
    await scim.ask("POST", "/Users", { userName: "one@corp.example" });
    await scim.get(`/Users?filter=${encodeURIComponent('userName eq "secret@corp.example"')}`);
    await scim.get("/Users/scp_missing");
    const shown = await getConnection(pat, { id: scim.connectionId });
    expect(shown).toMatchObject({
      people: { total: 2, active: 1, pending: 2 },
      groups: 1,
      unusedGroups: ["Unused group"],
      last: { request: "GET /Users/scp_missing", status: 404, agent: "Okta SCIM Client 1.0.0" },
    });
    expect(shown.problems).toMatchObject([{ status: 409, scimType: "uniqueness", request: "POST /Users", detail: expect.stringContaining("one@corp.example") }]);
    expect(JSON.stringify(shown)).not.toContain("secret@");
    for (let n = 0; n < 60; n++) await scim.ask("POST", "/Users", {});
    expect((await db().execute("select count(*)::int as n from scim_problems"))[0]).toMatchObject({ n: expect.any(Number) });
    const [{ n } = { n: 0 }] = await db().execute<{ n: number }>(`select count(*)::int as n from scim_problems where connection_id = '${scim.connectionId}'`);
    expect(n).toBe(50);
  });

  test("a removed one gives its people back, and takes the accounts that nobody signed in to with it", async () => {
    const scim = await aConnection(pat, "Removed");
    const signedInId = await aPerson("kept");
    await db().update(users).set({ issuer: "https://issuer.example", subject: "sub-kept-2" }).where(eq(users.id, signedInId));
    await scim.person("kept@corp.example");
    await scim.person("never@corp.example");
    const [row] = await db().execute<{ id: string }>("select user_id as id from scim_people where user_name = 'kept@corp.example'");
    await db().execute(`update users set issuer = 'https://issuer.example', subject = 'claimed' where id = '${row?.id}'`);
    expect((await getPerson(pat, { id: row?.id ?? "" })).managedBy).toMatchObject({ name: "Removed", isActive: true });
    expect(await removeConnection(pat, { id: scim.connectionId })).toMatchObject({ people: 2, removedAccounts: 1 });
    expect((await getPerson(pat, { id: row?.id ?? "" })).managedBy).toBeNull();
    expect((await scim.get("/Users")).status).toBe(401);
    expect(await db().$count(users, eq(users.handle, "never"))).toBe(0);
  });

  test("people can be listed by whether one manages them", async () => {
    const scim = await aConnection(pat, "Listed");
    await scim.person("listed@corp.example");
    const handles = async (managed: "yes" | "no") => (await listPeople(pat, { managed, limit: 200 })).items.map((person) => person.handle);
    expect(await handles("yes")).toContain("listed");
    expect(await handles("no")).not.toContain("listed");
    expect(await handles("no")).toContain("ada");
    expect((await listConnections(pat, {})).unmanaged).toBe((await handles("no")).length);
  });
});

test("a token with the scope scim that is made on the server belongs to a connection of its own", async () => {
  const { token } = await createTokenOnHost({ who: "pat", scopes: ["scim"], ttlMinutes: 60 });
  expect(token).toMatch(/^wmk_scim_/);
  expect((await new ScimClient(token).get("/Users")).status).toBe(200);
  expect((await listConnections(pat, {})).items.map((one) => one.name)).toContain("Made on the server");
  expect(await outcome(createTokenOnHost({ who: "pat", scopes: ["scim", "read"], ttlMinutes: 60 }))).toBe("invalid");
});
