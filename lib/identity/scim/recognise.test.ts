import { eq } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { closeDatabase, db, openDatabase } from "@/db/client";
import { auditEvents, memberships, roleRules, teams, users } from "@/db/schema";
import { authenticateSession, authenticateToken } from "@/lib/core/auth/authenticate";
import { databaseNow } from "@/lib/core/ctx";
import { disablePerson, removeMember, setMember } from "@/lib/identity/mutations";
import { listMembers } from "@/lib/identity/queries";
import { issueToken } from "@/lib/identity/tokens";
import { testDatabase } from "@/tests/setup/database";
import { startIssuer, type TestIssuer } from "@/tests/setup/issuer";
import { aPerson, outcome, type SignedIn, signedIn } from "@/tests/setup/people";
import { aConnection, type ScimClient } from "@/tests/setup/scim-client";
import { Browser } from "@/tests/setup/sign-in-dance";

const PORTAL = "http://portal.example:3000";
let issuer: TestIssuer;
let drop: () => Promise<void>;
let pat: SignedIn;
let bySub: ScimClient;
let byOid: ScimClient;
let byMail: ScimClient;

beforeAll(async () => {
  const database = await testDatabase();
  openDatabase(database.appUrl);
  drop = database.drop;
  issuer = await startIssuer(PORTAL);
  Object.assign(process.env, { WAYMARK_URL: PORTAL, OIDC_ISSUER: issuer.url, OIDC_ALLOW_HTTP: "1", OIDC_CLIENT_ID: issuer.clientId, OIDC_CLIENT_SECRET: issuer.clientSecret });
  await db()
    .insert(teams)
    .values([
      { id: "tea_a", ref: "group:default/a", name: "a", title: "A" },
      { id: "tea_b", ref: "group:default/b", name: "b", title: "B" },
    ]);
  await db()
    .insert(roleRules)
    .values([
      { id: "rul_1", position: 0, match: "exact", value: "team-a", teamId: "tea_a", membership: "member" },
      { id: "rul_2", position: 1, match: "exact", value: "team-b", teamId: "tea_b", membership: "owner" },
    ]);
  pat = await signedIn(await aPerson("pat", { role: "platform-admin" }));
  bySub = await aConnection(pat, "By sub");
  byOid = await aConnection(pat, "By oid", { recognise: "oid" });
  byMail = await aConnection(pat, "By mail", { recognise: "email" });
});

afterAll(async () => {
  await issuer.close();
  await closeDatabase();
  await drop();
});

const as = (sub: string, claims: Record<string, unknown> = {}) => {
  issuer.person = { sub, claims: { name: `Name of ${sub}`, preferred_username: sub, email: `${sub}@corp.example`, email_verified: true, groups: [], ...claims } };
};

async function arrive(sub: string, claims: Record<string, unknown> = {}): Promise<Browser> {
  as(sub, claims);
  const browser = new Browser(PORTAL);
  const response = await browser.signIn();
  browser.portal.set("landed", encodeURIComponent(response.headers.get("location") ?? ""));
  return browser;
}
const landed = (browser: Browser) => decodeURIComponent(browser.portal.get("landed") ?? "");
const actorOf = async (browser: Browser) => (await authenticateSession(browser.session())).actor;
const idOf = async (browser: Browser) => {
  const actor = await actorOf(browser);
  return actor.type === "user" ? actor.id : null;
};
const accountOf = async (sub: string) => (await db().select().from(users).where(eq(users.subject, sub)))[0];
const accountsNamed = (handle: string) => db().select().from(users).where(eq(users.handle, handle));

describe("somebody who was pushed and then signs in", () => {
  test("is that account where externalId is their sub; name and address stay what was pushed", async () => {
    const id = await bySub.person("Eva.Berg@corp.example", { externalId: "00u-eva", displayName: "Eva Berg", emails: [{ value: "eva@corp.example", primary: true }] });
    const [pending] = await accountsNamed("eva.berg");
    expect(pending).toMatchObject({ issuer: `scim:${bySub.connectionId}`, name: "Eva Berg", emailVerified: false });
    const browser = await arrive("00u-eva", { name: "Mallory", email: "other@corp.example" });
    expect(await idOf(browser)).toBe(pending?.id);
    expect(await accountOf("00u-eva")).toMatchObject({ id: pending?.id, issuer: issuer.url, name: "Eva Berg", email: "eva@corp.example", emailVerified: false });
    await arrive("00u-eva", { email: "EVA@corp.example" });
    expect(await accountOf("00u-eva")).toMatchObject({ emailVerified: true });
    const [event] = await db().select().from(auditEvents).where(eq(auditEvents.name, "user.recognise"));
    expect(event).toMatchObject({ targetLabel: "eva.berg", detail: { connection: "By sub", claim: "sub", value: "00u-eva", hadAccount: false } });
    expect((await bySub.get(`/Users/${id}`)).body.active).toBe(true);
  });

  test("is that account where externalId is their oid, whatever their sub", async () => {
    await byOid.person("ola@corp.example", { externalId: "oid-ola" });
    const [pending] = await accountsNamed("ola");
    expect(await idOf(await arrive("pairwise-1", { oid: "oid-ola" }))).toBe(pending?.id);
  });

  test("is that account where userName is their verified address, in any letter case", async () => {
    await byMail.person("Mia@corp.example");
    const [pending] = await accountsNamed("mia");
    expect(await idOf(await arrive("sub-mia", { email: "mia@CORP.example" }))).toBe(pending?.id);
  });

  test("many at once make one person", async () => {
    await bySub.person("rush@corp.example", { externalId: "00u-rush" });
    as("00u-rush");
    await Promise.all(Array.from({ length: 5 }, () => new Browser(PORTAL).signIn()));
    expect(await db().select().from(users).where(eq(users.subject, "00u-rush"))).toHaveLength(1);
    expect(await accountsNamed("rush")).toHaveLength(1);
    expect(await accountsNamed("rush-2")).toHaveLength(0);
  });
});

describe("nobody takes over an account", () => {
  test.each([
    ["an address that is not verified", "sub-m1", { email: "ceo@corp.example", email_verified: false }],
    ["an address without a word on being verified", "sub-m2", { email: "ceo@corp.example", email_verified: undefined }],
    ["the text true", "sub-m3", { email: "ceo@corp.example", email_verified: "true" }],
    ["the user name", "sub-m4", { preferred_username: "ceo@corp.example", email: "m4@corp.example" }],
    ["a name that looks the same", "sub-m5", { email: "ceо@corp.example" }],
    ["the id of another claim", "sub-m6", { oid: "ceo@corp.example", email: "m6@corp.example" }],
  ])("with %s", async (_what, sub, claims) => {
    if ((await accountsNamed("ceo")).length === 0) await byMail.person("ceo@corp.example", { externalId: "ext-ceo" });
    const [pending] = await accountsNamed("ceo");
    const id = await idOf(await arrive(sub, claims));
    expect(id).not.toBeNull();
    expect(id).not.toBe(pending?.id);
  });

  test("with a sub or oid that only another kind of connection goes by", async () => {
    await byOid.person("cfo@corp.example", { externalId: "id-cfo" });
    await byMail.person("coo@corp.example", { externalId: "id-coo" });
    for (const [handle, sub, claims] of [
      ["cfo", "id-cfo", { email: "x1@corp.example" }],
      ["coo", "id-coo", { oid: "id-coo", email: "x2@corp.example" }],
    ] as const) {
      const [pending] = await accountsNamed(handle);
      expect(await idOf(await arrive(sub, claims))).not.toBe(pending?.id);
    }
  });

  test("that somebody has signed in to, not even with the same verified address", async () => {
    await byMail.person("lena@corp.example");
    const first = await idOf(await arrive("sub-lena", { email: "lena@corp.example" }));
    const second = await idOf(await arrive("sub-lena-2", { email: "lena@corp.example" }));
    expect(second).not.toBeNull();
    expect(second).not.toBe(first);
  });

  test("of a person, or of nobody yet, by calling themselves what stands for no identity", async () => {
    await bySub.person("target@corp.example", { externalId: "00u-target" });
    const [pending] = await accountsNamed("target");
    for (const sub of [pending?.id ?? "", pending?.issuer ?? "", pending?.subject ?? ""]) {
      expect(await idOf(await arrive(sub, { email: `${sub.length}@corp.example` }))).not.toBe(pending?.id);
    }
  });

  test("by the provider handing it to another of its people", async () => {
    const id = await bySub.person("first@corp.example", { externalId: "00u-first" });
    await arrive("00u-first");
    const { status, body } = await bySub.patch(`/Users/${id}`, { op: "replace", path: "externalId", value: "00u-other" });
    expect([status, body.scimType]).toEqual([400, "mutability"]);
    const unused = await bySub.person("unused@corp.example", { externalId: "00u-unused" });
    expect((await bySub.patch(`/Users/${unused}`, { op: "replace", path: "externalId", value: "00u-next" })).status).toBe(200);
  });
});

describe("people who had an account before there was a connection", () => {
  test("are found by their sub when they are pushed, and managed from then on", async () => {
    const browser = await arrive("00u-old");
    const id = await bySub.person("old.hand@corp.example", { externalId: "00u-old", displayName: "Old Hand" });
    expect(await accountOf("00u-old")).toMatchObject({ id: await idOf(browser), name: "Old Hand" });
    expect(await accountsNamed("old.hand")).toHaveLength(0);
    await bySub.patch(`/Users/${id}`, { op: "replace", path: "active", value: false });
    expect((await actorOf(browser)).type).toBe("anonymous");
  });

  test("are found by the oid of their last sign-in", async () => {
    const browser = await arrive("pairwise-2", { oid: "oid-two" });
    await byOid.person("two@corp.example", { externalId: "oid-two" });
    expect(await accountsNamed("two")).toHaveLength(0);
    expect((await actorOf(browser)).type).toBe("user");
  });

  test("are known at their next sign-in by a verified address; the empty account goes, what it was given by hand stays", async () => {
    const before = await arrive("sub-nils", { email: "nils@corp.example" });
    const known = await idOf(before);
    await byMail.person("nils@corp.example", { displayName: "Nils Holm" });
    const [pending] = await accountsNamed("nils");
    expect(pending?.id).not.toBe(known);
    await setMember(pat, { team: "b", user: pending?.id ?? "", membership: "owner" });
    const browser = await arrive("sub-nils", { email: "nils@corp.example" });
    expect(await idOf(browser)).toBe(known);
    expect(await accountOf("sub-nils")).toMatchObject({ name: "Nils Holm" });
    expect(
      await db()
        .select()
        .from(users)
        .where(eq(users.id, pending?.id ?? "")),
    ).toHaveLength(0);
    expect(
      await db()
        .select()
        .from(memberships)
        .where(eq(memberships.userId, known ?? "")),
    ).toMatchObject([{ teamId: "tea_b", membership: "owner", source: "manual" }]);
  });

  test("are not pushed by two connections", async () => {
    await arrive("00u-both", { oid: "00u-both" });
    await bySub.person("both@corp.example", { externalId: "00u-both" });
    const second = await byOid.ask("POST", "/Users", { userName: "both2@corp.example", externalId: "00u-both" });
    expect([second.status, second.body.scimType]).toEqual([409, "uniqueness"]);
    expect((await byMail.ask("POST", "/Users", { userName: "BOTH@corp.example" })).body.scimType).toBe("uniqueness");
  });
});

describe("who leaves", () => {
  const tokenFor = async (userId: string) => {
    const now = await databaseNow();
    return (await issueToken(db(), { userId, kind: "pat", name: "laptop", scopes: ["read"], expiresAt: new Date(now.getTime() + 86_400_000), now })).token;
  };

  test.each([
    ["active: false by PATCH", (scim: ScimClient, id: string) => scim.patch(`/Users/${id}`, { op: "Replace", path: "active", value: "False" })],
    ["active: false by PUT", (scim: ScimClient, id: string) => scim.ask("PUT", `/Users/${id}`, { userName: `leaver-${id}@corp.example`, active: false })],
    ["DELETE", (scim: ScimClient, id: string) => scim.ask("DELETE", `/Users/${id}`)],
  ])("by %s loses every session and token at once, and cannot sign in", async (what, leave) => {
    const sub = `leaver-${what.replace(/\W/g, "")}`;
    const id = await bySub.person(`${sub}@corp.example`, { externalId: sub });
    const browser = await arrive(sub);
    const userId = (await idOf(browser)) ?? "";
    const token = await tokenFor(userId);
    expect((await authenticateToken(token)).actor.type).toBe("user");
    expect((await leave(bySub, id)).status).toBeLessThan(300);
    expect([(await actorOf(browser)).type, (await authenticateToken(token)).actor.type]).toEqual(["anonymous", "anonymous"]);
    expect(landed(await arrive(sub))).toMatch(/error=disabled/);
    const [event] = await db().select().from(auditEvents).where(eq(auditEvents.targetId, userId)).orderBy(auditEvents.seq);
    expect(event).toMatchObject({ name: "user.create", actorType: "connection", actorLabel: "By sub" });
    const events = await db().select().from(auditEvents).where(eq(auditEvents.targetId, userId));
    expect(events.find((one) => one.name === "user.disable")).toMatchObject({ actorLabel: "By sub", detail: { disabled: true, value: "active: false", sessions: 1, tokens: 1 } });
  });

  test("before they ever signed in cannot sign in either", async () => {
    for (const [sub, leave] of [
      ["never-1", (id: string) => bySub.patch(`/Users/${id}`, { op: "replace", value: { active: false } })],
      ["never-2", (id: string) => bySub.ask("DELETE", `/Users/${id}`)],
    ] as const) {
      await leave(await bySub.person(`${sub}@corp.example`, { externalId: sub }));
      const browser = await arrive(sub);
      expect(landed(browser)).toMatch(/error=disabled/);
      expect(await accountOf(sub)).toBeUndefined();
    }
  });

  test("was deleted and is let in by hand may sign in: there may be somebody new of the same name", async () => {
    await bySub.ask("DELETE", `/Users/${await bySub.person("recycled@corp.example", { externalId: "00u-recycled" })}`);
    const [account] = await accountsNamed("recycled");
    expect(landed(await arrive("00u-recycled"))).toMatch(/error=disabled/);
    await disablePerson(pat, { id: account?.id ?? "", disabled: false });
    expect(await idOf(await arrive("00u-recycled"))).toBe(account?.id);
  });

  test("and comes back signs in again, to the same account; old sessions and tokens stay ended", async () => {
    const id = await bySub.person("back@corp.example", { externalId: "00u-back" });
    const before = await arrive("00u-back");
    const token = await tokenFor((await idOf(before)) ?? "");
    await bySub.patch(`/Users/${id}`, { op: "replace", path: "active", value: false });
    await bySub.patch(`/Users/${id}`, { op: "replace", path: "active", value: true });
    expect([(await actorOf(before)).type, (await authenticateToken(token)).actor.type]).toEqual(["anonymous", "anonymous"]);
    expect((await actorOf(await arrive("00u-back"))).type).toBe("user");
    await bySub.ask("DELETE", `/Users/${id}`);
    await bySub.person("back@corp.example", { externalId: "00u-back" });
    expect((await actorOf(await arrive("00u-back"))).type).toBe("user");
    expect(await accountsNamed("back")).toHaveLength(1);
  });

  test("and is hired again under a connection that goes by addresses has the same account", async () => {
    const id = await byMail.person("again@corp.example");
    const known = await idOf(await arrive("sub-again", { email: "again@corp.example" }));
    await byMail.ask("DELETE", `/Users/${id}`);
    expect(landed(await arrive("sub-again", { email: "again@corp.example" }))).toMatch(/error=disabled/);
    await byMail.person("again@corp.example");
    expect(await idOf(await arrive("sub-again", { email: "again@corp.example" }))).toBe(known);
  });

  test("was disabled by hand before is not let in by a push", async () => {
    const browser = await arrive("00u-banned");
    const userId = (await idOf(browser)) ?? "";
    await disablePerson(pat, { id: userId, disabled: true });
    const id = await bySub.person("banned@corp.example", { externalId: "00u-banned" });
    expect((await bySub.get(`/Users/${id}`)).body.active).toBe(false);
    await bySub.patch(`/Users/${id}`, { op: "replace", path: "active", value: true });
    expect(landed(await arrive("00u-banned"))).toMatch(/error=disabled/);
    await disablePerson(pat, { id: userId, disabled: false });
    expect((await actorOf(await arrive("00u-banned"))).type).toBe("user");
  });
});

describe("what a connection manages", () => {
  test("cannot be changed by hand, and the refusal says where it can", async () => {
    const id = await bySub.person("managed@corp.example", { externalId: "00u-managed", displayName: "Man Aged" });
    const [account] = await accountsNamed("managed");
    const userId = account?.id ?? "";
    const refused = await disablePerson(pat, { id: userId, disabled: true }).catch((error: unknown) => error);
    expect(refused).toMatchObject({ code: "conflict", message: expect.stringContaining('"By sub"') });
    await bySub.patch(`/Users/${id}`, { op: "replace", path: "active", value: false });
    expect(await outcome(disablePerson(pat, { id: userId, disabled: false }))).toBe("conflict");
    await bySub.patch(`/Users/${id}`, { op: "replace", path: "active", value: true });
    const group = await bySub.group("team-a", [id]);
    const stuck = await removeMember(pat, { team: "a", user: userId }).catch((error: unknown) => error);
    expect(stuck).toMatchObject({ code: "conflict", message: expect.stringContaining("By sub") });
    expect((await listMembers(pat, { team: "a" })).items.find((member) => member.userId === userId)).toMatchObject({ source: "idp", pushedBy: "By sub" });
    await setMember(pat, { team: "b", user: userId });
    expect(await outcome(removeMember(pat, { team: "b", user: userId }))).toBe("done");
    await bySub.ask("DELETE", `/Groups/${group}`);
  });

  test("counts at a sign-in in place of the groups claim, once it pushes groups", async () => {
    const id = await byMail.person("grouped@corp.example");
    const teamsOf = async (browser: Browser) => {
      const actor = await actorOf(browser);
      return actor.type === "user" ? actor.teams.map((team) => team.name).sort() : [];
    };
    expect(await teamsOf(await arrive("sub-grouped", { email: "grouped@corp.example", groups: ["team-a"] }))).toEqual(["a"]);
    const group = await byMail.group("team-b", [id]);
    expect(await teamsOf(await arrive("sub-grouped", { email: "grouped@corp.example", groups: ["team-a"] }))).toEqual(["b"]);
    await byMail.ask("DELETE", `/Groups/${group}`);
    expect(await teamsOf(await arrive("sub-grouped", { email: "grouped@corp.example", groups: ["team-a"] }))).toEqual(["a"]);
  });
});
