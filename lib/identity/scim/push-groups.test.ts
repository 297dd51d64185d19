import { and, eq } from "drizzle-orm";
import { beforeAll, describe, expect, test } from "vitest";
import { db } from "@/db/client";
import { auditEvents, memberships, roleRules, scimPeople, users } from "@/db/schema";
import { authenticateSession } from "@/lib/core/auth/authenticate";
import { setMember, setRole } from "@/lib/identity/mutations";
import { useOwnDatabase } from "@/tests/setup/own-database";
import { aPerson, aTeam, type SignedIn, signedIn } from "@/tests/setup/people";
import { aConnection, type ScimClient } from "@/tests/setup/scim-client";

useOwnDatabase();
let pat: SignedIn;
let scim: ScimClient;

beforeAll(async () => {
  for (const name of ["a", "b", "hand"]) await aTeam(name);
  const rule = { match: "exact" as const };
  await db()
    .insert(roleRules)
    .values([
      { id: "rul_1", position: 0, ...rule, value: "admins", role: "platform-admin" },
      { id: "rul_2", position: 1, match: "prefix", value: "root-", role: "platform-admin" },
      { id: "rul_3", position: 2, ...rule, value: "managers", role: "manager" },
      { id: "rul_4", position: 3, ...rule, value: "team-a", teamId: "tea_a", membership: "member" },
      { id: "rul_5", position: 4, match: "prefix", value: "team-b", teamId: "tea_b", membership: "owner" },
      { id: "rul_6", position: 5, ...rule, value: "8d0b-guid", teamId: "tea_b", membership: "member" },
    ]);
  pat = await signedIn(await aPerson("pat", { role: "platform-admin" }));
  scim = await aConnection(pat, "Okta");
});

const accountOf = async (personId: string) => {
  const [row] = await db().select({ account: users }).from(scimPeople).innerJoin(users, eq(users.id, scimPeople.userId)).where(eq(scimPeople.id, personId));
  if (!row) throw new Error("no account");
  return row.account;
};
const teamsOf = async (personId: string) => {
  const { id } = await accountOf(personId);
  const rows = await db().select().from(memberships).where(eq(memberships.userId, id));
  return Object.fromEntries(rows.map((row) => [row.teamId.slice(4), `${row.membership} ${row.source}`]));
};
const inGroup = (id: string) => ({ op: "add", path: "members", value: [{ value: id }] });
const outOf = (id: string) => ({ op: "remove", path: `members[value eq "${id}"]` });

describe("pushed groups", () => {
  test("become teams and roles by the same rules as claims; what was given by hand stays", async () => {
    const id = await scim.person("mover@corp.example");
    const [a, b, managers] = [await scim.group("team-a"), await scim.group("team-b-x"), await scim.group("managers")];
    await scim.patch(`/Groups/${a}`, inGroup(id));
    expect(await teamsOf(id)).toEqual({ a: "member idp" });
    await setMember(pat, { team: "hand", user: (await accountOf(id)).id, membership: "owner" });
    await scim.patch(`/Groups/${b}`, inGroup(id));
    await scim.patch(`/Groups/${managers}`, inGroup(id));
    expect(await teamsOf(id)).toEqual({ a: "member idp", b: "owner idp", hand: "owner manual" });
    expect((await accountOf(id)).role).toBe("manager");
    await scim.patch(`/Groups/${a}`, outOf(id));
    await scim.patch(`/Groups/${managers}`, outOf(id));
    expect(await teamsOf(id)).toEqual({ b: "owner idp", hand: "owner manual" });
    expect((await accountOf(id)).role).toBe("engineer");
    await scim.patch(`/Groups/${b}`, { op: "replace", path: "displayName", value: "nothing to us" });
    expect(await teamsOf(id)).toEqual({ hand: "owner manual" });
    await scim.patch(`/Groups/${b}`, { op: "replace", path: "displayName", value: "team-b-x" });
    expect(await teamsOf(id)).toEqual({ b: "owner idp", hand: "owner manual" });
    for (const group of [a, b, managers]) await scim.ask("DELETE", `/Groups/${group}`);
    expect(await teamsOf(id)).toEqual({ hand: "owner manual" });
  });

  test("a role that was given by hand stays", async () => {
    const id = await scim.person("handmade@corp.example");
    await setRole(pat, { id: (await accountOf(id)).id, role: "manager" });
    const group = await scim.group("team-a-x", [id]);
    await scim.patch(`/Groups/${group}`, outOf(id));
    expect((await accountOf(id)).role).toBe("manager");
  });

  test("are audited with the connection as actor and the group that caused it", async () => {
    const id = await scim.person("audited@corp.example");
    const group = await scim.group("team-b-audited", [id]);
    await scim.patch(`/Groups/${group}`, outOf(id));
    const { id: userId } = await accountOf(id);
    const events = await db().select().from(auditEvents).where(eq(auditEvents.targetId, userId)).orderBy(auditEvents.seq);
    expect(events.map((event) => [event.name, event.actorType, event.actorId, event.teamId, event.detail])).toEqual([
      ["user.create", "connection", scim.connectionId, null, { userName: "audited@corp.example", externalId: null }],
      ["scim-person.push", "connection", scim.connectionId, null, { scimId: id, userName: "audited@corp.example", externalId: null, active: true, account: "new" }],
      ["team.add-member", "connection", scim.connectionId, "tea_b", { membership: "owner", claim: "team-b-audited" }],
      ["team.remove-member", "connection", scim.connectionId, "tea_b", { source: "idp" }],
    ]);
    const pushed = await db().select().from(auditEvents).where(eq(auditEvents.targetId, group)).orderBy(auditEvents.seq);
    expect(pushed.map((event) => [event.name, event.detail])).toEqual([
      ["scim-group.push", { displayName: "team-b-audited", externalId: null, added: 1, addedMembers: [id] }],
      ["scim-group.push", { removed: 1, removedMembers: [id] }],
    ]);
    expect(pushed[0]?.tokenId).toMatch(/^tok_/);
  });

  test("go by their own id where the connection says so: a name is then worth nothing", async () => {
    const entra = await aConnection(pat, "Entra", { recognise: "oid", groupKey: "externalId" });
    const id = await entra.person("guid@corp.example", { externalId: "o-1" });
    await entra.group("admins", [id], { externalId: "guid-of-somebody's" });
    await entra.group("Sales Norway", [id], { externalId: "8d0b-guid" });
    expect((await accountOf(id)).role).toBe("engineer");
    expect(await teamsOf(id)).toEqual({ b: "member idp" });
  });

  test("make platform admins only by an exact value, and a changed role begins with a new sign-in", async () => {
    const id = await scim.person("boss@corp.example");
    const { id: userId } = await accountOf(id);
    const session = await signedIn(userId);
    await scim.group("root-everything", [id]);
    expect((await accountOf(id)).role).toBe("engineer");
    const admins = await scim.group("admins", [id]);
    expect((await accountOf(id)).role).toBe("platform-admin");
    expect((await authenticateSession(session.cookie)).actor.type).toBe("anonymous");
    await scim.patch(`/Groups/${admins}`, outOf(id));
    expect((await accountOf(id)).role).toBe("engineer");
    await scim.ask("DELETE", `/Groups/${admins}`);
  });
});

describe("the last platform admin", () => {
  test("is never taken away: not by a group, not by active, not by DELETE, and nothing of such a request is done", async () => {
    const [boss, other] = [await scim.person("last@corp.example"), await scim.person("bystander@corp.example")];
    const admins = await scim.group("admins", [boss]);
    const aTeamGroup = await scim.group("team-a-2");
    const { id } = await accountOf(boss);
    await db().update(users).set({ issuer: "https://issuer.example", subject: "sub-last" }).where(eq(users.id, id));
    await db().update(users).set({ role: "engineer" }).where(eq(users.id, pat.actor.id));
    for (const refused of [
      await scim.patch(`/Groups/${admins}`, { op: "replace", path: "members", value: [{ value: other }] }),
      await scim.patch(`/Groups/${admins}`, { op: "replace", path: "displayName", value: "others" }),
      await scim.ask("DELETE", `/Groups/${admins}`),
      await scim.patch(`/Users/${boss}`, { op: "replace", value: { active: false } }),
      await scim.ask("DELETE", `/Users/${boss}`),
    ]) {
      expect(refused.status).toBe(409);
      expect(refused.body.detail).toMatch(/last platform admin.*Make somebody else platform admin/);
    }
    expect(await scim.members(admins)).toEqual([boss]);
    expect((await accountOf(boss)).role).toBe("platform-admin");
    expect((await accountOf(other)).role).toBe("engineer");
    // Somebody who never signed in is no help: they may never come.
    await scim.patch(`/Groups/${admins}`, inGroup(other));
    expect((await accountOf(other)).role).toBe("platform-admin");
    expect((await scim.patch(`/Users/${boss}`, { op: "replace", value: { active: false } })).status).toBe(409);
    await db().update(users).set({ role: "platform-admin" }).where(eq(users.id, pat.actor.id));
    expect((await scim.patch(`/Users/${boss}`, { op: "replace", value: { active: false } })).status).toBe(200);
    await scim.ask("DELETE", `/Groups/${aTeamGroup}`);
  });
});

test("two groups pushed at the same moment leave a person in both teams", async () => {
  const id = await scim.person("twice@corp.example");
  const [a, b] = [await scim.group("team-a"), await scim.group("team-b-9")];
  const answers = await Promise.all([scim.patch(`/Groups/${a}`, inGroup(id)), scim.patch(`/Groups/${b}`, inGroup(id))]);
  expect(answers.map((answer) => answer.status)).toEqual([204, 204]);
  expect(await teamsOf(id)).toEqual({ a: "member idp", b: "owner idp" });
  await scim.ask("DELETE", `/Groups/${a}`);
});

test("a group of 5,000 is filled and emptied in one request each", async () => {
  const big = await aConnection(pat, "Big");
  const people = await db()
    .insert(users)
    .values(Array.from({ length: 5_000 }, (_, n) => ({ id: `usr_big${n}`, issuer: "https://issuer.example", subject: `big-${n}`, handle: `big-${n}`, name: `Big ${n}` })))
    .returning({ id: users.id });
  const pushed = people.map(({ id }, n) => ({ id: `scp_big${n}`, connectionId: big.connectionId, userId: id, userName: `big-${n}@corp.example`, isActive: true, attributes: {} }));
  for (let from = 0; from < pushed.length; from += 2_500)
    await db()
      .insert(scimPeople)
      .values(pushed.slice(from, from + 2_500));
  const group = await big.group("team-a");
  const all = pushed.map(({ id }) => ({ value: id, display: "A person with a name" }));
  const began = performance.now();
  expect((await big.patch(`/Groups/${group}`, { op: "Add", path: "members", value: all })).status).toBe(204);
  const tookMs = performance.now() - began;
  expect((await big.get(`/Groups/${group}`)).body.members).toHaveLength(5_000);
  expect(await db().$count(memberships, and(eq(memberships.teamId, "tea_a"), eq(memberships.source, "idp")))).toBe(5_000);
  expect((await big.patch(`/Groups/${group}`, ...all.map(({ value }) => ({ op: "remove", path: `members[value eq "${value}"]` })))).status).toBe(204);
  expect(await db().$count(memberships, and(eq(memberships.teamId, "tea_a"), eq(memberships.source, "idp")))).toBe(0);
  expect(tookMs).toBeLessThan(60_000);
});
