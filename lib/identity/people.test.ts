import { and, eq } from "drizzle-orm";
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { db } from "@/db/client";
import { auditEvents, memberships, users } from "@/db/schema";
import { authenticateSession } from "@/lib/core/auth/authenticate";
import { useOwnDatabase } from "@/tests/setup/own-database";
import { aPerson, aTeam, outcome, type SignedIn, signedIn } from "@/tests/setup/people";
import { createTeam, disablePerson, editTeam, removeMember, replaceRules, setMember, setRole } from "./mutations";
import { getPerson, listMembers, listPeople, listRules, listTeams, previewRules } from "./queries";

useOwnDatabase();
const ids: Record<string, string> = {};
let ada: SignedIn;
let olga: SignedIn;
let max: SignedIn;
let pat: SignedIn;

const idOf = (handle: string) => ids[handle] ?? "usr_missing";

beforeAll(async () => {
  await aTeam("commerce");
  await aTeam("checkout", "commerce");
  await aTeam("search", "commerce");
  await aTeam("platform");
  ids.ada = await aPerson("ada", { teams: { checkout: "member" } });
  ids.bo = await aPerson("bo", { teams: { search: "member" } });
  ids.olga = await aPerson("olga", { teams: { checkout: "owner" } });
  ids.max = await aPerson("max", { role: "manager", teams: { commerce: "member" } });
  ids.pat = await aPerson("pat", { role: "platform-admin", teams: { platform: "member" } });
});

beforeEach(async () => {
  [ada, olga, max, pat] = [await signedIn(idOf("ada")), await signedIn(idOf("olga")), await signedIn(idOf("max")), await signedIn(idOf("pat"))];
});

const roleOf = async (handle: string) => (await db().select({ role: users.role }).from(users).where(eq(users.handle, handle)))[0]?.role;
const membershipOf = async (handle: string, team: string) =>
  (
    await db()
      .select()
      .from(memberships)
      .where(and(eq(memberships.userId, idOf(handle)), eq(memberships.teamId, `tea_${team}`)))
  )[0]?.membership ?? null;

describe("roles", () => {
  test("are a platform admin's to give; the person's sessions end and the change is audited", async () => {
    const id = await aPerson("riser");
    const riser = await signedIn(id);
    for (const ctx of [ada, olga, max]) expect(await outcome(setRole(ctx, { id, role: "platform-admin" }))).toBe("forbidden");
    await setRole(pat, { id, role: "manager" });
    expect(await roleOf("riser")).toBe("manager");
    expect((await authenticateSession(riser.cookie)).actor.type).toBe("anonymous");
    const [event] = await db()
      .select()
      .from(auditEvents)
      .where(and(eq(auditEvents.name, "user.set-role"), eq(auditEvents.result, "done")));
    expect(event).toMatchObject({ actorLabel: "pat", targetLabel: "riser", detail: { from: "engineer", to: "manager" } });
    expect(await db().$count(auditEvents, and(eq(auditEvents.name, "user.set-role"), eq(auditEvents.result, "refused")))).toBe(3);
  });

  test("need a sign-in of the last ten minutes", async () => {
    const id = await aPerson("waiting");
    const stale = await signedIn(idOf("pat"), 11);
    const refused = await setRole(stale, { id, role: "manager" }).catch((error: unknown) => error);
    expect(refused).toMatchObject({ code: "forbidden", fields: [{ path: "session" }] });
    expect(await roleOf("waiting")).toBe("engineer");
    expect(await outcome(replaceRules(stale, { rules: [] }))).toBe("forbidden");
    expect(await outcome(setRole(await signedIn(idOf("pat"), 9), { id, role: "manager" }))).toBe("done");
  });

  test("the last platform admin stays, by role and by account", async () => {
    expect(await outcome(setRole(pat, { id: idOf("pat"), role: "engineer" }))).toBe("conflict");
    expect(await outcome(disablePerson(pat, { id: idOf("pat"), disabled: true }))).toBe("conflict");
    expect(await roleOf("pat")).toBe("platform-admin");
  });

  test("two admins who remove each other at the same moment leave one", async () => {
    const other = await aPerson("other-admin", { role: "platform-admin" });
    const second = await signedIn(other);
    const answers = await Promise.all([outcome(setRole(pat, { id: other, role: "engineer" })), outcome(setRole(second, { id: idOf("pat"), role: "engineer" }))]);
    expect(answers.sort()).toEqual(["conflict", "done"]);
    expect(await db().$count(users, eq(users.role, "platform-admin"))).toBe(1);
    await db().update(users).set({ role: "platform-admin" }).where(eq(users.handle, "pat"));
    await db().update(users).set({ role: "engineer" }).where(eq(users.handle, "other-admin"));
  });

  test("of somebody who does not exist", async () => {
    expect(await outcome(setRole(pat, { id: "usr_nobody", role: "manager" }))).toBe("not_found");
  });
});

test("disabling somebody ends what they have at once; enabling lets them sign in again, not more", async () => {
  const id = await aPerson("leaver");
  const leaver = await signedIn(id);
  await disablePerson(pat, { id, disabled: true });
  expect((await authenticateSession(leaver.cookie)).actor.type).toBe("anonymous");
  await disablePerson(pat, { id, disabled: false });
  expect((await authenticateSession(leaver.cookie)).actor.type).toBe("anonymous");
  expect((await authenticateSession((await signedIn(id)).cookie)).actor.type).toBe("user");
});

describe("members of a team", () => {
  test("are managed by its owner, the manager of its division and admins, and by nobody else", async () => {
    const allowed = { owner: olga, manager: max, admin: pat };
    for (const [who, ctx] of Object.entries(allowed)) {
      expect(await outcome(setMember(ctx, { team: "checkout", user: "bo", membership: "member" })), who).toBe("done");
      expect(await membershipOf("bo", "checkout")).toBe("member");
      expect(await outcome(removeMember(ctx, { team: "group:default/checkout", user: idOf("bo") })), who).toBe("done");
      expect(await membershipOf("bo", "checkout")).toBeNull();
    }
    for (const [ctx, team] of [
      [ada, "checkout"],
      [olga, "search"],
      [max, "platform"],
      [{ ...ada, actor: { type: "anonymous" } as const }, "checkout"],
    ] as const) {
      expect(["forbidden", "unauthenticated"]).toContain(await outcome(setMember(ctx, { team, user: "bo", membership: "owner" })));
      expect(["forbidden", "unauthenticated"]).toContain(await outcome(removeMember(ctx, { team, user: "bo" })));
    }
    expect(await membershipOf("bo", "search")).toBe("member");
  });

  test("are named by short name, id, subject or verified address, never by one that anybody could claim", async () => {
    ids.mallory = await aPerson("mallory", { email: "ceo@corp.example", emailVerified: false });
    expect(await outcome(setMember(olga, { team: "checkout", user: "ceo@corp.example" }))).toBe("invalid");
    ids.trap = await aPerson("trap", { email: "bo" });
    await setMember(olga, { team: "checkout", user: "bo" });
    expect([await membershipOf("bo", "checkout"), await membershipOf("trap", "checkout")]).toEqual(["member", null]);
    await setMember(olga, { team: "checkout", user: "BO@example.com", membership: "owner" });
    expect(await membershipOf("bo", "checkout")).toBe("owner");
    await removeMember(olga, { team: "checkout", user: "sub-bo" });
    expect(await membershipOf("bo", "checkout")).toBeNull();
    for (const user of ["nobody", "", " ", "%", "x".repeat(300)]) expect(await outcome(setMember(olga, { team: "checkout", user }))).toBe("invalid");
  });

  test("of a team that does not exist", async () => {
    expect(await outcome(setMember(pat, { team: "nowhere", user: "bo" }))).toBe("not_found");
    expect(await outcome(listMembers(ada, { team: "nowhere" }))).toBe("not_found");
  });
});

describe("teams", () => {
  test("are made and changed by admins; names are taken once and cannot be anything", async () => {
    expect(await outcome(createTeam(olga, { name: "mine", title: "Mine" }))).toBe("forbidden");
    const made = await createTeam(pat, { name: "billing", title: "Billing", parent: "commerce" });
    expect(made).toMatchObject({ ref: "group:default/billing" });
    expect(await outcome(createTeam(pat, { name: "billing", title: "Again" }))).toBe("conflict");
    for (const name of ["", "-x", "A", "a b", "../x", "é", "x".repeat(41), "1a"]) expect(await outcome(createTeam(pat, { name, title: "T" })), name).toBe("invalid");
    expect((await listTeams(ada, {})).items.find((team) => team.name === "billing")).toMatchObject({ parent: "commerce", members: 0 });
    await editTeam(pat, { team: "billing", title: "Bills", parent: null });
    expect((await listTeams(ada, {})).items.find((team) => team.name === "billing")).toMatchObject({ title: "Bills", parent: null });
  });

  test("never become a part of themselves", async () => {
    expect(await outcome(editTeam(pat, { team: "commerce", parent: "commerce" }))).toBe("invalid");
    expect(await outcome(editTeam(pat, { team: "commerce", parent: "checkout" }))).toBe("invalid");
  });
});

describe("the list of people", () => {
  test("is for admins, by name, in pages that miss nobody", async () => {
    for (const ctx of [ada, olga, max]) expect(await outcome(listPeople(ctx, {}))).toBe("forbidden");
    for (let i = 0; i < 25; i++) await aPerson(`crowd-${String(i).padStart(2, "0")}`);
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const page: Awaited<ReturnType<typeof listPeople>> = await listPeople(pat, { q: "crowd", limit: 10, ...(cursor ? { cursor } : {}) });
      expect(page.total).toBe(25);
      seen.push(...page.items.map((person) => person.handle));
      cursor = page.nextCursor;
    } while (cursor);
    expect(seen).toEqual([...seen].sort());
    expect(new Set(seen).size).toBe(25);
  });

  test("takes signs of patterns as they are", async () => {
    for (const q of ["%", "_", "\\", "'"]) expect((await listPeople(pat, { q })).total).toBe(0);
    expect((await getPerson(pat, { id: idOf("olga") })).teams).toMatchObject([{ name: "checkout", membership: "owner" }]);
  });
});

describe("rules", () => {
  const rule = { match: "exact" as const, value: "g", role: null, team: "checkout", membership: null };

  test("are replaced as a whole, in order, by admins", async () => {
    expect(await outcome(replaceRules(max, { rules: [] }))).toBe("forbidden");
    expect(await outcome(listRules(max, {}))).toBe("forbidden");
    await replaceRules(pat, {
      rules: [
        { ...rule, value: "one" },
        { ...rule, value: "two", membership: "owner" },
      ],
    });
    expect((await listRules(pat, {})).items.map(({ value, membership }) => [value, membership])).toEqual([
      ["one", "member"],
      ["two", "owner"],
    ]);
  });

  test.each([
    ["gives nothing", { ...rule, team: null }],
    ["makes admins by a prefix", { ...rule, match: "prefix" as const, role: "platform-admin" as const }],
    ["names a team that is not there", { ...rule, team: "nowhere" }],
  ])("a list with one that %s is refused whole, at its line", async (_what, bad) => {
    const before = await listRules(pat, {});
    const refused = await replaceRules(pat, { rules: [rule, bad] }).catch((error: unknown) => error);
    expect(refused).toMatchObject({ code: "invalid", fields: [{ path: "rules.1" }] });
    expect(await listRules(pat, {})).toEqual(before);
  });

  test("can be tried on groups before they are saved", async () => {
    const preview = await previewRules(pat, { groups: ["g", "h", "boss"], rules: [rule, { ...rule, value: "boss", team: null, role: "manager" }] });
    expect(preview).toEqual({ role: { value: "manager", from: "boss" }, teams: [{ team: "checkout", membership: "member", from: "g" }], unused: ["h"] });
  });
});
